import type { ChangePage, ChangeStart, Container, DataTypeReader, Root } from '../../ports/data-type.ts'

/** Listings of changes whose first page is asked for ahead of time, so that several can travel together. */
export class BegunChanges {
  readonly #begun = new Map<string, AsyncIterable<ChangePage> & { readonly leave: () => Promise<void> }>()
  readonly #reader: DataTypeReader
  readonly #root: Root
  readonly #signal: AbortSignal

  constructor(reader: DataTypeReader, root: Root, signal: AbortSignal) {
    this.#reader = reader
    this.#root = root
    this.#signal = signal
  }

  begin(container: Container, cursor: string): void {
    this.#begun.set(container.id, begun(this.#open(container, { cursor })))
  }

  /** The listing that was begun, or a new one. */
  take(container: Container, start: ChangeStart): AsyncIterable<ChangePage> {
    const known = this.#begun.get(container.id)
    this.#begun.delete(container.id)
    return known ?? this.#open(container, start)
  }

  /** Leaves those that nobody took. */
  async leave(): Promise<void> {
    await Promise.all([...this.#begun.values()].map((one) => one.leave()))
    this.#begun.clear()
  }

  #open(container: Container, start: ChangeStart): AsyncIterable<ChangePage> {
    return this.#reader.changes(this.#root, container, start, this.#signal)
  }
}

function begun(pages: AsyncIterable<ChangePage>): AsyncIterable<ChangePage> & { readonly leave: () => Promise<void> } {
  const iterator = pages[Symbol.asyncIterator]()
  const first = iterator.next()
  // Whoever takes the listing sees the failure.
  first.catch(() => undefined)
  const leave = async (): Promise<void> => {
    await first.catch(() => undefined)
    await iterator.return?.()
  }
  return {
    leave,
    async *[Symbol.asyncIterator]() {
      try {
        for (let result = await first; result.done !== true; result = await iterator.next()) yield result.value
      } finally {
        await iterator.return?.()
      }
    },
  }
}
