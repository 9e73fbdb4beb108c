import { formatCount } from '../../src-shared/text/amounts.ts'
import { removeLocks } from '../engine/index.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { openNamedRepository } from './parts/repository.ts'
import type { Session } from './parts/session.ts'
import { systemClock } from '../graph/client/system-clock.ts'

/** Removes locks that nobody holds any more, or all. */
export async function unlock(session: Session): Promise<ExitCode> {
  const { output, values, signal } = session
  const { repository } = await openNamedRepository(session)
  const all = values.flag('remove-all') === true
  const removed = await removeLocks(repository.store, repository.sealer, { all, now: systemClock.now(), signal })
  output.summary(removed === 0 ? 'There was no lock to remove.' : `Removed ${formatCount(removed, 'lock')}.`)
  output.object({ message_type: 'summary', locks_removed: removed })
  return exitCodes.done
}
