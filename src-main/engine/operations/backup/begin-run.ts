import type { Catalog } from '../../catalog/catalog.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import { kindOfRoot } from '../../model/root-path.ts'
import type { BackupOptions } from './model.ts'

export interface BegunRun {
  readonly seriesKey: number
  readonly seq: number
  /** An earlier run that was interrupted is continued. */
  readonly resumed: boolean
}

/**
 * Begins the run, or continues the one that was interrupted, if everything that it had stored is still there: a prune
 * may have removed it meanwhile, since no snapshot names it yet.
 */
export function beginRun(options: BackupOptions): BegunRun {
  const { catalog, repository, series, clock } = options
  const seriesKey = catalog.series(series)
  const begun = catalog.beginRun(seriesKey, clock.now())
  if (!begun.resumed || isStored(options, repository, catalog, seriesKey, begun.seq)) return { seriesKey, ...begun }
  catalog.abandonRun(seriesKey)
  return { seriesKey, seq: catalog.beginRun(seriesKey, clock.now()).seq, resumed: false }
}

function isStored(
  { readers }: BackupOptions,
  repository: OpenRepository,
  catalog: Catalog,
  seriesKey: number,
  seq: number,
): boolean {
  for (const root of catalog.roots(seriesKey))
    for (const { folder } of readers[kindOfRoot(root.path)])
      for (const { graphId } of catalog.containers(seq, root.key, folder))
        for (const shard of catalog.touchedShards(seq, root.key, folder, graphId))
          for (const { metadata, content, parts } of catalog.edits(seq, root.key, folder, graphId, shard).put)
            if (
              ![metadata, content ?? [], ...parts.map(({ blobs }) => blobs)]
                .flat()
                .every((blob) => repository.has(blob, 'data'))
            )
              return false
  return true
}
