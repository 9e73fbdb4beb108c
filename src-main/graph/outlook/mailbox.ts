import type { GraphClient } from '../client/types.ts'

/** One mailbox as the client addresses it. */
export interface Mailbox {
  readonly client: GraphClient
  /** Graph id of the user. */
  readonly user: string
  readonly signal: AbortSignal
}

export function mailboxPool(user: string): { readonly kind: 'mailbox'; readonly id: string } {
  return { kind: 'mailbox', id: user }
}
