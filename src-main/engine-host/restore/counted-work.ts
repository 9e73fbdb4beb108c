import type { ExitCode } from '../../commands/parts/exit-codes.ts'
import type { Session } from '../../commands/parts/session.ts'
import { isEngineError } from '../../engine/index.ts'
import { withPlace } from '../browse/with-place.ts'
import type { HostContext, OperationWork, OpenPlace } from '../context.ts'
import { watchedSession } from './watched-session.ts'

/** Counts beforehand what an operation has to do; undefined if that cannot be known. */
export type CountWork = (opened: OpenPlace, signal: AbortSignal) => Promise<number | undefined>

/**
 * Runs a command with the operation's session while what it has to do is counted beside it: nobody waits for the figure, and
 * the command goes on without it.
 */
export async function countedWork(
  context: HostContext,
  place: string,
  operation: OperationWork,
  count: CountWork,
  run: (session: Session) => Promise<ExitCode>,
): Promise<ExitCode> {
  const over = new AbortController()
  const signal = AbortSignal.any([operation.session.signal, over.signal])
  let expected: number | undefined
  const counting = withPlace(context, place, signal, (opened) => count(opened, signal)).then(
    (found) => {
      expected = found
    },
    (error: unknown) => {
      // What is damaged or not there, the command itself finds and tells.
      if (!signal.aborted && !isEngineError(error)) throw error
    },
  )
  const { session, tellRemarks } = watchedSession(operation, () => expected)
  try {
    return await run(session)
  } finally {
    tellRemarks()
    over.abort()
    await counting
  }
}
