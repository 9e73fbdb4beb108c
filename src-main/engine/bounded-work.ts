/**
 * Runs pieces of work at the same time, never more than `limit`. The first failure stops the taking of more; it is told
 * to `onFailure` at once, for what is under way to be stopped.
 */
export class BoundedWork {
  readonly #limit: number
  readonly #onFailure: ((error: unknown) => void) | undefined
  readonly #running = new Set<Promise<void>>()
  #failed = false
  #failure: unknown

  constructor(limit: number, onFailure?: (error: unknown) => void) {
    this.#limit = limit
    this.#onFailure = onFailure
  }

  /**
   * Starts the work once there is a place for it. Rejects with the first failure of any work so far, once nothing is
   * under way any more.
   */
  async start(work: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#limit) await Promise.race(this.#running)
    if (this.#failed) await this.finish()
    const run = work()
      .catch((error: unknown) => {
        this.#fail(error)
      })
      .finally(() => this.#running.delete(run))
    this.#running.add(run)
  }

  /** Waits for all that was started, then rejects if any of it failed. */
  async finish(): Promise<void> {
    await this.settle()
    if (this.#failed) throw this.#failure
  }

  /** Waits for all that was started, whatever became of it. */
  async settle(): Promise<void> {
    await Promise.all(this.#running)
  }

  #fail(error: unknown): void {
    if (this.#failed) return
    this.#failed = true
    this.#failure = error
    this.#onFailure?.(error)
  }
}
