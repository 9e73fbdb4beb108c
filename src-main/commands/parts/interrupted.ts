import { EngineError, isEngineError } from '../../engine/model/errors.ts'

/** Names what was stopped, so that the message says what became of it. */
export async function naming<T>(what: 'backup' | 'restore', signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const isStop = isEngineError(error, 'cancelled') ? !('reason' in error.context) : !isEngineError(error)
    if (!signal.aborted || !isStop || isClosedOutput(signal)) throw error
    throw new EngineError('cancelled', { context: { reason: what }, cause: error })
  }
}

function isClosedOutput({ reason }: AbortSignal): boolean {
  return isEngineError(reason, 'cancelled') && 'reason' in reason.context
}
