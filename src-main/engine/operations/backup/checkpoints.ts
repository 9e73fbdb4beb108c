import type { Catalog } from '../../catalog/catalog.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RepositoryWriter } from '../../repository/writer.ts'

/** Rows after which a checkpoint is due whatever the time: they wait in one transaction. */
const MAX_ROWS = 20_000

/**
 * Makes what was recorded durable from time to time: first the blobs, then the catalog rows that name them. While the
 * blobs are on their way nothing may be recorded, or a row could become durable before its blobs: see `record`.
 */
export class Checkpoints {
  readonly #writer: RepositoryWriter
  readonly #catalog: Catalog
  readonly #clock: Clock
  readonly #every: number
  #last: number
  #rows = 0
  #running: Promise<void> | undefined

  constructor(writer: RepositoryWriter, catalog: Catalog, clock: Clock, every: number) {
    this.#writer = writer
    this.#catalog = catalog
    this.#clock = clock
    this.#every = every
    this.#last = clock.now()
  }

  /** Runs `write`, which writes to the catalog without awaiting anything, when no checkpoint is under way. */
  async record<T>(write: () => T): Promise<T> {
    if (this.#running === undefined && this.#isDue()) void this.#begin()
    while (this.#running !== undefined) await this.#running
    this.#rows++
    return write()
  }

  /** Makes everything durable now. */
  async now(): Promise<void> {
    while (this.#running !== undefined) await this.#running
    await this.#begin()
  }

  #isDue(): boolean {
    return this.#rows >= MAX_ROWS || this.#clock.now() - this.#last >= this.#every
  }

  #begin(): Promise<void> {
    const running = this.#write().finally(() => {
      this.#running = undefined
    })
    running.catch(() => undefined) // whoever waits for it sees the failure
    this.#running = running
    return running
  }

  async #write(): Promise<void> {
    await this.#writer.checkpoint()
    this.#catalog.checkpoint()
    this.#rows = 0
    this.#last = this.#clock.now()
  }
}
