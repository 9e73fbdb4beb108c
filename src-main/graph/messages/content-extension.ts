/** First bytes of files, and what such files are called. */
const signatures: readonly (readonly [extension: string, at: number, bytes: string])[] = [
  ['png', 0, '\x89PNG'],
  ['jpg', 0, '\xff\xd8\xff'],
  ['gif', 0, 'GIF8'],
  ['webp', 8, 'WEBP'],
  ['bmp', 0, 'BM'],
  ['mp4', 4, 'ftyp'],
  ['pdf', 0, '%PDF'],
]

/** Extension for a picture or text by its content, without the dot; "bin" for what is neither. */
export function extensionOf(bytes: Buffer): string {
  const known = signatures.find(([, at, begin]) => bytes.toString('latin1', at, at + begin.length) === begin)
  if (known !== undefined) return known[0]
  return isText(bytes.subarray(0, 4096)) ? 'txt' : 'bin'
}

function isText(bytes: Buffer): boolean {
  if (bytes.length === 0 || bytes.includes(0)) return false
  // The last character may have been cut.
  const text = bytes.toString('utf8').replace(/\ufffd$/u, '')
  return !text.includes('\ufffd')
}
