import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Container, ContainerListing, Root } from '../../engine/ports/data-type.ts'
import { list, text } from '../item/fields.ts'
import { containerMetadata } from '../item/metadata.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { CalendarOwner } from './calendar-owner.ts'

/** What a group's calendar is called where Graph does not say. */
export const usualName = 'Calendar'

/**
 * The one calendar of a group, for a signed-in person. It is asked for when it is new; afterwards its events tell whether
 * it can still be read.
 */
export async function listGroupCalendar(
  owner: CalendarOwner,
  root: Root,
  last: ContainerListing | undefined,
): Promise<ContainerListing> {
  refuseWithoutMailbox(root)
  const known = last?.containers.find(({ id }) => id === owner.user)
  if (known !== undefined) return { containers: [known], cursor: undefined }
  const { client, user, path, signal } = owner
  const request = { path: `${path}/calendar`, pool: mailboxPool(user), signal, together: user }
  const calendar = await inGroup(() => client.json<JsonObject>(request))
  return { containers: [groupCalendar(user, calendar)], cursor: undefined }
}

/** Rejects if events cannot be created there. https://learn.microsoft.com/graph/api/group-post-events */
export async function openGroupCalendar({ client, user, path, signal }: CalendarOwner, root: Root): Promise<void> {
  refuseWithoutMailbox(root)
  const request = { path: `${path}/calendar`, query: { $select: 'id' }, pool: mailboxPool(user), signal }
  await inGroup(() => client.json<JsonObject>(request))
}

/** Only Microsoft 365 groups have a mailbox, and with it a calendar: the listing of groups says which they are. */
export function refuseWithoutMailbox({ properties }: Root): void {
  const types = list(properties ?? {}, 'groupTypes')
  if (types !== undefined && !types.includes('Unified')) throw new EngineError('graph.no-mailbox')
}

/** That group is gone if it is not found: it was there a moment ago. */
export async function inGroup<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    throw isEngineError(error, 'graph.not-found') ? new EngineError('graph.root-gone', { cause: error }) : error
  }
}

/** Stored under the id of its group: its own is not told to everybody who may read its events. */
export function groupCalendar(group: string, calendar: JsonObject): Container {
  const { id, changeKey: _changes, ...facts } = calendar
  const name = text(calendar, 'name') ?? usualName
  const properties: JsonObject = {
    ...facts,
    id: group,
    name,
    isDefaultCalendar: true,
    ...(id === undefined ? {} : { calendarId: id }),
  }
  return { id: group, parentId: undefined, name, properties: containerMetadata('calendar', name, properties) }
}
