import type { GraphError } from '../http/errors.ts'
import type { Reply } from '../http/exchange.ts'
import type { Address, RouteCall, RouteParameters } from '../routes/context.ts'

/** What Graph counts together: per app and mailbox, otherwise per app and tenant. */
export type PoolKind = 'mailbox' | 'onenote' | 'drive' | 'teams' | 'planner' | 'directory'

export type RouteCost = number | ((call: RouteCall) => number)

export interface ServiceRoute {
  /** Name of one of the service's permissions; undefined for pre-authenticated addresses. */
  readonly permission: string | undefined
  readonly pool: PoolKind | undefined
  /** Resource units; 1 unless told. A function where they depend on the request. */
  readonly cost?: RouteCost
  /** Whether the answer is content (file bytes, message bodies, pictures) and not a listing. */
  readonly content?: boolean
  /** Whom the token has to be for, where that is not Graph: such requests are no part of its contract. */
  readonly audience?: (parameters: RouteParameters) => string
  readonly run: (call: RouteCall) => Reply | Promise<Reply>
  /** The answer to a `break-cursor` fault; nothing when the request carries no cursor. */
  readonly deadCursor?: (call: RouteCall, code: string | undefined) => GraphError | undefined
}

/**
 * One service of Graph with its own folder here: state, routes, rendering. State hangs at the tenant:
 * `tenant.service(make)` makes it when it is first asked for and gives the same one ever after.
 */
export interface Service {
  /** Path segments that an id follows, and the name of that path parameter: `{ calendars: 'calendar' }`. */
  readonly collections: Readonly<Record<string, string>>
  /** Segments that may follow a collection without being an id, in their documented spelling. */
  readonly operations: readonly string[]
  /** Roles (application permissions) of which any one is enough, by the name that routes use. */
  readonly permissions: Readonly<Record<string, readonly string[]>>
  /** Roles that the simulator's application has unless a test says otherwise. */
  readonly granted: readonly string[]
  /** By method and template: `GET users/{user}/events/{event}`. */
  readonly routes: Readonly<Record<string, ServiceRoute>>
  /** Reads paths of a form of their own (`root:/a/b.txt:/content`), below the version and still percent-encoded. */
  readonly address?: (path: string) => Address | undefined
  /** Longest body accepted on this path, when it is not Graph's usual limit. */
  readonly bodyLimit?: (path: string) => number | undefined
}
