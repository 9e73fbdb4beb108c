import { formatCount } from '../../../src-shared/text/amounts.ts'
import { resumePacks } from '../../engine/index.ts'
import type { OpenedRepository } from './repository.ts'
import type { Session } from './session.ts'

/** Uploads what the command before did not get through with, so that nothing is uploaded twice. Under the lock. */
export async function finishUploads(
  { progress, output }: Session,
  { repository, destination }: OpenedRepository,
  signal: AbortSignal,
  confirmLock: () => Promise<void>,
): Promise<void> {
  const { spool } = destination
  if (spool === undefined) return
  const { finished, indexed, dropped } = await resumePacks({
    repository,
    spool,
    confirmLock,
    signal,
    onProgress: (done, total) =>
      progress.update(() => ({
        current: 'finishing uploads that were interrupted',
        items: done,
        expected: total,
        unit: 'packs',
      })),
  })
  progress.stop()
  if (finished > 0) output.note(`Finished ${formatCount(finished, 'upload')} that an interrupted run had begun.`)
  if (indexed > 0) output.detail(`${formatCount(indexed, 'pack')} of an interrupted run: taken into the index`)
  if (dropped > 0) output.detail(`${formatCount(dropped, 'pack')} of an interrupted run: of no use, dropped`)
}
