import type { AttachmentContent, ContentSource, InternetHeader, ItemBody, MessageSummary } from '../state/types.ts'
import { ParsedMail } from './parsed-mail.ts'

/** A source whose content is MIME, given or made from a seed. What Graph shows of it is read from the bytes. */
export class MimeSource implements ContentSource {
  private readonly make: (seed: number) => Buffer
  private readonly summarize: ((seed: number) => MessageSummary) | undefined
  private readonly remembered: Map<number, MessageSummary> | undefined
  private lastSummary: { readonly seed: number; readonly summary: MessageSummary } | undefined
  private last: { readonly seed: number; readonly mail: ParsedMail } | undefined

  /** With `summarize` the properties come from it, without it they are read from the bytes once and remembered. */
  constructor(make: (seed: number) => Buffer, summarize?: (seed: number) => MessageSummary) {
    this.make = make
    this.summarize = summarize
    this.remembered = summarize === undefined ? new Map() : undefined
  }

  mime(seed: number): Buffer {
    return this.make(seed)
  }

  summary(seed: number): MessageSummary {
    if (this.summarize !== undefined) return this.summarized(seed, this.summarize)
    const known = this.remembered?.get(seed)
    if (known !== undefined) return known
    const summary = new ParsedMail(this.make(seed)).summary()
    this.remembered?.set(seed, summary)
    return summary
  }

  /** One message's properties are asked for one after the other: the last one's are kept. */
  private summarized(seed: number, summarize: (seed: number) => MessageSummary): MessageSummary {
    if (this.lastSummary?.seed !== seed) this.lastSummary = { seed, summary: summarize(seed) }
    return this.lastSummary.summary
  }

  body(seed: number): ItemBody {
    return this.parsed(seed).body()
  }

  headers(seed: number): readonly InternetHeader[] {
    return this.parsed(seed).headers
  }

  attachments(seed: number): readonly AttachmentContent[] {
    return this.parsed(seed).attachments()
  }

  private parsed(seed: number): ParsedMail {
    if (this.last?.seed !== seed) this.last = { seed, mail: new ParsedMail(this.make(seed)) }
    return this.last.mail
  }
}

/** A single message with fixed bytes. */
export function bytesSource(bytes: Buffer): ContentSource {
  return new MimeSource(() => bytes)
}
