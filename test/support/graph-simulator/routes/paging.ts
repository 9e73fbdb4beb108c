import { badRequest } from '../http/errors.ts'
import { jsonReply } from '../http/exchange.ts'
import type { Reply } from '../http/exchange.ts'
import { appliedPreferences } from '../odata/query.ts'
import type { MailboxCall } from './context.ts'

export interface PageOptions<T> {
  /** For @odata.context: what stands behind the user. */
  readonly kind: string
  readonly defaultPage: number
  readonly largestPage: number
  readonly render: (entity: T) => object
}

/** One page of a collection, with `$top`, `$skip`, `$count` and the nextLink Outlook makes of them. */
export function collectionPage<T>(call: MailboxCall, all: readonly T[], options: PageOptions<T>): Reply {
  const { query, context, user, request, preferences } = call
  const size = pageSize(query.integer('$top'), options)
  const start = query.integer('$skip') ?? 0
  const page = all.slice(start, start + size)
  const more = start + size < all.length
  return jsonReply(
    200,
    {
      '@odata.context': `${context.origin()}/v1.0/$metadata#users('${user.id}')/${options.kind}`,
      ...(query.flag('$count') ? { '@odata.count': all.length } : {}),
      value: page.map(options.render),
      ...(more ? { '@odata.nextLink': nextLink(context.origin(), request.path, request.queryText, start + size) } : {}),
    },
    appliedPreferences(preferences),
  )
}

function pageSize<T>(top: number | undefined, options: PageOptions<T>): number {
  if (top === undefined) return options.defaultPage
  if (top >= 1 && top <= options.largestPage) return top
  throw badRequest(
    `The limit of '${String(options.largestPage)}' for Top query has been exceeded. The value from the incoming request is '${String(top)}'.`,
    'ErrorInvalidUrlQuery',
  )
}

function nextLink(origin: string, path: string, queryText: string, skip: number): string {
  const kept = queryText.split('&').filter((part) => part !== '' && !/^(\$|%24)skip=/i.test(part))
  return `${origin}${path}?${[...kept, `$skip=${String(skip)}`].join('&')}`
}
