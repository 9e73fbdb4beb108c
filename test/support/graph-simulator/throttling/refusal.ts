import { GraphError } from '../http/errors.ts'
import type { PoolKind } from '../services/service.ts'

export interface Refusal {
  readonly kind: PoolKind
  readonly reason: 'limit' | 'concurrency'
  /** 503 where the service has that beside 429. */
  readonly unavailable: boolean
  /** As it is written; undefined when there is to be no such header. */
  readonly retryAfter: string | undefined
  readonly application: string
}

/** The answer to a request over a limit, as the service it is about words it. */
export function refusal({ kind, reason, unavailable, retryAfter, application }: Refusal): GraphError {
  const headers = retryAfter === undefined ? {} : { 'Retry-After': retryAfter }
  if (kind === 'onenote') return new GraphError(429, '20166', 'The app has issued too many requests.', { headers })
  if (kind === 'mailbox' && reason === 'concurrency') {
    return new GraphError(429, 'ApplicationThrottled', 'Application is over its MailboxConcurrency limit.', { headers })
  }
  if (unavailable) {
    const message = 'The service is temporarily unavailable. Please retry later.'
    return new GraphError(503, 'serviceNotAvailable', message, { headers })
  }
  if (kind === 'drive') {
    const message = 'The request has been throttled.'
    return new GraphError(429, 'activityLimitReached', message, { headers, innerCode: 'throttledRequest' })
  }
  const scope = kind === 'directory' ? directoryHeaders(application) : {}
  const more = { headers: { ...headers, ...scope }, innerCode: '429' }
  return new GraphError(429, 'TooManyRequests', 'Please retry again later.', more)
}

/** Source: https://learn.microsoft.com/graph/throttling-limits#response-headers */
const directoryHeaders = (application: string): Readonly<Record<string, string>> => ({
  'x-ms-throttle-scope': `Tenant_Application/ReadWrite/${application}`,
  'x-ms-throttle-information': 'ResourceUnitLimitExceeded',
})
