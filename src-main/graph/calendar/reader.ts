import type { Clock } from '../../engine/ports/clock.ts'
import type { DataTypeReader, ItemDescriber, Root } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import { systemClock } from '../client/system-clock.ts'
import type { GraphClient } from '../client/types.ts'
import { answerBody } from '../item/batch-answers.ts'
import { text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import { listCalendars } from './calendar-listing.ts'
import { eventBody } from './event-body.ts'
import { eventChanges } from './event-listing.ts'
import { eventIdentity, eventMetadata, eventRow, eventSearchText } from './event-row.ts'

/** Events as they are stored: what the catalog is rebuilt with. */
export const calendarDescriber: ItemDescriber = {
  type: 'calendar',
  folder: 'calendar',
  layout: 'beside',
  contentExtension: undefined,
  mimeContent: false,
  textFrom: 'metadata',
  row: eventRow,
  identity: eventIdentity,
  searchText: (metadata) => Promise.resolve(eventSearchText(metadata)),
}

/**
 * Reads the calendars of users: see eventChanges for how, eventBody for what belongs to an event.
 *
 * Times are stored as Graph gives them unasked: in UTC (days that last all day: as days), with the zone in which they
 * were made beside them (originalStartTimeZone, recurrenceTimeZone); no zone is ever asked for, so nothing is converted.
 * Extensions and extended properties of other programs are not read: Graph gives them only by their names.
 */
export function calendarReader(client: GraphClient, clock: Pick<Clock, 'now'> = systemClock): DataTypeReader {
  const mailbox = (root: Root, signal: AbortSignal): Mailbox => ({ client, user: root.id, signal })
  return {
    ...calendarDescriber,
    containers: (root, last, signal) => listCalendars(mailbox(root, signal), last),
    changes: (root, container, start, signal) =>
      eventChanges({ mailbox: mailbox(root, signal), calendar: container.id, clock }, start),
    metadata: eventMetadata,
    properties: propertiesOf,
    body: (root, _container, item, signal) => eventBody(mailbox(root, signal), item),
    item: (root, id, signal) => readItem(mailbox(root, signal), id),
  }
}

async function readItem({ client, user, signal }: Mailbox, id: string): ReturnType<DataTypeReader['item']> {
  const event = { path: graphPath`/users/${user}/events/${id}` }
  const calendar = { path: graphPath`/users/${user}/events/${id}/calendar`, query: { $select: 'id' } }
  const [eventAnswer, calendarAnswer] = await client.batch([event, calendar], { pool: mailboxPool(user), signal })
  const properties = answerBody(eventAnswer)
  return { container: text(answerBody(calendarAnswer), 'id') ?? '', properties }
}
