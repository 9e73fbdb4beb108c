import type {
  AttachmentContent,
  Importance,
  InternetHeader,
  ItemBody,
  MeetingKind,
  MessageSummary,
} from '../state/types.ts'
import { headerValue, parseAddresses } from './headers.ts'
import { decodedContent, parsePart, partFileName } from './parts.ts'
import type { MimePart } from './parts.ts'
import { decodeCharset, decodeEncodedWords, htmlToText, previewOf } from './text.ts'
import { hashText } from '../random.ts'

/** Outlook counts more than the file's own bytes into an attachment's size; clients must not take it for the length. */
const attachmentOverhead = 146

/** A message's MIME, read as far as Graph shows it. */
export class ParsedMail {
  private readonly root: MimePart
  private readonly bodies: { readonly text: MimePart | undefined; readonly html: MimePart | undefined }
  private readonly attached: readonly MimePart[]
  private readonly calendar: MimePart | undefined

  constructor(bytes: Buffer) {
    this.root = parsePart(bytes)
    const leaves = [...leavesOf(this.root)]
    const text = leaves.find((part) => isBody(part, 'text/plain'))
    const html = leaves.find((part) => isBody(part, 'text/html'))
    this.bodies = { text, html }
    this.calendar = leaves.find((part) => part.type.value === 'text/calendar')
    this.attached = leaves.filter((part) => part !== text && part !== html && part !== this.calendar)
  }

  get headers(): readonly InternetHeader[] {
    return this.root.headers
  }

  body(): ItemBody {
    const { html, text } = this.bodies
    if (html !== undefined) return { contentType: 'html', content: textOf(html) }
    return { contentType: 'text', content: text === undefined ? '' : textOf(text) }
  }

  attachments(): readonly AttachmentContent[] {
    return this.attached.map((part, key) => attachmentOf(part, key))
  }

  summary(): MessageSummary {
    const body = this.body()
    const header = (name: string): string | undefined => headerValue(this.root.headers, name)
    const [from] = parseAddresses(header('from'))
    const [sender = from] = parseAddresses(header('sender'))
    const subject = header('subject')
    return {
      subject: subject === undefined ? undefined : decodeEncodedWords(subject),
      from,
      sender,
      to: parseAddresses(header('to')),
      cc: parseAddresses(header('cc')),
      bcc: parseAddresses(header('bcc')),
      replyTo: parseAddresses(header('reply-to')),
      internetMessageId: header('message-id') ?? generatedMessageId(this.root),
      sentAt: secondsOf(header('date')),
      importance: importanceOf(header('importance') ?? header('x-priority')),
      bodyPreview: previewOf(body.contentType === 'html' ? htmlToText(body.content) : body.content),
      hasAttachments: this.attached.some((part) => !isInline(part)),
      readReceipt: header('disposition-notification-to') !== undefined,
      meeting: this.meeting(),
    }
  }

  private meeting(): MeetingKind | undefined {
    const method = this.calendar?.type.parameters.get('method')?.toUpperCase()
    if (method === 'REQUEST') return 'meetingRequest'
    if (method === 'CANCEL') return 'meetingCancelled'
    return method === 'REPLY' ? 'meetingAccepted' : undefined
  }
}

function* leavesOf(part: MimePart): Generator<MimePart> {
  if (part.children.length === 0) {
    if (!part.type.value.startsWith('multipart/')) yield part
    return
  }
  for (const child of part.children) yield* leavesOf(child)
}

function isBody(part: MimePart, type: string): boolean {
  const declared = part.type.value === '' || !part.type.value.includes('/') ? 'text/plain' : part.type.value
  return declared === type && part.disposition.value !== 'attachment' && partFileName(part) === undefined
}

function isInline(part: MimePart): boolean {
  if (part.disposition.value === 'inline') return true
  return part.disposition.value !== 'attachment' && headerValue(part.headers, 'content-id') !== undefined
}

function textOf(part: MimePart): string {
  return decodeCharset(decodedContent(part), part.type.parameters.get('charset'))
}

function attachmentOf(part: MimePart, key: number): AttachmentContent {
  const isItem = part.type.value === 'message/rfc822'
  const contentId = headerValue(part.headers, 'content-id')?.replace(/^<|>$/g, '')
  return {
    key,
    kind: isItem ? 'item' : 'file',
    name: partFileName(part) ?? (isItem ? nestedSubject(part) : undefined),
    contentType: isItem ? undefined : part.type.value,
    isInline: isInline(part),
    contentId,
    get size(): number {
      return decodedContent(part).length + attachmentOverhead
    },
    bytes: () => decodedContent(part),
  }
}

function nestedSubject(part: MimePart): string | undefined {
  const subject = headerValue(parsePart(decodedContent(part)).headers, 'subject')
  return subject === undefined ? undefined : decodeEncodedWords(subject)
}

/** Seconds since 1970, or nothing when the date cannot be read or is out of any sane range. */
function secondsOf(date: string | undefined): number | undefined {
  if (date === undefined) return undefined
  const milliseconds = Date.parse(date.replace(/\([^)]*\)/g, '').trim())
  const sane = milliseconds > Date.UTC(1970, 0, 2) && milliseconds < Date.UTC(2037, 11, 31)
  return sane ? Math.floor(milliseconds / 1000) : undefined
}

function importanceOf(value: string | undefined): Importance {
  const text = (value ?? '').trim().toLowerCase()
  if (text === 'high' || /^[12]\b/.test(text)) return 'high'
  return text === 'low' || /^[45]\b/.test(text) ? 'low' : 'normal'
}

/** Exchange gives a message without a Message-ID one of its own; here it depends on the headers alone. */
function generatedMessageId(root: MimePart): string {
  const text = root.headers.map((header) => `${header.name}:${header.value}`).join('\n')
  return `<${hashText(text).toString(16)}.${String(root.raw.length)}@generated.simulator.example>`
}
