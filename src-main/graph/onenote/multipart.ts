import { randomUUID } from 'node:crypto'

export interface MultipartPart {
  /** Letters and digits. */
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array
}

/** A multipart/form-data body as OneNote takes it, with its content type. https://learn.microsoft.com/graph/onenote-create-page */
export function multipart(parts: readonly MultipartPart[]): {
  readonly contentType: string
  readonly body: Uint8Array
} {
  const boundary = `holdfast-${randomUUID()}`
  const pieces = parts.flatMap(({ name, type, bytes }) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: ${mediaType(type)}\r\n\r\n`,
    ),
    bytes,
    Buffer.from('\r\n'),
  ])
  const body = Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)])
  return { contentType: `multipart/form-data; boundary=${boundary}`, body }
}

/** What was stored as a media type comes from outside, and must not become a header line. */
function mediaType(type: string): string {
  return /^[\w.+-]+\/[\w.+-]+(; ?charset=[\w-]+)?$/.test(type) ? type : 'application/octet-stream'
}
