import { EngineError, type ErrorCode } from '../../engine/model/errors.ts'

const CODES: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ['ENOENT', 'store.not-found'],
  ['EACCES', 'store.permission'],
  ['EPERM', 'store.permission'],
  ['ENOSPC', 'store.full'],
  ['EDQUOT', 'store.full'],
  ['EROFS', 'store.read-only'],
])

/** What a disk that was pulled out, a network drive or a busy machine gives: the same call may go through later. */
const PASSING: ReadonlySet<string> = new Set([
  'EAGAIN',
  'EBUSY',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EINTR',
  'EIO',
  'EMFILE',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'ENFILE',
  'ENODEV',
  'ENOMEM',
  'ENONET',
  'ENOTCONN',
  'ENXIO',
  'EPIPE',
  'EREMOTEIO',
  'ESHUTDOWN',
  'ESTALE',
  'ETIMEDOUT',
])

/** The store's error for what the file system threw. https://man7.org/linux/man-pages/man3/errno.3.html */
export function toStoreError(error: unknown): EngineError {
  if (error instanceof EngineError) return error
  const errno = errnoOf(error)
  const context = errno === undefined ? {} : { errno }
  if (errno !== undefined && PASSING.has(errno))
    return new EngineError('store.unreachable', { retry: 'later', context, cause: error })
  return new EngineError(CODES.get(errno ?? '') ?? 'store.failed', { context, cause: error })
}

/** The system's name for the error ("ENOENT"). */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Throws `cancelled` if the signal has fired. */
export function requireGoing(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new EngineError('cancelled', { cause: signal.reason })
}
