import { BoundedWork } from '../../bounded-work.ts'
import type { CatalogRoot } from '../../catalog/model.ts'
import type { EngineError } from '../../model/errors.ts'
import type { Container, ContainerListing, DataTypeReader, Root } from '../../ports/data-type.ts'
import { lastListing, takeListing } from './container-rows.ts'
import { ContainerChanges } from './container-changes.ts'
import { isLocal, type RunContext } from './context.ts'
import { ItemTaker } from './items.ts'
import { FILTER_CURSOR } from './snapshot-files.ts'
import { UnreadItems } from './unread-items.ts'

/** Containers of one root that are read at the same time: enough to keep Graph's four places for a mailbox busy. */
const CONTAINERS_AT_ONCE = 4

/** Reads one data type of one root. What cannot be listed keeps the content of the previous snapshot. */
export async function readRoot(run: RunContext, reader: DataTypeReader, root: Root, row: CatalogRoot): Promise<void> {
  const typePath = `${row.path}/${reader.folder}`
  run.tell(typePath)
  await beginAnewWithFilter(run, reader, row)
  try {
    const listing = await reader.containers(root, lastListing(run, reader, row), run.signal)
    await run.checkpoints.record(() => {
      takeListing(run, reader, row, listing)
    })
    const complete = await readContainers(run, reader, root, row, listing.containers)
    if (listing.tellsItems === true && complete) await keepListingCursor(run, reader, row, listing)
  } catch (error) {
    if (!isLocal(error)) throw error
    noteFailedListing(run, typePath, error, run.catalog.containers(run.seq, row.key, reader.folder).length > 0)
  } finally {
    await reader.finished?.(root)
  }
}

/** What was left out before shows up in no change: with another filter everything is listed again. */
async function beginAnewWithFilter(run: RunContext, reader: DataTypeReader, row: CatalogRoot): Promise<void> {
  const { catalog, checkpoints, filter } = run
  const fingerprint = filter?.fingerprint ?? ''
  if ((catalog.cursor(row.key, reader.folder, FILTER_CURSOR) ?? '') === fingerprint) return
  await checkpoints.record(() => {
    catalog.forgetCursors(row.key, reader.folder)
    catalog.setCursor(row.key, reader.folder, FILTER_CURSOR, fingerprint === '' ? undefined : fingerprint)
  })
}

/** What the listing told of the items is recorded by now: the next one may go on behind it. */
async function keepListingCursor(
  run: RunContext,
  reader: DataTypeReader,
  row: CatalogRoot,
  { cursor }: ContainerListing,
): Promise<void> {
  await run.checkpoints.record(() => {
    run.catalog.setCursor(row.key, reader.folder, '', cursor)
  })
}

/** The root has nothing of the type, or nothing that this sign-in can read. */
const ABSENT: ReadonlySet<string> = new Set([
  'graph.no-mailbox',
  'graph.no-drive',
  'graph.no-planner',
  'graph.not-for-app-only',
  'graph.forbidden',
])

/** A root that has nothing of the type, and had nothing before, is no failure. */
function noteFailedListing(run: RunContext, path: string, error: EngineError, hadContent: boolean): void {
  if (ABSENT.has(error.code) && !hadContent) run.notices.push({ path, code: error.code })
  else run.notRefreshed.push({ path, code: error.code })
}

/** Whether all of them could be read. */
async function readContainers(
  run: RunContext,
  reader: DataTypeReader,
  root: Root,
  row: CatalogRoot,
  containers: readonly Container[],
): Promise<boolean> {
  const taker = new ItemTaker(run, reader, root, row)
  const changes = new ContainerChanges(run, reader, root, row, taker)
  const folders = new Map(run.catalog.containers(run.seq, row.key, reader.folder).map((c) => [c.graphId, c.path]))
  const unrefreshed = new Map<string, Container>()
  const work = new BoundedWork(CONTAINERS_AT_ONCE, run.stop)
  for (const container of containers) {
    const path = `${row.path}/${reader.folder}/${folders.get(container.id) ?? ''}`
    await work.start(async () => {
      if (run.filter?.takesContainer(path) === false) await changes.leaveOut(container)
      else if (!(await readContainer(run, changes, container, path))) unrefreshed.set(container.id, container)
    })
  }
  await work.finish()
  const unread = new UnreadItems(run, reader, root, row, taker)
  await unread.retry(new Map(containers.map((container) => [container.id, container])))
  await unread.findMoved(unrefreshed)
  unread.report(folders)
  return unrefreshed.size === 0
}

/** Whether the container's changes could be read, all of them. */
async function readContainer(
  run: RunContext,
  changes: ContainerChanges,
  container: Container,
  path: string,
): Promise<boolean> {
  run.signal.throwIfAborted()
  // Only a container that is read whole has as many items to come as it says.
  run.tell(path, changes.isNew(container) ? container.items : undefined)
  try {
    await changes.read(container)
    run.counts.containers++
    return true
  } catch (error) {
    if (!isLocal(error)) throw error
    // Never readable, e.g. a plan that the user has left: nothing is missing that was there before.
    const isKept = error.code !== 'graph.forbidden' || !changes.isNew(container)
    if (isKept) run.notRefreshed.push({ path, code: error.code })
    else run.notices.push({ path, code: error.code })
    return false
  }
}
