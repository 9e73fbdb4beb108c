import type { Root } from '../../engine/ports/data-type.ts'
import type { GraphClient } from '../client/types.ts'

/** The chats of one user, as the client addresses them. */
export interface Chats {
  readonly client: GraphClient
  /** Graph id of the user. */
  readonly user: string
  readonly signal: AbortSignal
}

export function chatsOf(client: GraphClient, root: Root, signal: AbortSignal): Chats {
  return { client, user: root.id, signal }
}
