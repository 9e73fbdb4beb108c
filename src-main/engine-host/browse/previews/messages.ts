import type { PagedItem } from '../../../engine/index.ts'
import type { JsonObject } from '../../../engine/model/json.ts'
import { filledText, time } from '../../../graph/item/fields.ts'
import { escapeHtml } from '../../../graph/item/html-entities.ts'
import { chatEventText } from '../../../graph/messages/event-text.ts'
import { hostedContentsOf } from '../../../graph/messages/hosted-contents.ts'
import { attachmentsOf, repliesOf, senderName } from '../../../graph/messages/message-row.ts'
import { attachmentHtml, quotesOf } from '../../../graph/messages/transcript-attachments.ts'
import { messageBodyHtml, type HostedAddresses } from '../../../graph/messages/transcript-body.ts'
import { InlinePictures } from '../inline-pictures.ts'
import { filePart } from '../parts.ts'
import { readStoredItem, type OpenSnapshot, type StoredItem } from '../stored-item.ts'
import type { MakePreview, PreviewOf } from './preview.ts'

type Message = PreviewOf<'messages'>['messages'][number]

/** Messages before and after the one that was asked for. */
const AROUND = 50

/** A message of a chat or channel with those around it, answers below the message that they answer. */
export const previewMessages: MakePreview = async (item, open) => {
  const pictures = new InlinePictures()
  const messages: Message[] = []
  for (const { path } of neighbours(item, open)) {
    open.signal.throwIfAborted()
    const one = path === item.path ? item : await readStoredItem(open, path)
    if (isMessage(one)) messages.push(...(await messagesOf(one, pictures, messages.length, open)))
  }
  return {
    kind: 'messages',
    title: item.title,
    messages,
    inline: pictures.found,
    parts: item.parts.map((file) => filePart(file)),
  }
}

function isMessage({ kind }: StoredItem): boolean {
  return kind === 'chatMessage' || kind === 'channelMessage'
}

/** Items of the container around this one, oldest first. */
function neighbours({ path, version }: StoredItem, { catalog, snapshot }: OpenSnapshot): readonly PagedItem[] {
  const folder = containerOf(path, version.shard)
  const at = (offset: number, limit: number) => catalog.page(snapshot, folder, { order: 'oldest', limit, offset })
  let low = 0
  let high = at(0, 0).count
  // The first one that is not older.
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((at(middle, 1).items[0]?.time ?? 0) < version.time) low = middle + 1
    else high = middle
  }
  const { items } = at(Math.max(0, low - AROUND), 2 * AROUND)
  const own = items.some((one) => one.path === path)
  // Very many of one moment: then at least itself.
  return own ? items : [...items, ...at(low, 1).items.map((one) => ({ ...one, path }))]
}

function containerOf(path: string, shard: string): string {
  const names = path.split('/')
  return names.slice(0, shard === '' ? -1 : -2).join('/')
}

async function messagesOf(
  item: StoredItem,
  pictures: InlinePictures,
  at: number,
  { signal }: OpenSnapshot,
): Promise<readonly Message[]> {
  const { properties, parts } = item
  const hosted = new Map<string, { readonly name: string; readonly address: string | undefined }>()
  for (const { id, name } of hostedContentsOf(properties)) {
    const file = parts.find((part) => part.name === name)
    const inlineId = `${at}-${name}`
    const isShown = file !== undefined && (await pictures.addFile(inlineId, file, signal))
    hosted.set(id, { name, address: isShown ? `cid:${encodeURIComponent(inlineId)}` : undefined })
  }
  const replies = repliesOf(properties)
    .toSorted((one, other) => (time(one, 'createdDateTime') ?? 0) - (time(other, 'createdDateTime') ?? 0))
    .map((reply) => messageOf(reply, hosted, true))
  return [messageOf(properties, hosted, false), ...replies]
}

function messageOf(properties: JsonObject, hosted: HostedAddresses, reply: boolean): Message {
  return {
    author: senderName(properties),
    time: time(properties, 'createdDateTime') ?? null,
    html: htmlOf(properties, hosted),
    reply,
  }
}

function htmlOf(properties: JsonObject, hosted: HostedAddresses): string {
  const event = chatEventText(properties)
  if (event !== undefined) return `<p><i>${escapeHtml(event)}</i></p>`
  const attachments = attachmentsOf(properties)
  const subject = filledText(properties, 'subject')
  return [
    subject === undefined ? '' : `<h3>${escapeHtml(subject)}</h3>`,
    quotesOf(attachments),
    messageBodyHtml(properties, hosted),
    ...attachments.map((attachment) => attachmentHtml(attachment, hosted)),
  ].join('')
}
