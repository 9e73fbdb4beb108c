import type { JsonObject } from '../../engine/model/json.ts'
import { cleanText } from './clean-text.ts'

export interface AttachmentFacts {
  readonly name: string
  /** Media type, parameters are left out; Exchange guesses one from the name if undefined. */
  readonly contentType: string | undefined
  readonly isInline: boolean
  /** Without angle brackets. */
  readonly contentId: string | undefined
}

/** A file to be put on a message or an event. */
export interface AttachmentFile extends AttachmentFacts {
  /** Bytes. */
  readonly size: number
  /** The bytes from `from` up to, not including, `to`. */
  read(from: number, to: number, signal: AbortSignal): Promise<Uint8Array>
}

export function fileInMemory(file: AttachmentFacts & { readonly bytes: Uint8Array }): AttachmentFile {
  const { name, contentType, isInline, contentId, bytes } = file
  const read = (from: number, to: number): Promise<Uint8Array> => Promise.resolve(bytes.subarray(from, to))
  return { name, contentType, isInline, contentId, size: bytes.byteLength, read }
}

/** The file as it goes into a request. */
export function fileJson(file: AttachmentFacts, bytes: Uint8Array): JsonObject {
  return {
    '@odata.type': '#microsoft.graph.fileAttachment',
    ...fileFacts(file),
    contentBytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
  }
}

/** What a request says of a file beside its bytes. */
export function fileFacts(file: AttachmentFacts): JsonObject {
  const contentType = /^[^\s;]+/.exec(file.contentType ?? '')?.[0].toLowerCase()
  return {
    name: cleanText(file.name),
    ...(contentType === undefined ? {} : { contentType }),
    isInline: file.isInline,
    ...(file.contentId === undefined ? {} : { contentId: cleanText(file.contentId) }),
  }
}

/** Bytes that a file takes in a request: base64 and the names around it. */
export function fileJsonBytes(name: string, size: number): number {
  return Math.ceil(size / 3) * 4 + Buffer.byteLength(name) * 2 + 512
}
