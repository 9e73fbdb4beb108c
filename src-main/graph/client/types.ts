import type { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { AccountingSnapshot } from './accounting.ts'
import type { Pool } from './limits.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

export interface GraphRequest {
  /** Default GET. */
  readonly method?: Method
  /** Below /v1.0, with a leading slash and its ids encoded (see `graphPath`), or an absolute URL that Graph gave. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean>>
  readonly headers?: Readonly<Record<string, string>>
  /** Kept until the request is over, since a retry sends it again. */
  readonly body?: JsonObject | Uint8Array | string
  /** Default: by the body, application/json, application/octet-stream or text/plain. */
  readonly contentType?: string
  readonly pool: Pool
  readonly signal?: AbortSignal | undefined
  /** Whether sending it twice does no harm. Default: everything but POST. */
  readonly idempotent?: boolean
  /** Values of the Prefer header; the immutable ids of mailboxes are added by the client. */
  readonly prefer?: readonly string[]
  /** A pre-authenticated address of any host: no token is sent. */
  readonly anonymous?: boolean
  /** Resource units, where Graph counts those. Default 1. */
  readonly cost?: number
  /**
   * GETs of JSON that carry the same word and are asked for at the same moment travel in one `$batch`, whatever their
   * pools: for the first questions about a root. One that fails there is sent again by itself.
   */
  readonly together?: string | undefined
}

export interface GraphPage<T> {
  readonly value: readonly T[]
  readonly nextLink?: string
  /** On the last page of a delta. */
  readonly deltaLink?: string
}

export interface PageOptions {
  /** 1: the next page is fetched while the consumer works on the present one. Default 0. */
  readonly prefetch?: 0 | 1
}

export interface GraphStream {
  readonly status: number
  /** Bytes to come, when Graph says so. */
  readonly size?: number
  /**
   * Read once, to the end or until `break`; it holds a slot of the pool for as long. A break in the middle rejects
   * with an error whose retry is `later`: start again, or go on with a Range header.
   */
  readonly body: AsyncIterable<Uint8Array>
  /** For a body that is not wanted after all. */
  readonly cancel: () => void
}

export type BatchMember = Pick<
  GraphRequest,
  'method' | 'path' | 'query' | 'headers' | 'prefer' | 'idempotent' | 'cost'
> & {
  readonly body?: JsonObject
}

export interface BatchOptions {
  readonly pool: Pool
  readonly signal?: AbortSignal | undefined
  /** The members, all of them GETs, may travel with other requests: see GraphRequest. */
  readonly together?: string | undefined
}

/** What became of one member, in the order of the members. `body` is parsed JSON, or base64 text of other content. */
export type BatchAnswer =
  | { readonly ok: true; readonly status: number; readonly body: unknown }
  | { readonly ok: false; readonly error: EngineError }

export interface RangeRequest {
  /** The session's pre-authenticated upload URL. */
  readonly url: string
  readonly bytes: Uint8Array
  /** `bytes <first>-<last>/<total>` */
  readonly contentRange: string
  readonly pool: Pool
  readonly signal?: AbortSignal | undefined
}

export interface RangeAnswer {
  /** 200 or 202 on the way, 201 or 200 at the end. */
  readonly status: number
  /** The answer's JSON, undefined when it has no body. */
  readonly body: unknown
  /** The new attachment's address, at the end of an Outlook session. */
  readonly location?: string
}

/**
 * A client of one tenant's Microsoft Graph.
 *
 * Every method rejects with an EngineError: `graph.*` (its context has graphCode, status, requestId and
 * clientRequestId as far as known), `auth.*` from the token source, or `cancelled`. Retries are over by then.
 */
export interface GraphClient {
  /** Undefined when Graph answers without a body (202, 204): say so in T. */
  json<T>(request: GraphRequest): Promise<T>
  bytes(request: GraphRequest): Promise<Uint8Array<ArrayBuffer>>
  stream(request: GraphRequest): Promise<GraphStream>
  /** Follows the next links as they come. A page may be empty and yet not the last. */
  pages<T>(request: GraphRequest, options?: PageOptions): AsyncGenerator<GraphPage<T>, void, undefined>
  /** Sends the members 20 at a time. A member that failed does not fail the others. */
  batch(members: readonly BatchMember[], options: BatchOptions): Promise<readonly BatchAnswer[]>
  /**
   * Puts one range into an upload session. After a fault it is sent again, and Graph may then answer 416 because it
   * has the range already (`graph.request-refused`, status 416): ask the session's URL what it expects next.
   */
  putRange(request: RangeRequest): Promise<RangeAnswer>
  /** What went over the wire so far. */
  accounting(): AccountingSnapshot
  /** Rejects everything under way with `cancelled` and closes the connections. */
  close(): Promise<void>
}
