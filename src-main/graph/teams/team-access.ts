import type { Root } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphClient, GraphRequest } from '../client/types.ts'
import { laterNames, teamsPool } from '../messages/access.ts'

/** The team of one group, as the client addresses it. */
export interface Team {
  readonly client: GraphClient
  /** Graph id, that of the group. */
  readonly id: string
  readonly signal: AbortSignal
}

export function teamOf(client: GraphClient, root: Root, signal: AbortSignal): Team {
  return { client, id: root.id, signal }
}

/** A request about a team: what Graph calls lines of Teams comes by its name. */
export function teamRequest({ signal }: Team, path: string, query: GraphRequest['query'] = {}): GraphRequest {
  return { path, query, pool: teamsPool, signal, prefer: [laterNames] }
}

export function messagesPath({ id }: Team, channel: string): string {
  return graphPath`/teams/${id}/channels/${channel}/messages`
}
