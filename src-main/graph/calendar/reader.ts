import { EngineError } from '../../engine/model/errors.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type {
  ChangePage,
  ChangeStart,
  ContainerListing,
  DataTypeReader,
  ItemDescriber,
  Root,
} from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import { systemClock } from '../client/system-clock.ts'
import type { GraphClient } from '../client/types.ts'
import { answerBody } from '../item/batch-answers.ts'
import { text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import { listCalendars } from './calendar-listing.ts'
import { ownerOf } from './calendar-owner.ts'
import type { CalendarOwner, SignedIn } from './calendar-owner.ts'
import type { EventSource } from './change-tracking.ts'
import { eventBody } from './event-body.ts'
import { eventChanges } from './event-listing.ts'
import { eventIdentity, eventMetadata, eventRow, eventSearchText } from './event-row.ts'
import { listGroupCalendar } from './group-calendar.ts'
import { listGroupWindows, windowChanges } from './group-windows.ts'
import type { WindowPages } from './group-windows.ts'

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
 * Reads the calendars of users, and the one of each group: see eventChanges for how (of groups, for an application by
 * itself, listGroupWindows), eventBody for what belongs to an event.
 *
 * Times are stored as Graph gives them unasked: in UTC (days that last all day: as days), with the zone in which they
 * were made beside them (originalStartTimeZone, recurrenceTimeZone); no zone is ever asked for, so nothing is converted.
 * Extensions and extended properties of other programs are not read: Graph gives them only by their names.
 */
export function calendarReader(
  client: GraphClient,
  clock: Pick<Clock, 'now'> = systemClock,
  signedIn: SignedIn = 'app',
): DataTypeReader {
  const owner = (root: Root, signal: AbortSignal): CalendarOwner => ownerOf(client, root, signal)
  const source = (root: Root, signal: AbortSignal, calendar = root.id): EventSource => {
    return { mailbox: owner(root, signal), calendar, clock }
  }
  const windows = new Map<string, WindowPages>()
  const listWindows = async (root: Root, last: ContainerListing | undefined, signal: AbortSignal) => {
    const { listing, pages } = await listGroupWindows(source(root, signal), root, last)
    windows.set(root.id, pages)
    return listing
  }
  return {
    ...calendarDescriber,
    containers: async (root, last, signal) => {
      if (root.kind !== 'group') return await listCalendars(owner(root, signal), last, clock.now())
      if (signedIn === 'app') return await listWindows(root, last, signal)
      return await listGroupCalendar(owner(root, signal), root, last)
    },
    changes: (root, container, start, signal) => {
      const events = source(root, signal, container.id)
      if (root.kind !== 'group' || signedIn === 'person') return eventChanges(events, start)
      return groupChanges(events, start, async () => {
        if (!windows.has(root.id)) await listWindows(root, undefined, signal)
        return windows.get(root.id) ?? []
      })
    },
    metadata: eventMetadata,
    properties: propertiesOf,
    body: (root, _container, item, signal) => eventBody(owner(root, signal), item),
    item: (root, id, signal) => readItem(owner(root, signal), id),
    finished: (root) => {
      windows.delete(root.id)
      return Promise.resolve()
    },
  }
}

/** A cursor that a person's run left is followed no further: the windows tell everything. */
async function* groupChanges(
  source: EventSource,
  { cursor, next }: ChangeStart,
  pages: () => Promise<WindowPages>,
): AsyncGenerator<ChangePage, void, undefined> {
  if (cursor !== undefined || next !== undefined) throw new EngineError('graph.cursor-lost')
  yield* windowChanges(source, await pages())
}

async function readItem(owner: CalendarOwner, id: string): ReturnType<DataTypeReader['item']> {
  const { client, kind, user, path, signal } = owner
  const event = { path: path + graphPath`/events/${id}` }
  const calendar = { path: path + graphPath`/events/${id}/calendar`, query: { $select: 'id' } }
  const members = kind === 'group' ? [event] : [event, calendar]
  const [eventAnswer, calendarAnswer] = await client.batch(members, { pool: mailboxPool(user), signal })
  const properties = answerBody(eventAnswer)
  return { container: kind === 'group' ? user : (text(answerBody(calendarAnswer), 'id') ?? ''), properties }
}
