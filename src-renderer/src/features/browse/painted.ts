import { tick } from 'svelte'

/** Resolves when what has changed until now is on the screen. */
async function painted(): Promise<void> {
  await tick()
  await new Promise<void>((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve))
  })
}

/** A measure of the page from now until what `measure` waits for is on the screen, for tests and developers' tools. */
export class Stopwatch {
  readonly #name: 'browse:first-rows' | 'browse:search'
  #from = 0

  constructor(name: 'browse:first-rows' | 'browse:search') {
    this.#name = name
  }

  start(): void {
    this.#from = performance.now()
    performance.mark(`${this.#name}:asked`, { startTime: this.#from })
  }

  /** Once for each start; the measures of long ago are dropped. */
  async stop(): Promise<void> {
    const from = this.#from
    if (from === 0) return
    this.#from = 0
    await painted()
    performance.clearMarks(`${this.#name}:asked`)
    performance.measure(this.#name, { start: from, end: performance.now() })
  }
}
