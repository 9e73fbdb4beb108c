/**
 * The simplest decoder that reads real mail: lines, regular expressions, one part per boundary line, every content both
 * decoded and as it stands. Written apart from the product's, to compare with.
 */
export function plainParts(message: Buffer): readonly Buffer[] {
  const text = message.toString('latin1')
  const boundaries = [...text.matchAll(/boundary\s*=\s*(?:"([^"]+)"|([^\s;"]+))/gi)].map(
    (match) => match[1] ?? match[2],
  )
  const separators = boundaries.map((boundary) => `--${boundary ?? ''}`)
  return split(text, separators).flatMap((part) => contents(part))
}

function split(text: string, separators: readonly string[]): readonly string[] {
  const parts: string[][] = [[]]
  for (const line of text.split('\r\n')) {
    const bare = line.replace(/[ \t]+$/, '')
    if (separators.some((separator) => bare === separator || bare === `${separator}--`)) parts.push([])
    else parts.at(-1)?.push(line)
  }
  return parts.map((lines) => lines.join('\r\n'))
}

function contents(part: string): readonly Buffer[] {
  const end = part.startsWith('\r\n') ? 0 : part.indexOf('\r\n\r\n') + 2
  const header = part.slice(0, end)
  const body = part.slice(end + 2)
  const encoding = /^content-transfer-encoding:\s*"?([\w-]+)/im.exec(header)?.[1]?.toLowerCase()
  return [Buffer.from(body, 'latin1'), decode(body, encoding)]
}

function decode(body: string, encoding: string | undefined): Buffer {
  if (encoding === 'base64') return decodeBits(body)
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1')
  const joined = body
    .replace(/[ \t]+(?=\r\n|$)/g, '')
    .replace(/=\r\n/g, '')
    .replace(/=$/, '')
  const plain = joined.replace(/=([0-9A-Fa-f]{2})/g, (_match, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(plain, 'latin1')
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function decodeBits(body: string): Buffer {
  const bytes: number[] = []
  let bits = 0
  let value = 0
  for (const character of body) {
    const digit = digits.indexOf(character)
    if (digit < 0) continue
    value = (value << 6) | digit
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes.push((value >> bits) & 0xff)
      value &= (1 << bits) - 1
    }
  }
  return Buffer.from(bytes)
}
