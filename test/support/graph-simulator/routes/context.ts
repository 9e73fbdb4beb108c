import type { AppRegistration } from '../auth/registration.ts'
import type { SimulatorClock } from '../clock.ts'
import type { SimulatorRequest } from '../http/exchange.ts'
import type { Preferences, QueryOptions } from '../odata/query.ts'
import type { Mailbox } from '../state/mailbox.ts'
import type { TenantState } from '../state/tenant.ts'
import type { StoredUser } from '../state/user.ts'
import type { TokenSeal } from './token-seal.ts'
import type { UploadSessions } from './upload-sessions.ts'

/** How delta rounds behave beyond the plain case. */
export interface DeltaOptions {
  /** Page size when the client states no preference. */
  readonly defaultPageSize?: number
  readonly maxPageSize?: number
  /** About one in so many continued pages comes empty, with a nextLink; 0: never. */
  readonly emptyPageEvery?: number
  /** About one in so many continued pages repeats the last entity of the page before; 0: never. */
  readonly repeatEvery?: number
}

/** What all routes share. */
export interface SimulatorContext {
  readonly tenant: TenantState
  readonly app: AppRegistration
  readonly clock: SimulatorClock
  readonly seed: number
  readonly delta: Required<DeltaOptions>
  readonly seal: TokenSeal
  readonly uploads: UploadSessions
  /** For instance `https://graph.microsoft.com`; known once the server listens. */
  readonly origin: () => string
}

/** One request on its way to its route. */
export interface RouteCall {
  readonly context: SimulatorContext
  readonly request: SimulatorRequest
  readonly query: QueryOptions
  readonly preferences: Preferences
  /** Path parameters, decoded. */
  readonly parameters: RouteParameters
  readonly now: number
}

/** By the name of the parameter; these are known to all routes, services have further ones. */
export interface RouteParameters {
  readonly [name: string]: string | undefined
  readonly user?: string
  /** The innermost folder named in the path. */
  readonly folder?: string
  /** The folder right above it in the path, when the path goes through childFolders. */
  readonly parentFolder?: string
  readonly message?: string
  readonly attachment?: string
  readonly session?: string
}

/** A call about a mailbox that exists. */
export interface MailboxCall extends RouteCall {
  readonly user: StoredUser
  readonly mailbox: Mailbox
}

/** A Graph path taken apart. */
export interface Address {
  /** For instance `users/{user}/messages/{message}/$value`. Folders above a named message or folder are left out of it. */
  readonly template: string
  readonly parameters: RouteParameters
}
