import type { JsonObject } from '../../engine/model/json.ts'
import { parseHtml, type HtmlElement, type HtmlNode } from '../item/html-parse.ts'
import { writeHtml } from '../item/html-write.ts'
import { filledText, list, text } from '../item/fields.ts'
import { hostedIdIn } from '../messages/hosted-contents.ts'
import { attachmentsOf } from '../messages/message-row.ts'
import { placeAttachment } from './restore-attachments.ts'
import { picturesOf, type Picture, type StoredContents } from './restore-pictures.ts'
import { bodyOf, elementNode, htmlOf, textNode } from './restore-text.ts'

/** Whom Teams shows as the author. */
export interface ShownAuthor {
  readonly id: string
  readonly displayName: string
}

export interface MessageSettings {
  /** Who wrote it, if somebody else is shown as the author: stands in the text. */
  readonly writtenBy: string | undefined
  /** The files that it names are in the target's tenant. */
  readonly isSameTenant: boolean
  /** Leaves out what Graph may refuse: attachments and pictures. */
  readonly isPlain: boolean
}

export interface ComposedMessage {
  readonly body: JsonObject
  readonly attachments: readonly JsonObject[]
  readonly pictures: readonly Picture[]
  readonly codes: readonly string[]
}

/** A stored message as Teams imports it: its text with what is in it. Reads nothing. */
export function composeMessage(
  properties: JsonObject,
  contents: StoredContents,
  settings: MessageSettings,
): ComposedMessage {
  const pictures = settings.isPlain ? [] : picturesOf(properties, contents)
  const text = new RestoredText(properties, pictures, settings)
  const body = text.body()
  const codes = [...text.codes, ...lostOf(properties)]
  return { body, attachments: text.sent, pictures: text.usedPictures, codes }
}

/** The same as the body of a request; the pictures' contents are in memory from here on. */
export async function messageJson(
  properties: JsonObject,
  { body, attachments, pictures }: ComposedMessage,
  author: ShownAuthor,
  signal: AbortSignal,
): Promise<JsonObject> {
  const hostedContents: JsonObject[] = []
  for (const { number, file, type } of pictures) {
    const contentBytes = Buffer.from(await file.bytes(signal)).toString('base64')
    hostedContents.push({ '@microsoft.graph.temporaryId': String(number), contentBytes, contentType: type })
  }
  return {
    from: { user: { id: author.id, displayName: author.displayName, userIdentityType: 'aadUser' } },
    ...plainFields(properties),
    body,
    ...(attachments.length === 0 ? {} : { attachments }),
    ...(hostedContents.length === 0 ? {} : { hostedContents }),
  }
}

function plainFields(properties: JsonObject): JsonObject {
  const subject = filledText(properties, 'subject')
  const importance = filledText(properties, 'importance')?.toLowerCase()
  return {
    ...(subject === undefined ? {} : { subject }),
    ...(importance === 'high' || importance === 'urgent' ? { importance } : {}),
  }
}

/** What Graph takes back in no form. */
function lostOf(properties: JsonObject): readonly string[] {
  return [
    ...((list(properties, 'reactions') ?? []).length > 0 ? ['reactions-lost'] : []),
    ...(filledText(properties, 'lastEditedDateTime') === undefined ? [] : ['edit-time-lost']),
  ]
}

class RestoredText {
  readonly codes = new Set<string>()
  readonly sent: JsonObject[] = []
  readonly usedPictures: Picture[] = []
  readonly #properties: JsonObject
  readonly #pictures: readonly Picture[]
  readonly #settings: MessageSettings
  readonly #placed = new Set<JsonObject>()
  #isChanged = false

  constructor(properties: JsonObject, pictures: readonly Picture[], settings: MessageSettings) {
    this.#properties = properties
    this.#pictures = pictures
    this.#settings = settings
  }

  /** As it is stored, unless something in it has to change. */
  body(): JsonObject {
    const stored = bodyOf(this.#properties)
    const before = this.#authorLine()
    const nodes = stored.isHtml ? parseHtml(stored.content) : []
    const inside = writeHtml(nodes, (element) => this.#replaced(element))
    const after = this.#unplaced()
    if (before === '' && after === '' && !this.#isChanged)
      return { contentType: stored.isHtml ? 'html' : 'text', content: stored.content }
    const content = stored.isHtml ? inside : htmlOf(stored)
    return { contentType: 'html', content: `${before}${content}${after}` }
  }

  #authorLine(): string {
    const { writtenBy } = this.#settings
    if (writtenBy === undefined) return ''
    this.codes.add('author-as-text')
    return writeHtml([elementNode('p', [], [elementNode('strong', [], [textNode(`${writtenBy}:`)])])])
  }

  #replaced(element: HtmlElement): readonly HtmlNode[] {
    const { name } = element
    const nodes =
      name === 'at'
        ? this.#mention(element)
        : name === 'img'
          ? this.#picture(element)
          : name === 'attachment'
            ? this.#attachment(element)
            : undefined
    if (nodes === undefined) return [element]
    this.#isChanged = true
    return nodes
  }

  #mention({ children }: HtmlElement): readonly HtmlNode[] {
    this.codes.add('mentions-as-text')
    return [elementNode('strong', [], children)]
  }

  /** Undefined for a picture from elsewhere: it stays. */
  #picture({ attributes }: HtmlElement): readonly HtmlNode[] | undefined {
    const source = attributes.get('src') ?? ''
    const id = hostedIdIn(source)
    if (id === undefined) return undefined
    const picture = this.#pictures.find((one) => one.id === id)
    if (picture === undefined) {
      this.codes.add('picture-left-out')
      return [textNode(attributes.get('alt') ?? '')]
    }
    if (!this.usedPictures.includes(picture)) this.usedPictures.push(picture)
    const kept = [...attributes].filter(([name]) => name !== 'src' && name !== 'itemid')
    return [elementNode('img', [['src', `../hostedContents/${picture.number}/$value`], ...kept], [])]
  }

  #attachment({ attributes }: HtmlElement): readonly HtmlNode[] | undefined {
    const id = attributes.get('id') ?? ''
    const attachment = attachmentsOf(this.#properties).find((one) => text(one, 'id') === id)
    if (attachment === undefined || this.#placed.has(attachment)) return []
    return this.#place(attachment)
  }

  #place(attachment: JsonObject): readonly HtmlNode[] {
    this.#placed.add(attachment)
    const { isSameTenant, isPlain } = this.#settings
    const { sent, nodes, remark } = placeAttachment(attachment, isSameTenant && !isPlain)
    if (sent !== undefined) this.sent.push(sent)
    if (remark !== undefined) this.codes.add(remark)
    return nodes
  }

  /** Attachments that the text does not mention stand behind it. */
  #unplaced(): string {
    const rest = attachmentsOf(this.#properties).filter((one) => !this.#placed.has(one))
    return writeHtml(rest.flatMap((one) => this.#place(one)))
  }
}
