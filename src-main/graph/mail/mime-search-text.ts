import PostalMime, { decodeWords } from 'postal-mime'
import { cutUtf8 } from '../../../src-shared/model/safe-name.ts'
import { partBytes } from './mime-decode.ts'
import { decodeCharset, headerValue } from './mime-header.ts'
import { fileName, isMultipart, messageLeaves } from './mime-leaves.ts'
import type { Leaf } from './mime-leaves.ts'
import { scanParts } from './mime-parts.ts'
import type { MimePart } from './mime-parts.ts'

/** Bytes of UTF-8 that are kept of one message. */
const textBytes = 100 * 1024

/** Pieces that are kept of one message: names, subjects, texts. */
const mostTexts = 2_000

/** Bytes of one HTML text that are looked at: more than that many hold far more words than are kept. */
const htmlBytes = 2 * 1024 * 1024

/**
 * What the full-text index gets of a message: its text (of two versions of the same text the plain one), the names of
 * its attachments, and the same of embedded messages with their subjects and people. Attachments themselves are never
 * decoded, so a mail of 30 MB costs one search for its boundaries. Never rejects: what cannot be read has no text.
 */
export async function mimeSearchText(mime: Uint8Array): Promise<string> {
  const found = new FoundTexts()
  try {
    await collectMessage(mime, scanParts(mime, { embedded: true }), found)
  } catch {
    // An index entry with less text is better than a run that ends at one odd message.
  }
  return cutUtf8(found.join(), textBytes)
}

class FoundTexts {
  readonly #texts: string[] = []
  #length = 0

  get isFull(): boolean {
    return this.#length > textBytes || this.#texts.length > mostTexts
  }

  add(text: string): void {
    this.#texts.push(text)
    this.#length += text.length
  }

  join(): string {
    return this.#texts.join('\n')
  }
}

async function collectMessage(mime: Uint8Array, message: MimePart, found: FoundTexts): Promise<void> {
  for (const leaf of messageLeaves(message)) {
    if (found.isFull) return
    const name = leaf.role === 'attachment' ? fileName(leaf.part) : undefined
    if (name !== undefined) found.add(name)
    if (leaf.role !== 'attachment' && !hasPlainTwin(leaf)) found.add(await leafText(mime, leaf.part))
    for (const embedded of isMultipart(leaf.part) ? [] : leaf.part.children) {
      for (const text of headerText(embedded)) found.add(text)
      await collectMessage(mime, embedded, found)
    }
  }
}

function headerText(message: MimePart): string[] {
  const values = ['subject', 'from', 'to'].map((name) => headerValue(message.header, name))
  return values.filter((value) => value !== undefined).map((value) => decodeWords(value))
}

/** HTML beside plain text that says the same. */
function hasPlainTwin(leaf: Leaf): boolean {
  if (leaf.part.type.value !== 'text/html' || leaf.alternative === undefined) return false
  const isPlain = (part: MimePart): boolean => part.type.value === 'text/plain' && part.bodyEnd - part.bodyStart > 2
  return leaf.alternative.children.some(isPlain)
}

async function leafText(mime: Uint8Array, part: MimePart): Promise<string> {
  if (part.type.value === 'text/html') return await htmlText(mime.subarray(part.start, part.bodyEnd))
  // Four bytes of source for one of text are more than any encoding takes.
  const bodyEnd = Math.min(part.bodyEnd, part.bodyStart + 4 * textBytes)
  return decodeCharset(partBytes(mime, { ...part, bodyEnd }), part.type.params.charset)
}

const boundary = 'holdfast-html-as-text'

/**
 * postal-mime turns HTML into text where a message has plain text elsewhere, and does it well (entities, hidden parts,
 * charsets); so the part is shown to it beside an empty plain one.
 */
async function htmlText(part: Uint8Array): Promise<string> {
  const before = `Content-Type: multipart/mixed; boundary=${boundary}\n\n--${boundary}\n\n\n--${boundary}\n`
  const mime = Buffer.concat([Buffer.from(before), part.subarray(0, htmlBytes), Buffer.from(`\n--${boundary}--\n`)])
  const email = await PostalMime.parse(mime)
  return email.text ?? ''
}
