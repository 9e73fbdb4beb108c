import { createCipheriv, createHash } from 'node:crypto'
import { cutContent } from '../../../../src-main/engine/chunking/cut.ts'
import { gearTable, type GearTable } from '../../../../src-main/engine/chunking/gear.ts'

export const KIB = 1 << 10
export const MIB = 1 << 20
export const table: GearTable = gearTable('3da3358b4dc173')

/** Bytes without any pattern, the same for the same seed. */
export function noise(length: number, seed: string): Buffer {
  const key = createHash('sha256').update(seed).digest()
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length))
}

/** Start and end of each blob. */
export function cutsOf(bytes: Uint8Array, mime: boolean, gear = table): [number, number][] {
  const cuts: [number, number][] = []
  cutContent(bytes, mime, gear, (start, end) => cuts.push([start, end]))
  return cuts
}

/** The blobs' hashes. */
export function blobsOf(bytes: Uint8Array, mime: boolean): string[] {
  return cutsOf(bytes, mime).map(([start, end]) => sha256(bytes.subarray(start, end)))
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export interface MailPart {
  readonly header: string
  readonly body: string
}

/** A multipart mail; parts may themselves be multipart. Lines are joined as `newline` says. */
export function mail(head: string, parts: readonly MailPart[], newline: string, boundary = 'b1'): Buffer {
  const text = [
    head,
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    '',
    'preamble',
    multipart(parts, boundary),
    '',
  ].join('\n')
  return Buffer.from(text.replaceAll('\n', newline), 'latin1')
}

export function multipart(parts: readonly MailPart[], boundary: string): string {
  return [...parts.map(({ header, body }) => `--${boundary}\n${header}\n\n${body}`), `--${boundary}--`].join('\n')
}

/** A base64 part; lines of 76 characters, without a newline at the end. */
export function attachment(content: Uint8Array, name: string): MailPart {
  const header = `Content-Type: application/octet-stream; name="${name}"\nContent-Transfer-Encoding: base64`
  const lines =
    Buffer.from(content)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  return { header, body: lines.join('\n') }
}

export function textPart(text: string): MailPart {
  return { header: 'Content-Type: text/plain\nContent-Transfer-Encoding: 7bit', body: text }
}
