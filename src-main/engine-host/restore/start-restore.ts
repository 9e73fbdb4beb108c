import { restore } from '../../commands/restore.ts'
import type { HexId } from '../../engine/index.ts'
import type { Handlers, HostContext, OpenPlace } from '../context.ts'
import { countedWork } from './counted-work.ts'
import { countFiles, countItems } from './expected-amounts.ts'
import { targetOptions } from './target-options.ts'

type Start = Handlers<'restore.start'>['restore.start']

/** Restores paths of a snapshot as `holdfast restore` does, or says what it would do. */
export function startRestore(context: HostContext): Start {
  return async ({ place, snapshot, paths, target, dryRun }) => {
    const options = { ...targetOptions(target), ...(dryRun ? { 'dry-run': true } : {}) }
    const wish = { kind: 'restore', place, plan: null, dryRun, options, args: [place, snapshot, ...paths] } as const
    return await context.operations.start(wish, (operation) =>
      countedWork(context, place, operation, countFor(target.kind, snapshot as HexId, paths), restore),
    )
  }
}

/** A restore to a folder counts files, one to a tenant items. */
function countFor(kind: 'folder' | 'root', snapshot: HexId, paths: readonly string[]) {
  return async ({ catalog, repository }: OpenPlace, signal: AbortSignal): Promise<number | undefined> => {
    if (kind === 'root') return await countItems(catalog, snapshot, paths, () => true, signal)
    const tree = catalog.snapshots().find(({ id }) => id === snapshot)?.tree
    return tree === undefined ? undefined : await countFiles(repository, tree, paths, signal)
  }
}
