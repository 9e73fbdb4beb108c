import { BoundedWork } from '../../bounded-work.ts'
import type { CatalogRoot } from '../../catalog/model.ts'
import { isEngineError } from '../../model/errors.ts'
import type { ChangePage, ChangeStart, Container, DataTypeReader, Root } from '../../ports/data-type.ts'
import { BegunChanges } from './begun-changes.ts'
import type { RunContext } from './context.ts'
import type { ItemTaker } from './items.ts'

/** Items of one container that are read at the same time; the Graph client decides how many requests that makes. */
const ITEMS_AT_ONCE = 8

/** Times that a listing may lose its place before the container counts as not refreshed. */
const MAX_LOSSES = 3

/** An interrupted listing: where it goes on, and whether it is one that tells what is gone by what it does not show. */
interface Interrupted {
  readonly next: string
  readonly full: boolean
}

/** Reads the changes of one container. */
export class ContainerChanges {
  readonly #run: RunContext
  readonly #reader: DataTypeReader
  readonly #row: CatalogRoot
  readonly #taker: ItemTaker
  readonly #begun: BegunChanges

  constructor(run: RunContext, reader: DataTypeReader, root: Root, row: CatalogRoot, taker: ItemTaker) {
    this.#run = run
    this.#reader = reader
    this.#row = row
    this.#taker = taker
    this.#begun = new BegunChanges(reader, root, run.signal)
  }

  /** Whether it was never read to the end. */
  isNew({ id }: Container): boolean {
    return this.#run.catalog.cursor(this.#row.key, this.#reader.folder, id) === undefined
  }

  /**
   * Asks for the first changes of containers that were read before, all at once: most have none, and the questions can
   * travel together.
   */
  begin(containers: readonly Container[]): void {
    for (const container of containers) {
      const cursor = this.#run.catalog.cursor(this.#row.key, this.#reader.folder, container.id)
      if (cursor !== undefined && this.#interrupted(container) === undefined) this.#begun.begin(container, cursor)
    }
  }

  /** Leaves what was begun and not read. */
  async leave(): Promise<void> {
    await this.#begun.leave()
  }

  /** Reads all changes since the cursor; without a cursor, or with a dead one, the whole container. */
  async read(container: Container): Promise<void> {
    for (let losses = 0; ; losses++) {
      try {
        await (losses === 0 ? this.#goOn(container) : this.#listWhole(container))
        return
      } catch (error) {
        if (!isEngineError(error, 'graph.cursor-lost') || losses >= MAX_LOSSES) throw error
      }
    }
  }

  /** The container is filtered out: what an earlier run stored of it is not carried on. */
  async leaveOut({ id }: Container): Promise<void> {
    const { catalog, checkpoints, seq } = this.#run
    const { folder } = this.#reader
    if (catalog.countItems(this.#row.key, folder, id) === 0) return
    await checkpoints.record(() => {
      catalog.beginListing(this.#row.key, folder, id)
      catalog.removeUnseen(seq, this.#row.key, folder, id)
    })
  }

  /** Goes on where the last run, or this one before it was interrupted, stopped. */
  async #goOn(container: Container): Promise<void> {
    const cursor = this.#run.catalog.cursor(this.#row.key, this.#reader.folder, container.id)
    const interrupted = this.#interrupted(container)
    if (interrupted !== undefined) await this.#list(container, { next: interrupted.next }, interrupted.full)
    else if (cursor !== undefined) await this.#list(container, { cursor }, false)
    else await this.#listWhole(container)
  }

  async #listWhole(container: Container): Promise<void> {
    await this.#run.checkpoints.record(() => {
      this.#run.catalog.beginListing(this.#row.key, this.#reader.folder, container.id)
    })
    await this.#list(container, {}, true)
  }

  async #list(container: Container, start: ChangeStart, full: boolean): Promise<void> {
    const work = new BoundedWork(ITEMS_AT_ONCE, this.#run.stop)
    let cursor: string | undefined
    let pagesDone: Promise<void> = Promise.resolve()
    try {
      for await (const page of this.#begun.take(container, start)) {
        cursor = page.cursor
        const items = await this.#startPage(container, page, work)
        pagesDone = this.#afterPage(container, page, full, Promise.all([pagesDone, ...items]))
        pagesDone.catch(() => undefined) // awaited at the end
      }
    } finally {
      // A listing that begins anew must not mix with what this one still has under way.
      await work.settle()
      await Promise.allSettled([pagesDone])
    }
    await work.finish()
    await pagesDone
    await this.#finish(container, cursor, full)
  }

  async #startPage(container: Container, page: ChangePage, work: BoundedWork): Promise<Promise<void>[]> {
    const items: Promise<void>[] = []
    for (const change of page.changes) {
      await work.start(async () => {
        const taken = this.#taker.take(container, change)
        items.push(taken)
        await taken
      })
    }
    return items
  }

  /** Once everything of a page is recorded, an interrupted run may go on behind it. */
  async #afterPage(container: Container, page: ChangePage, full: boolean, recorded: Promise<unknown>): Promise<void> {
    await recorded
    const { next } = page
    if (next === undefined) return
    const interrupted: Interrupted = { next, full }
    await this.#setProgress(container, JSON.stringify(interrupted))
  }

  async #finish(container: Container, cursor: string | undefined, full: boolean): Promise<void> {
    const { catalog, checkpoints, seq } = this.#run
    const { folder } = this.#reader
    await checkpoints.record(() => {
      if (full) catalog.removeUnseen(seq, this.#row.key, folder, container.id)
      catalog.setCursor(this.#row.key, folder, container.id, cursor)
      catalog.setProgress(this.#row.key, folder, container.id, undefined)
    })
  }

  async #setProgress(container: Container, next: string): Promise<void> {
    await this.#run.checkpoints.record(() => {
      this.#run.catalog.setProgress(this.#row.key, this.#reader.folder, container.id, next)
    })
  }

  #interrupted(container: Container): Interrupted | undefined {
    const { next } = this.#run.catalog.progress(this.#row.key, this.#reader.folder, container.id)
    return next === undefined ? undefined : (JSON.parse(next) as Interrupted)
  }
}
