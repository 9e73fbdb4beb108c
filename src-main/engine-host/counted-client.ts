import type { AccountingSnapshot } from '../graph/client/accounting.ts'
import type { GraphClient, GraphRequest, PageOptions } from '../graph/client/types.ts'

/** The same client, which counts from now on; whoever has it does not close it. */
export function countedFromNow(client: GraphClient): GraphClient {
  const before = client.accounting()
  return {
    json: <T>(request: GraphRequest) => client.json<T>(request),
    bytes: (request) => client.bytes(request),
    stream: (request) => client.stream(request),
    pages: <T>(request: GraphRequest, options?: PageOptions) => client.pages<T>(request, options),
    batch: (members, options) => client.batch(members, options),
    putRange: (request) => client.putRange(request),
    accounting: () => since(before, client.accounting()),
    close: () => Promise.resolve(),
  }
}

function since(before: AccountingSnapshot, now: AccountingSnapshot): AccountingSnapshot {
  const classes = now.byStatusClass
  return {
    requests: now.requests - before.requests,
    batchMembers: now.batchMembers - before.batchMembers,
    retried: now.retried - before.retried,
    throttled: now.throttled - before.throttled,
    throttledMs: now.throttledMs - before.throttledMs,
    bytesIn: now.bytesIn - before.bytesIn,
    bytesOut: now.bytesOut - before.bytesOut,
    byStatusClass: {
      '2xx': classes['2xx'] - before.byStatusClass['2xx'],
      '3xx': classes['3xx'] - before.byStatusClass['3xx'],
      '4xx': classes['4xx'] - before.byStatusClass['4xx'],
      '5xx': classes['5xx'] - before.byStatusClass['5xx'],
      none: classes.none - before.byStatusClass.none,
    },
  }
}
