import { BoundedWork } from '../../bounded-work.ts'
import type { CatalogRoot, ItemFailure } from '../../catalog/model.ts'
import { isEngineError } from '../../model/errors.ts'
import { shortId } from '../../model/short-id.ts'
import type { Container, DataTypeReader, Root } from '../../ports/data-type.ts'
import { isLocal, type RunContext } from './context.ts'
import type { ItemTaker } from './items.ts'

const ITEMS_AT_ONCE = 8
const PAGE = 1_000

type FoundItem = Awaited<ReturnType<DataTypeReader['item']>>

/** What the changes of the containers alone did not settle: items that failed, and items that may only have moved. */
export class UnreadItems {
  readonly #run: RunContext
  readonly #reader: DataTypeReader
  readonly #root: Root
  readonly #row: CatalogRoot
  readonly #taker: ItemTaker

  constructor(run: RunContext, reader: DataTypeReader, root: Root, row: CatalogRoot, taker: ItemTaker) {
    this.#run = run
    this.#reader = reader
    this.#root = root
    this.#row = row
    this.#taker = taker
  }

  /** Tries items again that could not be read, in this run or before. */
  async retry(containers: ReadonlyMap<string, Container>): Promise<void> {
    await this.#forEach(this.#failures(), async ({ container: id, graphId }) => {
      const container = containers.get(id)
      if (container === undefined) await this.#taker.forgetFailure(graphId)
      else await this.#retryItem(container, graphId)
    })
  }

  /**
   * Looks for items that left their container in this run, in containers whose changes could not be read: the snapshot
   * would have lost what was moved into one of those.
   */
  async findMoved(unrefreshed: ReadonlyMap<string, Container>): Promise<void> {
    for (let after = 0; unrefreshed.size > 0;) {
      const gone = this.#run.catalog.gone(this.#run.seq, this.#row.key, this.#reader.folder, { after, limit: PAGE })
      await this.#forEach(gone, ({ graphId, container }) => this.#findMovedItem(graphId, container, unrefreshed))
      const last = gone.at(-1)
      if (last === undefined) return
      after = last.key
    }
  }

  /** The failures that are left, for the report. */
  report(folders: ReadonlyMap<string, string>): void {
    for (const { container, graphId, code } of this.#failures()) {
      const folder = `${this.#row.path}/${this.#reader.folder}/${folders.get(container) ?? ''}`
      this.#run.unread.push({ folder, id: shortId(graphId), code })
    }
  }

  #failures(): readonly ItemFailure[] {
    return this.#run.catalog.failures(this.#row.key, this.#reader.folder)
  }

  async #forEach<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
    const work = new BoundedWork(ITEMS_AT_ONCE, this.#run.stop)
    for (const item of items) {
      await work.start(async () => {
        this.#run.signal.throwIfAborted()
        await act(item)
      })
    }
    await work.finish()
  }

  async #retryItem(container: Container, id: string): Promise<void> {
    const item = await this.#item(container.id, id)
    if (item === 'failed') return
    // Gone; or moved meanwhile: its new container's changes bring it.
    if (item === 'gone' || item.container !== container.id) await this.#taker.forgetFailure(id)
    else await this.#put(container, id, item)
  }

  async #findMovedItem(id: string, from: string, unrefreshed: ReadonlyMap<string, Container>): Promise<void> {
    const item = await this.#item(from, id)
    if (item === 'gone' || item === 'failed') return
    const container = unrefreshed.get(item.container)
    if (container !== undefined) await this.#put(container, id, item)
  }

  async #put(container: Container, id: string, { properties }: FoundItem): Promise<void> {
    try {
      await this.#taker.put(container, { kind: 'put', id, properties, partial: false }, true)
    } catch (error) {
      if (!isLocal(error)) throw error
      await this.#taker.fail(container.id, id, error.code)
    }
  }

  async #item(container: string, id: string): Promise<FoundItem | 'gone' | 'failed'> {
    try {
      return await this.#reader.item(this.#root, id, this.#run.signal)
    } catch (error) {
      if (isEngineError(error, 'graph.not-found')) return 'gone'
      if (!isLocal(error)) throw error
      await this.#taker.fail(container, id, error.code)
      return 'failed'
    }
  }
}
