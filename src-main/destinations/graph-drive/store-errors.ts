import { EngineError, isEngineError } from '../../engine/model/errors.ts'

/** Graph's words for a drive that is full. https://learn.microsoft.com/graph/errors */
const full = /^(quotaLimitReached|quotaExceeded|insufficientStorage|storageQuotaExceeded)$/i

/** Somebody else has the file open at the moment. So it is with a conflict: another upload has the name. */
const locked = 423

const passing: ReadonlySet<string> = new Set([
  'graph.throttled',
  'graph.unreachable',
  'graph.service-failed',
  'graph.stalled',
  'auth.unreachable',
])

/**
 * The store's error for what the client rejected with. What is about signing in stays as it is: it says what to do, and
 * nobody but the user can. What is about the place as a whole (`store.no-drive`, `usage`) does too.
 */
export function toStoreError(error: unknown): EngineError {
  if (!isEngineError(error)) return new EngineError('internal', { cause: error })
  const { code, context } = error
  if (code === 'cancelled' || code === 'usage' || code === 'internal' || code.startsWith('store.')) return error
  if (isFull(error)) return new EngineError('store.full', { context, cause: error })
  if ((context.status === locked && code !== 'graph.locked') || code === 'graph.conflict') return unreachable(error)
  // A certificate that is not trusted stays so.
  if (passing.has(code) && error.retry === 'later') return unreachable(error)
  if (code.startsWith('auth.') && code !== 'auth.unreachable') return error
  return new EngineError(lasting(error), { context, cause: error })
}

function lasting({
  code,
  context,
}: EngineError): 'store.not-found' | 'store.permission' | 'store.read-only' | 'store.failed' {
  if (code === 'graph.not-found') return 'store.not-found'
  if (code === 'graph.locked') return 'store.read-only'
  return code === 'graph.forbidden' && context.graphCode !== 'malwareDetected' ? 'store.permission' : 'store.failed'
}

function isFull({ context }: EngineError): boolean {
  return context.status === 507 || full.test(String(context.graphCode ?? ''))
}

function unreachable(error: EngineError): EngineError {
  return new EngineError('store.unreachable', { retry: 'later', context: error.context, cause: error })
}

/** Throws `cancelled` if the signal has fired. */
export function requireGoing(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new EngineError('cancelled', { cause: signal.reason })
}
