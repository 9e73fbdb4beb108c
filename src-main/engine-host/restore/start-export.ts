import { formats } from '../../commands/export/formats.ts'
import { exportItems } from '../../commands/export.ts'
import type { HexId } from '../../engine/index.ts'
import type { Handlers, HostContext, OpenPlace } from '../context.ts'
import { countedWork } from './counted-work.ts'
import { countFiles, countItems } from './expected-amounts.ts'

type Start = Handlers<'export.start'>['export.start']
type Format = Parameters<Start>[0]['format']

/** Writes items in formats of other programs as `holdfast export` does. */
export function startExport(context: HostContext): Start {
  return async ({ place, snapshot, paths, format, folder }) => {
    const options = { format, to: folder }
    const wish = {
      kind: 'export',
      place,
      plan: null,
      dryRun: false,
      options,
      args: [place, snapshot, ...paths],
    } as const
    return await context.operations.start(wish, (operation) =>
      countedWork(context, place, operation, countFor(format, snapshot as HexId, paths), exportItems),
    )
  }
}

/** A zip counts files, everything else the items that have the format. Pages of conversations are not counted. */
function countFor(format: Format, snapshot: HexId, paths: readonly string[]) {
  return async ({ catalog, repository }: OpenPlace, signal: AbortSignal): Promise<number | undefined> => {
    if (format === 'html') return undefined
    if (format !== 'zip') return await countItems(catalog, snapshot, paths, formats[format].takes, signal)
    const tree = catalog.snapshots().find(({ id }) => id === snapshot)?.tree
    return tree === undefined ? undefined : await countFiles(repository, tree, paths, signal)
  }
}
