import { BoundedWork } from '../../bounded-work.ts'
import type { CatalogRoot } from '../../catalog/model.ts'
import { kindOfRoot, rootPath } from '../../model/root-path.ts'
import type { Root, RootKind, UnlistedRoots } from '../../ports/data-type.ts'
import type { RunContext } from './context.ts'
import { readRoot } from './root-run.ts'

/** Roots that are read at the same time; each has four places of its own at Graph. */
const ROOTS_AT_ONCE = 4

/** Reads all roots, and takes away those that are gone. Gives their number by kind. */
export async function readRoots(run: RunContext): Promise<ReadonlyMap<RootKind, number>> {
  const listed = new Set<number>()
  const unlisted: UnlistedRoots[] = []
  const numbers = new Map<RootKind, number>()
  const work = new BoundedWork(ROOTS_AT_ONCE, run.stop)
  try {
    for await (const root of run.roots) {
      if (isUnlisted(root)) {
        keepUnlisted(run, root)
        unlisted.push(root)
        continue
      }
      const row = await run.checkpoints.record(() => run.catalog.root(run.seq, root.id, rootPath(root)))
      if (listed.has(row.key)) continue
      listed.add(row.key)
      numbers.set(root.kind, (numbers.get(root.kind) ?? 0) + 1)
      await work.start(() => readOne(run, root, row))
    }
  } finally {
    await work.settle()
  }
  await work.finish()
  await run.checkpoints.record(() => {
    removeOthers(run, listed, unlisted)
  })
  return numbers
}

async function readOne(run: RunContext, root: Root, row: CatalogRoot): Promise<void> {
  await run.checkpoints.record(() => {
    dropOtherTypes(run, root, row)
  })
  await readRoot(run, root, row)
  run.counts.roots++
}

/** A type that is not read in this run is not in its snapshot; the catalog must not say that it is. */
function dropOtherTypes({ catalog, seq, readers, notices }: RunContext, { kind }: Root, row: CatalogRoot): void {
  for (const type of catalog.types(seq, row.key)) {
    if (readers[kind].some(({ folder }) => folder === type)) continue
    catalog.removeType(seq, row.key, type)
    notices.push({ path: `${row.path}/${type}`, code: 'type-left-out' })
  }
}

/** Nobody could tell which roots there are: none of them counts as gone. */
function keepUnlisted({ catalog, seriesKey, notices, notRefreshed }: RunContext, unlisted: UnlistedRoots): void {
  const had = catalog.roots(seriesKey).some(({ path }) => mayBe(unlisted, path))
  const { code, below } = unlisted
  const path = below === undefined ? `${unlisted.unlisted}s` : rootPath({ kind: unlisted.unlisted, name: below })
  if (had) notRefreshed.push({ path, code })
  // Who cannot be asked for what is below it says so itself when it is read.
  else if (below === undefined) notices.push({ path, code })
}

/** Whether a root could be one of those that were not listed. */
function mayBe({ unlisted, below }: UnlistedRoots, path: string): boolean {
  if (kindOfRoot(path) !== unlisted) return false
  return below === undefined || path.startsWith(`${rootPath({ kind: unlisted, name: below })}/`)
}

function removeOthers(
  { catalog, seq, seriesKey, notices }: RunContext,
  listed: ReadonlySet<number>,
  unlisted: readonly UnlistedRoots[],
): void {
  for (const { key, path } of catalog.roots(seriesKey)) {
    if (listed.has(key) || unlisted.some((one) => mayBe(one, path))) continue
    catalog.removeRoot(seq, key)
    notices.push({ path, code: 'root-gone' })
  }
}

function isUnlisted(root: Root | UnlistedRoots): root is UnlistedRoots {
  return 'unlisted' in root
}
