import type { Pool } from './limits.ts'
import { addQuery, anonymousUrl, graphUrl } from './graph-url.ts'
import type { GraphRequest, Method } from './types.ts'

/** A request as it goes out, again and again if need be. */
export interface Prepared {
  readonly method: Method
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | undefined
  readonly pool: Pool
  readonly anonymous: boolean
  readonly idempotent: boolean
  readonly weight: number
  readonly cost: number
  /** Clock time. */
  readonly notBefore: number
  readonly signal: AbortSignal | undefined
}

export function prepare(request: GraphRequest, base: URL, userAgent: string): Prepared {
  const method = request.method ?? 'GET'
  const anonymous = request.anonymous ?? false
  const url = anonymous ? anonymousUrl(request.path) : graphUrl(base, request.path)
  return {
    method,
    url: addQuery(url, request.query ?? {}),
    headers: {
      // Gotcha 32: a Range without it may be refused.
      accept: '*/*',
      'user-agent': userAgent,
      ...bodyHeaders(request),
      ...preferHeader(request.pool, request.prefer ?? []),
      ...lowerCased(request.headers ?? {}),
    },
    body: encodeBody(request.body),
    pool: request.pool,
    anonymous,
    idempotent: request.idempotent ?? method !== 'POST',
    weight: 1,
    cost: request.cost ?? 1,
    notBefore: 0,
    signal: request.signal,
  }
}

/**
 * Outlook's ids are asked for in their immutable form in each and every request: mixing the two forms breaks delta
 * cursors. https://learn.microsoft.com/graph/outlook-immutable-id
 */
export function preferHeader(pool: Pool, prefer: readonly string[]): { readonly prefer?: string } {
  const values = pool.kind === 'mailbox' ? ['IdType="ImmutableId"', ...prefer] : prefer
  return values.length === 0 ? {} : { prefer: values.join(', ') }
}

function bodyHeaders(request: GraphRequest): { readonly 'content-type'?: string } {
  if (request.body === undefined) return {}
  return { 'content-type': request.contentType ?? defaultType(request.body) }
}

function defaultType(body: NonNullable<GraphRequest['body']>): string {
  if (typeof body === 'string') return 'text/plain'
  return body instanceof Uint8Array ? 'application/octet-stream' : 'application/json'
}

function encodeBody(body: GraphRequest['body']): Uint8Array | undefined {
  if (body === undefined || body instanceof Uint8Array) return body
  return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
