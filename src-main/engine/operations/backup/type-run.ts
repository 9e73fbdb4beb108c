import { BoundedWork } from '../../bounded-work.ts'
import type { CatalogRoot } from '../../catalog/model.ts'
import { absentPlace } from '../../model/absence.ts'
import type { EngineError, ErrorCode } from '../../model/errors.ts'
import type { Container, ContainerListing, DataTypeReader, Root } from '../../ports/data-type.ts'
import { lastListing, takeListing } from './container-rows.ts'
import { ContainerChanges } from './container-changes.ts'
import { isLocal, type RunContext } from './context.ts'
import { ItemTaker } from './items.ts'
import { FILTER_CURSOR } from './snapshot-files.ts'
import { UnreadItems } from './unread-items.ts'

/** Containers of one root that are read at the same time: enough to keep Graph's four places for a mailbox busy. */
const CONTAINERS_AT_ONCE = 4

/** Containers whose changes are asked for at the same time: as many as fit into one batch. */
const BEGUN_AT_ONCE = 20

interface Placed {
  readonly container: Container
  /** In the snapshot. */
  readonly path: string
  /** Not filtered out. */
  readonly isTaken: boolean
}

/**
 * Reads one data type of one root: `list`, then `begin` and `read`. What cannot be listed keeps the content of the
 * previous snapshot.
 */
export class TypeRun {
  readonly #run: RunContext
  readonly #reader: DataTypeReader
  readonly #root: Root
  readonly #row: CatalogRoot
  readonly #taker: ItemTaker
  readonly #changes: ContainerChanges
  readonly #path: string
  #listing: ContainerListing | undefined
  #failure: unknown
  #containers: readonly Placed[] = []

  constructor(run: RunContext, reader: DataTypeReader, root: Root, row: CatalogRoot) {
    this.#run = run
    this.#reader = reader
    this.#root = root
    this.#row = row
    this.#path = `${row.path}/${reader.folder}`
    this.#taker = new ItemTaker(run, reader, root, row)
    this.#changes = new ContainerChanges(run, reader, root, row, this.#taker)
  }

  /** Asks for the containers. Never rejects: `read` does, if need be. */
  async list(): Promise<void> {
    try {
      await beginAnewWithFilter(this.#run, this.#reader, this.#row)
      const last = lastListing(this.#run, this.#reader, this.#row)
      const listing = await this.#reader.containers(this.#root, last, this.#run.signal)
      await this.#run.checkpoints.record(() => {
        takeListing(this.#run, this.#reader, this.#row, listing)
      })
      this.#containers = this.#placed(listing)
      this.#listing = listing
    } catch (error) {
      this.#failure = error
    }
  }

  /** Asks for the changes of the first containers, to travel with what else is asked of the root. */
  begin(): void {
    this.#begin(0)
  }

  async read(): Promise<void> {
    this.#run.tell(this.#path)
    try {
      if (this.#listing === undefined) throw this.#failure
      const complete = await this.#readContainers()
      if (this.#listing.tellsItems === true && complete) await this.#keepListingCursor(this.#listing)
    } catch (error) {
      if (!isLocal(error)) throw error
      this.#noteFailure(error)
    }
  }

  /** The run is over with it, whatever came of it. */
  async leave(): Promise<void> {
    await this.#changes.leave()
    await this.#reader.finished?.(this.#root)
  }

  #placed({ containers }: ContainerListing): readonly Placed[] {
    const { catalog, seq, filter } = this.#run
    const rows = catalog.containers(seq, this.#row.key, this.#reader.folder)
    const folders = new Map(rows.map(({ graphId, path }) => [graphId, path]))
    return containers.map((container) => {
      const path = `${this.#path}/${folders.get(container.id) ?? ''}`
      return { container, path, isTaken: filter?.takesContainer(path) !== false }
    })
  }

  #begin(from: number): void {
    const next = this.#containers.slice(from, from + BEGUN_AT_ONCE)
    this.#changes.begin(next.flatMap(({ container, isTaken }) => (isTaken ? [container] : [])))
  }

  /** Whether all of them could be read. */
  async #readContainers(): Promise<boolean> {
    const unrefreshed = new Map<string, Container>()
    const work = new BoundedWork(CONTAINERS_AT_ONCE, this.#run.stop)
    try {
      for (const [index, { container, path, isTaken }] of this.#containers.entries()) {
        if (index > 0 && index % BEGUN_AT_ONCE === 0) this.#begin(index)
        await work.start(async () => {
          if (!isTaken) await this.#changes.leaveOut(container)
          else if (!(await this.#readContainer(container, path))) unrefreshed.set(container.id, container)
        })
      }
      await work.finish()
    } finally {
      await work.settle()
    }
    await this.#readUnread(unrefreshed)
    return unrefreshed.size === 0
  }

  async #readUnread(unrefreshed: ReadonlyMap<string, Container>): Promise<void> {
    const unread = new UnreadItems(this.#run, this.#reader, this.#root, this.#row, this.#taker)
    await unread.retry(new Map(this.#containers.map(({ container }) => [container.id, container])))
    await unread.findMoved(unrefreshed)
    const type = `${this.#path}/`
    unread.report(new Map(this.#containers.map(({ container, path }) => [container.id, path.slice(type.length)])))
  }

  /** Whether the container's changes could be read, all of them. */
  async #readContainer(container: Container, path: string): Promise<boolean> {
    const { signal, counts, notRefreshed, notices } = this.#run
    signal.throwIfAborted()
    // Only a container that is read whole has as many items to come as it says.
    this.#run.tell(path, this.#changes.isNew(container) ? container.items : undefined)
    try {
      await this.#changes.read(container)
      counts.containers++
      return true
    } catch (error) {
      if (!isLocal(error)) throw error
      // Never readable, e.g. a plan that the user has left: nothing is missing that was there before.
      const isKept = error.code !== 'graph.forbidden' || !this.#changes.isNew(container)
      if (isKept) notRefreshed.push({ path, code: error.code })
      else notices.push({ path, code: error.code })
      return false
    }
  }

  /** What the listing told of the items is recorded by now: the next one may go on behind it. */
  async #keepListingCursor({ cursor }: ContainerListing): Promise<void> {
    await this.#run.checkpoints.record(() => {
      this.#run.catalog.setCursor(this.#row.key, this.#reader.folder, '', cursor)
    })
  }

  /** A root that has nothing of the type, and had nothing before, is no failure. */
  #noteFailure({ code }: EngineError): void {
    const { catalog, seq, notices, notRefreshed } = this.#run
    const hadContent = catalog.containers(seq, this.#row.key, this.#reader.folder).length > 0
    if (ABSENT.has(code) && !hadContent) notices.push({ path: this.#path, code })
    else notRefreshed.push({ path: this.#path, code })
  }
}

/** The root has nothing of the type, or nothing that this sign-in can read. */
const ABSENT: ReadonlySet<string> = new Set<ErrorCode>([...absentPlace, 'graph.root-gone'])

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
