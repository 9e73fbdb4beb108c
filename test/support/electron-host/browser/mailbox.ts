import type { Delivery } from '../link/page-talk.ts'

/** Messages for the preload of one frame, until it asks for them. */
export class Mailbox {
  #queue: Delivery[] = []
  #waiting: ((deliveries: readonly Delivery[]) => void) | undefined

  put(delivery: Delivery): void {
    this.#queue.push(delivery)
    this.#deliver()
  }

  /** Resolves once there is something. A new document's first question ends the wait of the one before. */
  take(): Promise<readonly Delivery[]> {
    this.#waiting?.([])
    return new Promise((resolve) => {
      this.#waiting = resolve
      this.#deliver()
    })
  }

  close(): void {
    this.#waiting?.([])
    this.#waiting = undefined
  }

  #deliver(): void {
    if (this.#waiting === undefined || this.#queue.length === 0) return
    const [waiting, deliveries] = [this.#waiting, this.#queue]
    this.#waiting = undefined
    this.#queue = []
    waiting(deliveries)
  }
}
