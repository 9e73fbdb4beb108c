import type { Root } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphClient } from '../client/types.ts'
import type { Mailbox } from '../outlook/mailbox.ts'

/** Whose calendars they are: a user, or a group, which has exactly one. `user`: the Graph id of either. */
export interface CalendarOwner extends Mailbox {
  readonly kind: 'user' | 'group'
  /** Below it are the events, whatever calendar they are in: "/users/<id>". */
  readonly path: string
}

/** Who signed in: Graph lists the events of groups, and takes new ones, for people only. */
export type SignedIn = 'app' | 'person'

export function ownerOf(client: GraphClient, { kind, id }: Root, signal: AbortSignal): CalendarOwner {
  return kind === 'group'
    ? { client, kind, user: id, path: graphPath`/groups/${id}`, signal }
    : { client, kind: 'user', user: id, path: graphPath`/users/${id}`, signal }
}

/** Graph's path of one calendar's events, views and permissions. That of a group goes without a name. */
export function calendarPath({ kind, path }: CalendarOwner, calendar: string): string {
  return kind === 'group' ? path : path + graphPath`/calendars/${calendar}`
}
