/**
 * Steps that the browser may not be closed within: when a page goes while Playwright gives it a script, Playwright throws
 * where nobody can catch it.
 */
export class Unbroken {
  readonly #running = new Set<Promise<void>>()
  #isEnded = false

  async run(step: () => Promise<void>): Promise<void> {
    if (this.#isEnded) throw new Error('the browser is closed')
    const running = step()
    this.#running.add(running)
    await running.finally(() => this.#running.delete(running))
  }

  /** Resolves once none runs; none begins after it. */
  async end(): Promise<void> {
    this.#isEnded = true
    await Promise.allSettled(this.#running)
  }
}
