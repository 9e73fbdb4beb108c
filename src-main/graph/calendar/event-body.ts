import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Content, ItemBody, ListedItem, Part } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import { list, record, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { itemContent } from '../outlook/item-content.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { CalendarOwner } from './calendar-owner.ts'
import { eventFiles, exceptionsOf, kindOf } from './event-parts.ts'
import type { EventFile } from './event-parts.ts'
import { eventMetadata } from './event-row.ts'

/** Of an attachment everything but its bytes; only files have a content id. */
const attachmentSelect =
  'id,name,contentType,size,isInline,lastModifiedDateTime,microsoft.graph.fileAttachment/contentId'

/**
 * What an event has beside its listed properties. A series: its changed days with all their properties, and the cancelled
 * ones, by one request. Attachments of the event and of its changed days where there are any: one request each for their
 * list, then their bytes as parts; an attached item is read twice, as JSON and as MIME, iCalendar or vCard.
 * https://learn.microsoft.com/graph/api/event-get, https://learn.microsoft.com/graph/api/event-list-attachments
 */
export async function eventBody(mailbox: CalendarOwner, { id, properties, previous }: ListedItem): Promise<ItemBody> {
  const listed = 'createdDateTime' in properties ? properties : await readEvent(mailbox, id)
  const details = text(listed, 'type') === 'seriesMaster' ? await readDays(mailbox, id) : {}
  const event = await withAttachments(mailbox, { ...listed, ...details })
  const days = exceptionsOf(event)
  const withDays =
    days.length === 0 ? event : { ...event, exceptionOccurrences: await daysWithAttachments(mailbox, days) }
  const before = new Set(previous === undefined ? [] : eventFiles(propertiesOf(previous)).map(fingerprint))
  return { properties: withDays, parts: eventFiles(withDays).flatMap((file) => partOf(mailbox, file, before)) }
}

/** The event as listings give it. */
async function readEvent({ client, user, path, signal }: CalendarOwner, id: string): Promise<JsonObject> {
  return await client.json<JsonObject>({
    path: path + graphPath`/events/${id}`,
    pool: mailboxPool(user),
    signal,
  })
}

/** Given only for a series that is asked for alone, and only when asked for by name. */
async function readDays({ client, user, path, signal }: CalendarOwner, id: string): Promise<JsonObject> {
  const event = await client.json<JsonObject>({
    path: path + graphPath`/events/${id}`,
    query: { $select: 'cancelledOccurrences,exceptionOccurrences', $expand: 'exceptionOccurrences' },
    pool: mailboxPool(user),
    signal,
  })
  const days = exceptionsOf(event).map((day) => propertiesOf(eventMetadata(day)))
  return { exceptionOccurrences: days, cancelledOccurrences: list(event, 'cancelledOccurrences') ?? [] }
}

async function daysWithAttachments(
  mailbox: CalendarOwner,
  days: readonly JsonObject[],
): Promise<readonly JsonObject[]> {
  const read: JsonObject[] = []
  for (const day of days) read.push(await withAttachments(mailbox, day))
  return read
}

async function withAttachments(mailbox: CalendarOwner, event: JsonObject): Promise<JsonObject> {
  if (!mayHaveAttachments(event)) return event
  const { client, user, signal } = mailbox
  const path = mailbox.path + graphPath`/events/${text(event, 'id') ?? ''}/attachments`
  const attachments: JsonObject[] = []
  const request = { path, query: { $select: attachmentSelect }, pool: mailboxPool(user), signal }
  for await (const page of client.pages<JsonObject>(request)) {
    for (const attachment of page.value) attachments.push(await withItem(mailbox, path, attachment))
  }
  return { ...event, attachments: attachments.map(plain) }
}

/** Pictures inside the text do not count as attachments for Graph. */
function mayHaveAttachments(event: JsonObject): boolean {
  const html = text(record(event, 'body') ?? {}, 'content') ?? ''
  return event.hasAttachments === true || /["'(]cid:/i.test(html)
}

/** An attached item's JSON; an item that Graph cannot show is kept without it. */
async function withItem(mailbox: CalendarOwner, attachments: string, attachment: JsonObject): Promise<JsonObject> {
  if (kindOf(attachment) !== 'item') return attachment
  const { client, user, signal } = mailbox
  const path = `${attachments}${graphPath`/${text(attachment, 'id') ?? ''}`}`
  const query = { $expand: 'microsoft.graph.itemattachment/item' }
  try {
    const whole = await client.json<JsonObject>({ path, query, pool: mailboxPool(user), signal })
    const item = record(whole, 'item')
    return item === undefined ? attachment : { ...attachment, item: plain(item) }
  } catch (error) {
    if (isEngineError(error, 'graph.item-unreadable') || isEngineError(error, 'graph.not-found')) return attachment
    throw error
  }
}

/** Without what Graph says about its answer; the types stay. */
function plain(entity: JsonObject): JsonObject {
  const kept = Object.entries(entity).filter(([name]) => name.endsWith('@odata.type') || !name.includes('@'))
  return Object.fromEntries(kept)
}

function partOf(mailbox: CalendarOwner, file: EventFile, before: ReadonlySet<string>): readonly Part[] {
  const { owner, attachment, fileName } = file
  if (fileName === undefined) return []
  const { client, user } = mailbox
  const [event, id] = [text(owner, 'id') ?? '', text(attachment, 'id') ?? '']
  const path = mailbox.path + graphPath`/events/${event}/attachments/${id}/$value`
  const open = (signal: AbortSignal): Promise<Content> => itemContent({ client, user, signal }, path)
  return [{ name: fileName, unchanged: before.has(fingerprint(file)), open }]
}

/** Attachments cannot be edited in place: the same id, date, size and name mean the same bytes. */
function fingerprint({ attachment, fileName }: EventFile): string {
  const { id, lastModifiedDateTime, size } = attachment
  return JSON.stringify([fileName ?? null, id ?? null, lastModifiedDateTime ?? null, size ?? null])
}
