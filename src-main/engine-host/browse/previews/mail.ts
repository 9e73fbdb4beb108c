import type { JsonObject } from '../../../engine/model/json.ts'
import type { StoredFile } from '../../../engine/ports/restore-target.ts'
import { isObject, list, record, text, time } from '../../../graph/item/fields.ts'
import { peopleText, type Person } from '../../../graph/item/names.ts'
import { parseMimeMessage, type MessageFile, type MimeMessage } from '../../../graph/mail/mime-message.ts'
import { InlinePictures } from '../inline-pictures.ts'
import { largeMailFiles } from '../large-mail.ts'
import { decodedSize, mimePart, WHOLE_MAIL, type ShownPart } from '../parts.ts'
import type { StoredItem } from '../stored-item.ts'
import type { MakePreview, PreviewOf } from './preview.ts'

type Mail = PreviewOf<'mail'>
type Body = Pick<Mail, 'html' | 'text' | 'inline' | 'parts'>

/** A message; of one that is too large to be taken apart in memory, what is known of it and its files. */
export const previewMail: MakePreview = async (item, { signal }) => {
  const { content } = item
  if (content === undefined) return { ...heading(item, undefined), ...nobody }
  if (content.size > WHOLE_MAIL)
    return { ...heading(item, undefined), ...nobody, parts: await largeParts(content, signal) }
  const message = await parseMimeMessage(await content.bytes(signal))
  return { ...heading(item, message), ...bodyOf(message) }
}

const nobody: Body = { html: null, text: null, inline: {}, parts: [] }

async function largeParts(content: StoredFile, signal: AbortSignal): Promise<ShownPart[]> {
  const files = await largeMailFiles(content, signal)
  return files.map(({ name, mediaType, encoding, start, end }, at) =>
    mimePart(at, name, mediaType, decodedSize(encoding, end - start)),
  )
}

function bodyOf({ html, text: plain, files }: MimeMessage): Body {
  const pictures = new InlinePictures()
  const parts = files.flatMap((file, at) =>
    isShown(file, pictures) ? [] : [mimePart(at, file.name, file.contentType, file.bytes.length)],
  )
  return { html: html ?? null, text: plain ?? null, inline: pictures.found, parts }
}

/** Whether the text shows the file: then it is not listed below it. */
function isShown({ isInline, contentId, bytes }: MessageFile, pictures: InlinePictures): boolean {
  return isInline && contentId !== undefined && pictures.add(contentId, bytes)
}

/** As Graph gave it; what it did not give, as the message's own header says. */
function heading({ properties, title, version }: StoredItem, message: MimeMessage | undefined): Omit<Mail, keyof Body> {
  const email = message?.email
  const graphDate = time(properties, 'receivedDateTime') ?? time(properties, 'sentDateTime')
  const headerDate = Date.parse(email?.date ?? '')
  return {
    kind: 'mail',
    subject: text(properties, 'subject') ?? email?.subject ?? title,
    from: filled(people(properties, 'from'), version.from),
    to: filled(people(properties, 'toRecipients'), version.to),
    cc: people(properties, 'ccRecipients'),
    date: graphDate ?? (Number.isNaN(headerDate) ? null : headerDate),
  }
}

function filled(one: string, other: string): string {
  return one === '' ? other : one
}

function people(properties: JsonObject, name: string): string {
  const one = record(properties, name)
  return peopleText(
    [...(one === undefined ? [] : [one]), ...(list(properties, name) ?? []).filter(isObject)].map(person),
  )
}

function person(recipient: JsonObject): Person {
  const address = record(recipient, 'emailAddress') ?? {}
  return { name: text(address, 'name'), address: text(address, 'address') }
}
