import { createCipheriv, createHash } from 'node:crypto'
import { chmodSync, lutimesSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readRealMail, realMailFiles } from '../../support/real-mails.ts'

/** Bytes without any pattern, the same for the same seed. */
function noise(length: number, seed: string): Buffer {
  const key = createHash('sha256').update(seed).digest()
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length))
}

const SIZES = [0, 1, 2, 511, 65_536, 524_287, 524_288, 524_289, 1_048_576, 9_000_001]
const NAMES = [
  'Grüße 日本語 😀 👩‍🚀.eml',
  'decomposed e\u0301 and composed \u00e9',
  'new\nline\ttab',
  'quote"back\\slash\'',
  '-rf *?[x] $HOME',
  ' spaces around ',
  'line\u2028separator',
  'n'.repeat(255),
  '\u{e0001}tag\u00ad',
]
const START = 1_650_000_000

/** Folders and files of all kinds, with thousands of real mails. Everything but names that are no UTF-8. */
export function makeSource(root: string): void {
  let time = START
  const put = (path: string, content: string | Uint8Array, mode = 0o644): void => {
    const place = join(root, path)
    mkdirSync(dirname(place), { recursive: true })
    writeFileSync(place, content)
    chmodSync(place, mode)
    time += 7.654_321
    utimesSync(place, time, time)
  }
  for (const [i, file] of realMailFiles()
    .filter((_, at) => at % 3 === 0)
    .entries())
    put(`users/anna@contoso.example/mailbox/Folder ${i % 9}/2002-${i % 12}/${i}.eml`, readRealMail(file), 0o600)
  for (const size of SIZES) put(`sizes/${size}`, noise(size, String(size)))
  put('sizes/30 MB', Buffer.concat([noise(15_000_000, 'half'), Buffer.alloc(15_000_000, 'compressible ')]))
  put('sizes/zeros', Buffer.alloc(20 << 20))
  put('sizes/twice', Buffer.concat([noise(9_000_001, '9000001'), noise(1000, 'more')]))
  for (const name of NAMES) put(`names/${name}`, name)
  put(`${Array.from({ length: 40 }, (_, i) => `level ${i}`).join('/')}/leaf`, 'deep')
  for (const mode of [0o400, 0o444, 0o600, 0o640, 0o755, 0o777])
    put(`modes/${mode.toString(8)}`, noise(3_000_000, String(mode)), mode)
  mkdirSync(join(root, 'empty folder'), { mode: 0o750 })
}

/** Links, modes of folders, a name that is no UTF-8: what a snapshot by Holdfast does not have. */
export function addUnusual(root: string): void {
  writeFileSync(Buffer.concat([Buffer.from(join(root, 'raw ')), Buffer.of(0xff, 0xfe)]), 'raw name')
  mkdirSync(Buffer.concat([Buffer.from(join(root, 'raw folder ')), Buffer.of(0xe9)]))
  writeFileSync(Buffer.concat([Buffer.from(join(root, 'raw folder ')), Buffer.of(0xe9), Buffer.from('/inside')]), 'in')
  for (const [name, target] of [
    ['link', 'sizes/1'],
    ['dangling', 'nowhere & "else"'],
    ['to folder', 'names'],
  ] as const) {
    symlinkSync(target, join(root, name))
    lutimesSync(join(root, name), START, START + 0.5)
  }
  chmodSync(join(root, 'names'), 0o755)
  chmodSync(join(root, 'modes'), 0o711)
}

/** Some files change, go and come. */
export function changeSource(root: string, round: number): void {
  rmSync(join(root, 'users/anna@contoso.example/mailbox', `Folder ${round}`), { recursive: true })
  writeFileSync(join(root, 'sizes/65536'), noise(65_536, `round ${round}`))
  writeFileSync(join(root, 'sizes/30 MB'), Buffer.concat([Buffer.from(`round ${round}`), noise(15_000_000, 'half')]))
  mkdirSync(join(root, `new ${round}`))
  writeFileSync(join(root, `new ${round}/file`), `made in round ${round}`)
}
