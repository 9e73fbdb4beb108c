import { readContentChoice } from './parts/content-filter.ts'
import type { ExitCode } from './parts/exit-codes.ts'
import { naming } from './parts/interrupted.ts'
import { findSnapshot } from './parts/find-snapshot.ts'
import { openNamedRepository, readLock, whileLocked } from './parts/repository.ts'
import { readRestorePlace } from './parts/restore-place.ts'
import { restoreToDisk } from './parts/restore-to-disk.ts'
import { restoreToRoot } from './parts/restore-to-root.ts'
import { requiredArgument, secretOnCommandLine, type Session } from './parts/session.ts'
import { outermost } from './parts/snapshot-paths.ts'

/** Restores a snapshot, or paths of it, to a folder on disk or to a user, group or site of a tenant. */
export async function restore(session: Session): Promise<ExitCode> {
  const { values, signal, output, args } = session
  const place = readRestorePlace(values)
  const content = readContentChoice(values.list('include'), values.list('exclude'))
  const dryRun = values.flag('dry-run') === true
  if (place.kind === 'root') for (const name of place.secretsInUrl) output.warn(secretOnCommandLine(name))
  const opened = await openNamedRepository(session)
  const { repository } = opened
  const name = requiredArgument(session, 1)
  return naming('restore', signal, () =>
    whileLocked(session, opened, readLock, async (locked) => {
      await repository.ensureIndex(locked)
      const paths = outermost(args.slice(2))
      const snapshot = await findSnapshot(session, repository, { name, paths }, locked)
      const asked = { session, repository, snapshot, paths, content, dryRun, signal: locked }
      return place.kind === 'folder' ? restoreToDisk(asked, place.path) : restoreToRoot(asked, place)
    }),
  )
}
