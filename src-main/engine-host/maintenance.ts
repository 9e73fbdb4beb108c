import { check } from '../commands/check.ts'
import { drill, keepDrill, tellDrill } from '../commands/parts/drill.ts'
import { DRILL_SAMPLES } from '../commands/parts/drill-options.ts'
import { exitCodes, type ExitCode } from '../commands/parts/exit-codes.ts'
import { openRepositoryAt, whileLocked } from '../commands/parts/repository.ts'
import type { Session } from '../commands/parts/session.ts'
import { prune } from '../commands/prune.ts'
import type { ParamsOf } from '../../src-shared/ipc/contract.ts'
import type { GivenOptions, Handlers } from './context.ts'
import type { HostServices } from './services.ts'

/** Operations that look after a repository; each alone at its place. */
export function maintenanceHandlers({
  operations,
}: HostServices): Handlers<'check.start' | 'drill.start' | 'prune.start'> {
  return {
    'check.start': ({ place, read }) =>
      operations.start(
        { kind: 'check', place, plan: null, dryRun: false, alone: place, options: readOptions(read) },
        ({ session }) => check(session),
      ),
    'drill.start': ({ place }) =>
      operations.start({ kind: 'drill', place, plan: null, dryRun: false, alone: place }, ({ session }) =>
        drillAt(session, place),
      ),
    'prune.start': ({ place, dryRun }) =>
      operations.start(
        { kind: 'prune', place, plan: null, dryRun, alone: place, options: dryRun ? { 'dry-run': true } : {} },
        ({ session }) => prune(session),
      ),
  }
}

function readOptions(read: ParamsOf<'check.start'>['read']): GivenOptions {
  if (read === 'structure') return {}
  return read === 'all' ? { 'read-data': true } : { 'read-data-subset': `${String(read)}%` }
}

/** Restores samples of the latest snapshot in memory. */
async function drillAt(session: Session, place: string): Promise<ExitCode> {
  const opened = await openRepositoryAt(session, place, { mayBeCached: false })
  const { repository } = opened
  const report = await whileLocked(session, opened, { exclusive: false, readsOnly: true }, (signal) =>
    drill(session, repository, { sample: DRILL_SAMPLES }, signal),
  )
  tellDrill(session, report)
  await keepDrill(session, repository.config.id, report)
  return report.bad.length > 0 ? exitCodes.failed : exitCodes.done
}
