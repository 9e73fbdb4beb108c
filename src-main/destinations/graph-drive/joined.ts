import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import { requireGoing } from './store-errors.ts'

/**
 * Waits for work that several callers want and one of them does: `current` is what is under way, `start` begins it. When
 * whoever did it was cancelled, another one does it anew. Each caller stops waiting with its own signal.
 */
export async function joined<T>(
  current: () => Promise<T> | undefined,
  start: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (;;) {
    requireGoing(signal)
    const others = current()
    try {
      return await orCancelled(others ?? start(), signal)
    } catch (error) {
      requireGoing(signal)
      if (others === undefined || !isEngineError(error, 'cancelled')) throw error
    }
  }
}

async function orCancelled<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work
  const stop = Promise.withResolvers<never>()
  const cancel = (): void => {
    stop.reject(new EngineError('cancelled', { cause: signal.reason }))
  }
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await Promise.race([work, stop.promise])
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}
