import type { Envelope } from '../../src-shared/ipc/errors.ts'

/** What main says to the engine host, one object per message. Ids count up, in each direction by itself. */
export type ToHost =
  /** `method` and `params` are those of the contract, or of the internal methods; main has parsed them. */
  | { readonly kind: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  /** Nobody waits for that request any more: the host stops what it does for it, and still replies. */
  | { readonly kind: 'abort'; readonly id: number }
  /** Answers a question of the host. */
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer }

/** What the engine host says to main. */
export type FromHost =
  /** Once, when requests are welcome. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'reply'; readonly id: number; readonly envelope: Envelope<unknown> }
  /** `topic` and `value` are those of `hostTopics`. */
  | { readonly kind: 'event'; readonly topic: string; readonly value: unknown }
  | ({ readonly kind: 'ask'; readonly id: number } & Question)
  /** The host does not want the answer to that question any more: a window that is open for it closes. */
  | { readonly kind: 'withdraw'; readonly id: number }

/** What only the shell can do for the host. */
export interface Question {
  readonly question: 'openSignInWindow'
  readonly params: SignInPage
}

/** A sign-in page, and the address that it sends the person back to. */
export interface SignInPage {
  readonly url: string
  readonly redirectUri: string
}

/** `back`: the whole address that the page came back to. `closed`: the window was closed before. `refused`: none opened. */
export type Answer =
  { readonly outcome: 'back'; readonly url: string } | { readonly outcome: 'closed' } | { readonly outcome: 'refused' }

/** The host is started as `engine-host.js --profile <folder>`. */
export const profileArgument = '--profile'
