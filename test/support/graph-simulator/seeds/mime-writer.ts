import { createCipheriv } from 'node:crypto'

export interface MailHeader {
  readonly from: string
  readonly to: string
  readonly subject: string
  /** Seconds since 1970. */
  readonly date: number
  readonly messageId: string
}

/** Header lines up to, not including, the MIME ones. */
export function mailHeader(header: MailHeader): string {
  return [
    `From: ${header.from}`,
    `To: ${header.to}`,
    `Subject: ${header.subject}`,
    `Date: ${new Date(header.date * 1000).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: ${header.messageId}`,
    '',
  ].join('\r\n')
}

/** One MIME part with its headers, base64 encoded. */
export function part(
  contentType: string,
  content: Buffer,
  more: { readonly disposition?: string; readonly contentId?: string } = {},
): Buffer {
  const lines = [
    `Content-Type: ${contentType}`,
    'Content-Transfer-Encoding: base64',
    ...(more.disposition === undefined ? [] : [`Content-Disposition: ${more.disposition}`]),
    ...(more.contentId === undefined ? [] : [`Content-ID: <${more.contentId}>`]),
    '',
    '',
  ]
  return Buffer.concat([Buffer.from(lines.join('\r\n')), base64Lines(content)])
}

const bytesPerLine = 57

function base64Lines(content: Buffer): Buffer {
  const lines: string[] = []
  for (let at = 0; at < content.length; at += bytesPerLine) {
    lines.push(content.subarray(at, at + bytesPerLine).toString('base64'))
  }
  return Buffer.from(lines.join('\r\n') + '\r\n', 'latin1')
}

export function multipart(kind: string, boundary: string, parts: readonly Buffer[]): Buffer {
  const line = `----=_simulator_${boundary}`
  const head = Buffer.from(`MIME-Version: 1.0\r\nContent-Type: multipart/${kind}; boundary="${line}"\r\n\r\n`)
  const inner = parts.flatMap((bytes) => [Buffer.from(`--${line}\r\n`), bytes, Buffer.from('\r\n')])
  return Buffer.concat([head, ...inner, Buffer.from(`--${line}--\r\n`)])
}

/** Bytes that do not compress and depend on the seed alone. */
export function filler(size: number, seed: number): Buffer {
  const key = Buffer.alloc(16)
  key.writeUInt32BE(seed >>> 0)
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size))
}
