import { extensionOf } from './media-types.ts'

const names = (
  'txt text log md markdown csv tsv json jsonl xml yaml yml toml ini cfg conf properties env html htm css scss less svg ' +
  'js mjs cjs ts mts cts jsx tsx vue svelte py rb php pl pm lua sh bash zsh ps1 psm1 bat cmd c h cc cpp hpp cs java kt ' +
  'kts scala go rs swift m r sql vb vbs fs fsx clj ex exs erl hs ml dart groovy gradle tex bib rst adoc srt vtt ics vcf ' +
  'eml diff patch gitignore editorconfig reg inf url rtf'
).split(' ')
const textNames: ReadonlySet<string> = new Set(names)

/**
 * Whether a file can be read as text: none of its first bytes is one that texts do not have. `isCut`: there are more.
 */
export function isText(start: Uint8Array, name: string, isCut = false): boolean {
  if (utf16Of(start) !== undefined) return true
  if (start.includes(0)) return false
  if (start.length === 0) return textNames.has(extensionOf(name))
  return textNames.has(extensionOf(name)) || isUtf8(start, isCut)
}

/** The text of the beginning of a file: UTF-8 or UTF-16 as its bytes say, otherwise Windows' Western encoding. */
export function decodedText(start: Uint8Array, isCut = false): string {
  const utf16 = utf16Of(start)
  if (utf16 !== undefined) return new TextDecoder(utf16).decode(start.subarray(0, start.length & ~1))
  if (!isUtf8(start, isCut)) return new TextDecoder('windows-1252').decode(start)
  return new TextDecoder('utf-8').decode(isCut ? wholeUtf8(start) : start)
}

function utf16Of(start: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  return plainUtf16(start)
}

/** Without a mark: in Western text every second byte is 0. */
function plainUtf16(start: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const looked = Math.min(start.length & ~1, 512)
  if (looked < 4) return undefined
  const zeros = [0, 0]
  for (let at = 0; at < looked; at++) if (start[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  const most = looked / 2
  if (odd > most * 0.9 && even === 0) return 'utf-16le'
  return even > most * 0.9 && odd === 0 ? 'utf-16be' : undefined
}

function isUtf8(start: Uint8Array, isCut: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(isCut ? wholeUtf8(start) : start)
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

/** Without a character that the cut has halved. */
function wholeUtf8(start: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(3, start.length); back++) {
    const byte = start[start.length - back] ?? 0
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : byte < 0x80 ? 1 : 0
    if (length !== 0) return length > back ? start.subarray(0, start.length - back) : start
  }
  return start
}
