import { CONTENT_PART } from '../../../src-shared/model/content-part.ts'
import type { z } from 'zod'
import type { preview } from '../../../src-shared/ipc/contract/browse.ts'
import { safeName } from '../../../src-shared/model/safe-name.ts'
import { EngineError } from '../../engine/index.ts'
import type { StoredFile } from '../../engine/ports/restore-target.ts'
import { imageType } from '../../graph/item/picture.ts'
import { parseMimeMessage } from '../../graph/mail/mime-message.ts'
import { cut, decodedBody } from './decoded-body.ts'
import { largeMailFiles } from './large-mail.ts'
import { mediaTypeOf } from './media-types.ts'
import { firstBytes, type StoredItem } from './stored-item.ts'

export type ShownPart = NonNullable<Extract<z.infer<typeof preview>, { kind: 'mail' }>>['parts'][number]

/** Something of an item that can be written to a file. */
export interface WritablePart {
  /** As every file system takes it. */
  readonly name: string
  /** Bytes; of a part of a large mail, about so many. */
  readonly size: number
  readonly stream: (signal: AbortSignal) => AsyncIterable<Uint8Array>
}

/** Up to so many bytes a mail is taken apart in memory. */
export const WHOLE_MAIL = 50 * 1024 * 1024

const METADATA = 'metadata'
const FILE = 'file:'
const MIME = 'mime:'

const NAME_BYTES = 200

/** A file that is stored beside the item. */
export function filePart({ name, size }: StoredFile, shownName = name): ShownPart {
  return { part: `${FILE}${name}`, name: shownName, mediaType: mediaTypeOf(name), size }
}

/** The item's own content. */
export function contentPart(content: StoredFile, name: string): ShownPart {
  return { part: CONTENT_PART, name, mediaType: mediaTypeOf(name), size: content.size }
}

/** The file at a place in a mail. */
export function mimePart(at: number, name: string, mediaType: string, size: number): ShownPart {
  return { part: `${MIME}${at}`, name, mediaType, size }
}

/** Finds what a part id means. Rejects with repository.path-not-found for one that the item does not have. */
export async function findPart(item: StoredItem, part: string, signal: AbortSignal): Promise<WritablePart> {
  const { content } = item
  if (part === METADATA) return writable(item.metadataFile, `${titleOf(item)}.json`)
  if (part === CONTENT_PART && content !== undefined) return writable(content, await contentName(item, content, signal))
  if (part.startsWith(FILE)) {
    const file = item.parts.find(({ name }) => `${FILE}${name}` === part)
    if (file !== undefined) return writable(file, file.name)
  }
  const at = /^mime:(\d{1,6})$/.exec(part)?.[1]
  const isMail = item.describer.mimeContent
  const found =
    at !== undefined && isMail && content !== undefined ? await mailFile(content, Number(at), signal) : undefined
  if (found === undefined) throw new EngineError('repository.path-not-found')
  return found
}

function writable(file: StoredFile, name: string): WritablePart {
  return { name: safeName(name, NAME_BYTES), size: file.size, stream: (signal) => file.stream(signal) }
}

function titleOf({ title, version }: StoredItem): string {
  return title.trim() === '' ? version.name : title
}

/** Files have their names already; photos are pictures, whatever they are called in the repository. */
async function contentName(item: StoredItem, content: StoredFile, signal: AbortSignal): Promise<string> {
  const { contentExtension = '' } = item.describer
  if (contentExtension !== '.photo') return `${titleOf(item)}${contentExtension}`
  const type = imageType(await firstBytes(content, 16, signal))
  return `${titleOf(item)}.${type.slice(type.indexOf('/') + 1).replace('jpeg', 'jpg')}`
}

async function mailFile(content: StoredFile, at: number, signal: AbortSignal): Promise<WritablePart | undefined> {
  return content.size > WHOLE_MAIL ? await largeMailFile(content, at, signal) : await wholeMailFile(content, at, signal)
}

async function wholeMailFile(content: StoredFile, at: number, signal: AbortSignal): Promise<WritablePart | undefined> {
  const file = (await parseMimeMessage(await content.bytes(signal))).files[at]
  if (file === undefined) return undefined
  const { name, bytes } = file
  return {
    name: safeName(name, NAME_BYTES),
    size: bytes.length,
    async *stream() {
      yield await Promise.resolve(bytes)
    },
  }
}

async function largeMailFile(content: StoredFile, at: number, signal: AbortSignal): Promise<WritablePart | undefined> {
  const file = (await largeMailFiles(content, signal))[at]
  if (file === undefined) return undefined
  const { name, encoding, start, end } = file
  return {
    name: safeName(name, NAME_BYTES),
    size: decodedSize(encoding, end - start),
    stream: (asked) => decodedBody(encoding, cut(content.stream(asked, start), end - start)),
  }
}

/** About so many bytes come out: base64 makes 57 of each line of 78. */
export function decodedSize(encoding: string, encoded: number): number {
  return encoding === 'base64' ? Math.round((encoded * 57) / 78) : encoded
}
