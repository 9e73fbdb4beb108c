import type { Catalog } from '../../catalog/catalog.ts'
import type { CatalogRoot, ItemFailure } from '../../catalog/model.ts'
import { kindOfRoot } from '../../model/root-path.ts'
import type { ByRootKind, ItemDescriber } from '../../ports/data-type.ts'
import type { RunContext } from './context.ts'

/** The catalog keeps the fingerprint of the filter among the cursors; no container has this id. */
export const FILTER_CURSOR = '\u0000filter'

/** `.holdfast/cursors.json`: with it another machine goes on where this one was. */
export interface CursorsFile {
  readonly version: 1
  readonly roots: readonly RootCursors[]
}

export interface RootCursors {
  /** Graph id. */
  readonly id: string
  /** Folder in the snapshot. */
  readonly path: string
  /** By the data type's folder. */
  readonly types: Readonly<Record<string, TypeCursors>>
}

export interface TypeCursors {
  /** What was left out, as a fingerprint; absent if nothing was. */
  readonly filter?: string
  /** Cursor of the list of containers. */
  readonly listing?: string
  /** By the container's Graph id. */
  readonly containers: Readonly<Record<string, string>>
  /** Items that could not be read and are to be tried again. */
  readonly unread: readonly ItemFailure[]
}

export function cursorsFile(run: RunContext): CursorsFile {
  const roots = run.catalog.roots(run.seriesKey).map((root) => rootCursors(run, root))
  return { version: 1, roots }
}

function rootCursors({ catalog, seq, readers }: RunContext, root: CatalogRoot): RootCursors {
  const types = readers[kindOfRoot(root.path)].map(({ folder }) => {
    const listing = catalog.cursor(root.key, folder, '')
    const containers: Record<string, string> = {}
    for (const { graphId } of catalog.containers(seq, root.key, folder)) {
      const cursor = catalog.cursor(root.key, folder, graphId)
      if (cursor !== undefined) containers[graphId] = cursor
    }
    const unread = catalog.failures(root.key, folder)
    const filter = catalog.cursor(root.key, folder, FILTER_CURSOR) ?? ''
    const words = { ...(filter === '' ? {} : { filter }), ...(listing === undefined ? {} : { listing }) }
    return [folder, { ...words, containers, unread }] as const
  })
  return { id: root.graphId, path: root.path, types: Object.fromEntries(types) }
}

/** Takes a snapshot's cursors over into a catalog that was rebuilt from it. */
export function takeCursors(
  catalog: Catalog,
  roots: readonly CatalogRoot[],
  file: CursorsFile,
  describers: ByRootKind<ItemDescriber>,
): void {
  const byId = new Map(file.roots.map((root) => [root.id, root]))
  for (const root of roots)
    for (const { folder } of describers[kindOfRoot(root.path)]) {
      const cursors = byId.get(root.graphId)?.types[folder]
      if (cursors === undefined) continue
      catalog.setCursor(root.key, folder, '', cursors.listing)
      catalog.setCursor(root.key, folder, FILTER_CURSOR, cursors.filter)
      for (const [container, cursor] of Object.entries(cursors.containers))
        catalog.setCursor(root.key, folder, container, cursor)
      takeFailures(catalog, root, folder, cursors.unread)
    }
}

/** A snapshot's failures in place of those of the snapshot before it. */
function takeFailures(catalog: Catalog, root: CatalogRoot, folder: string, unread: readonly ItemFailure[]): void {
  const still = new Set(unread.map(({ graphId }) => graphId))
  for (const { graphId } of catalog.failures(root.key, folder))
    if (!still.has(graphId)) catalog.removeFailure(root.key, folder, graphId)
  for (const failure of unread) catalog.addFailure(root.key, folder, failure)
}

/** `.holdfast/run.json`: what the run did, for people and for the run browser. */
export function runFile(run: RunContext, started: string, ended: string): object {
  const { counts, unread, notRefreshed, notices, program, series, requests } = run
  const added = { ...run.writer.counts }
  return {
    version: 1,
    program,
    started,
    ended,
    series,
    counts,
    added,
    requests: requests?.() ?? {},
    unread,
    notRefreshed,
    notices,
  }
}
