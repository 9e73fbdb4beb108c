/** Wakes those who wait for something, whenever anything has changed. */
export class Changes {
  readonly #waiting = new Set<() => void>()

  tell(): void {
    for (const look of [...this.#waiting]) look()
  }

  async until(holds: () => boolean): Promise<void> {
    await this.untilFound(() => (holds() ? true : undefined))
  }

  /** Rejects with what `find` throws. */
  untilFound<Found>(find: () => Found | undefined): Promise<Found> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        try {
          const found = find()
          if (found === undefined) return
          resolve(found)
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
        }
        this.#waiting.delete(look)
      }
      this.#waiting.add(look)
      look()
    })
  }
}
