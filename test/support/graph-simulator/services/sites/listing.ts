import { jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import { isObject } from '../../routes/request-json.ts'
import { parseSelect, propertyNames } from '../../odata/query.ts'
import { invalidRequest } from './errors.ts'

export type Rendered = Record<string, unknown>

export interface ListingOptions<T> {
  /** Behind `$metadata#`. */
  readonly context: string
  /** Entities of a page without a `$top`. */
  readonly defaultPage: number
  readonly largestPage: number
  readonly render: (entity: T) => Rendered
}

/** A page of a collection with `$top`, `$skiptoken`, and the nextLink that goes on from it. */
export function listingPage<T>(call: RouteCall, all: readonly T[], options: ListingOptions<T>): Reply {
  const top = call.query.integer('$top')
  if (top === 0) throw invalidRequest('$top must be at least 1.')
  const size = Math.min(top ?? options.defaultPage, options.largestPage)
  const start = startOf(call)
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#${options.context}`,
    ...(start === 0 && call.query.flag('$count') ? { '@odata.count': all.length } : {}),
    value: all.slice(start, start + size).map(options.render),
    ...(start + size < all.length ? { '@odata.nextLink': pageAddress(call, '$skiptoken', { at: start + size }) } : {}),
  })
}

/** The request's address with another token. */
export function pageAddress(call: RouteCall, name: string, state: object): string {
  const { context, request } = call
  const kept = request.queryText
    .split('&')
    .filter((part) => part !== '' && !/^(\$|%24)?(skip|delta)?token=/i.test(part))
  return `${context.origin()}${request.path}?${[...kept, `${name}=${context.seal.seal(state)}`].join('&')}`
}

function startOf(call: RouteCall): number {
  const token = call.query.get('$skiptoken')
  if (token === undefined) return 0
  const value = call.context.seal.open(token)
  if (!isObject(value) || typeof value.at !== 'number') throw invalidRequest('The skip token is not valid.')
  return value.at
}

/** What the request's `$select` leaves of an entity; annotations and the id stay. */
export function selecting(call: RouteCall, names: readonly string[], type: string): (entity: Rendered) => Rendered {
  const selected = parseSelect(call.query.get('$select'), propertyNames(names), type)
  if (selected === undefined) return (entity) => entity
  return (entity) =>
    Object.fromEntries(Object.entries(entity).filter(([name]) => selected.has(name) || name.startsWith('@odata.')))
}
