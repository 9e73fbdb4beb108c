import PostalMime from 'postal-mime'
import type { Email } from 'postal-mime'
import { attachmentName } from './attachment-name.ts'
import { partBytes } from './mime-decode.ts'
import { decodeCharset, parseStructured } from './mime-header.ts'
import { editParts, messageLeaves } from './mime-leaves.ts'
import type { Leaf, PartEdit } from './mime-leaves.ts'
import { scanParts } from './mime-parts.ts'
import type { MimePart } from './mime-parts.ts'

/** A file that hangs on a message; `bytes` exactly as the sender's mail program took them in. */
export interface MessageFile {
  readonly name: string
  readonly contentType: string
  /** Shown inside the HTML text by its content id. */
  readonly isInline: boolean
  /** Without angle brackets. */
  readonly contentId: string | undefined
  readonly bytes: Uint8Array
}

/** A MIME message taken apart. */
export interface MimeMessage {
  readonly html: string | undefined
  readonly text: string | undefined
  readonly files: readonly MessageFile[]
  /** The header block as it stood, lines ended by CRLF. */
  readonly headerBlock: string
  /** Subject, addresses and times by the header; absent when the message cannot be parsed at all. */
  readonly email: Email | undefined
}

/**
 * Takes a message apart. The structure and the bytes of attachments come from the scan of its boundaries, texts and
 * addresses (charsets, flowed text, encoded words) from postal-mime, which sees the message without its attachments.
 *
 * Signed mail gives its text and its signature as a file (the signature no longer fits, the stored .eml is what proves
 * it); encrypted S/MIME comes back as smime.p7m and TNEF as winmail.dat; calendar parts and embedded messages are
 * files. Nothing is lost on malformed mail: what has no structure becomes the text, and a message that the parser
 * refuses comes back whole, as a file. Never rejects.
 */
export async function parseMimeMessage(mime: Uint8Array): Promise<MimeMessage> {
  const root = scanParts(mime, { embedded: false })
  const headerBlock = readHeaderBlock(mime, root)
  const leaves = messageLeaves(root)
  const attachments = leaves.filter((leaf) => leaf.role === 'attachment').map((leaf) => leaf.part)
  const email = await parseEmail(
    editParts(
      mime,
      leaves.flatMap((leaf) => lighter(mime, leaf)),
    ),
  )
  if (email === undefined) return { ...unparsed(mime), headerBlock }
  const cids = referencedIds(email.html)
  const files = attachments.map((part, index) => messageFile(mime, part, index + 1, cids))
  const all = [...files, ...leftovers(email, files.length)]
  return { ...bodyTexts(mime, email, leaves, all), files: all, headerBlock, email }
}

/** Bytes from which a text is shown to the parser in base64, which it reads in large pieces and not line by line. */
const longText = 256 * 1024

/** What the parser need not see: contents of attachments, and the line breaks of very long texts. */
function lighter(mime: Uint8Array, { part, role }: Leaf): readonly PartEdit[] {
  if (role === 'attachment') return [{ part, body: new Uint8Array() }]
  if (role !== 'text' || part.bodyEnd - part.bodyStart < longText || part.encoding === 'base64') return []
  const body = Buffer.from(Buffer.from(partBytes(mime, part)).toString('base64'), 'latin1')
  return [{ part, body, header: 'Content-Transfer-Encoding: base64\r\n' }]
}

async function parseEmail(mime: Uint8Array): Promise<Email | undefined> {
  try {
    return await PostalMime.parse(mime, { forceRfc822Attachments: true })
  } catch {
    // Its limits on nesting and header size: such a message is kept whole.
    return undefined
  }
}

function unparsed(mime: Uint8Array): Omit<MimeMessage, 'headerBlock'> {
  const file = {
    name: 'message.eml',
    contentType: 'message/rfc822',
    isInline: false,
    contentId: undefined,
    bytes: mime,
  }
  return { html: undefined, text: undefined, files: [file], email: undefined }
}

/** The texts; where there is neither text nor file, whatever stands in a multipart without parts. */
function bodyTexts(
  mime: Uint8Array,
  email: Email,
  leaves: readonly Leaf[],
  files: readonly MessageFile[],
): Pick<MimeMessage, 'html' | 'text'> {
  if (isFilled(email.html) || isFilled(email.text) || files.length > 0) return { html: email.html, text: email.text }
  const shapeless = leaves.filter((leaf) => leaf.role === 'shapeless').map((leaf) => partBytes(mime, leaf.part))
  const text = shapeless.map((bytes) => decodeCharset(bytes, undefined)).join('\n')
  return { html: undefined, text: isFilled(text) ? text : undefined }
}

function isFilled(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== ''
}

function messageFile(mime: Uint8Array, part: MimePart, number: number, cids: ReadonlySet<string>): MessageFile {
  const contentId = plainId(part.header.find((field) => field.name === 'content-id')?.value)
  return {
    name: attachmentName(mime, part, number),
    contentType: mediaType(part.type.value),
    isInline: contentId !== undefined && cids.has(contentId.toLowerCase()),
    contentId,
    bytes: partBytes(mime, part),
  }
}

/** What postal-mime holds for an attachment although the scan saw text: rare, but it must not vanish. */
function leftovers(email: Email, known: number): MessageFile[] {
  const cids = referencedIds(email.html)
  return email.attachments.flatMap((attachment, index) => {
    const content = attachment.content
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : new Uint8Array(content)
    if (bytes.every(isWhitespace)) return []
    const contentId = plainId(attachment.contentId)
    const isInline = contentId !== undefined && cids.has(contentId.toLowerCase())
    const name = attachment.filename ?? `attachment-${known + index + 1}.bin`
    return [{ name, contentType: mediaType(attachment.mimeType), isInline, contentId, bytes }]
  })
}

function isWhitespace(byte: number): boolean {
  return byte === 0x0a || byte === 0x0d || byte === 0x20 || byte === 0x09
}

function plainId(value: string | undefined): string | undefined {
  const id = value?.trim().replace(/^<|>$/g, '')
  return id === undefined || id === '' ? undefined : id
}

function mediaType(value: string): string {
  const type = parseStructured(value).value
  return /^[\w.+!#$&^-]+\/[\w.+!#$&^-]+$/.test(type) ? type : 'application/octet-stream'
}

/** Content ids that the HTML shows, in lower case. */
function referencedIds(html: string | undefined): ReadonlySet<string> {
  const matches = html?.matchAll(/cid:([^"'\s)<>]+)/gi) ?? []
  return new Set([...matches].map((match) => unescaped(match[1] ?? '').toLowerCase()))
}

function unescaped(id: string): string {
  try {
    return decodeURIComponent(id.replaceAll('&amp;', '&'))
  } catch {
    // A percent sign that escapes nothing.
    return id
  }
}

function readHeaderBlock(mime: Uint8Array, root: MimePart): string {
  const text = decodeCharset(mime.subarray(0, root.bodyStart), undefined)
  return text.replace(/\r?\n/g, '\r\n').replace(/(\r\n)+$/, '\r\n')
}
