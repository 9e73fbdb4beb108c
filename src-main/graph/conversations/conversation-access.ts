import type { ErrorCode } from '../../engine/model/errors.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphClient } from '../client/types.ts'

/** What the reader found out about the sign-in on the way. */
export interface SignInFacts {
  /** Attachments of posts are refused, whichever group it is. */
  attachmentsRefused: ErrorCode | undefined
}

/** The conversations of one group as the client addresses them. */
export interface Conversations {
  readonly client: GraphClient
  /** Graph id of the group; its mailbox is counted like a user's. */
  readonly group: string
  readonly facts: SignInFacts
  readonly signal: AbortSignal
}

export function conversationsOf(
  client: GraphClient,
  { id }: Root,
  facts: SignInFacts,
  signal: AbortSignal,
): Conversations {
  return { client, group: id, facts, signal }
}

export function threadPath(group: string, thread: string): string {
  return graphPath`/groups/${group}/threads/${thread}`
}
