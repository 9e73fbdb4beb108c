import { BoundedWork } from '../bounded-work.ts'
import type { DestinationStore } from '../ports/destination-store.ts'

const PARALLEL = 4

export interface RemovalOptions {
  readonly confirmLock?: (() => Promise<void>) | undefined
  readonly signal?: AbortSignal | undefined
  /** Told after each file. */
  readonly onRemoved?: ((done: number) => void) | undefined
}

/** Removes files, some at a time; makes sure before each that the lock is still held. */
export async function removeFiles(
  store: DestinationStore,
  names: readonly string[],
  { confirmLock, signal, onRemoved }: RemovalOptions,
): Promise<void> {
  const work = new BoundedWork(PARALLEL)
  let done = 0
  try {
    for (const name of names) {
      signal?.throwIfAborted()
      await work.start(async () => {
        await confirmLock?.()
        await store.remove(name, signal)
        onRemoved?.(++done)
      })
    }
    await work.finish()
  } finally {
    await work.settle()
  }
}
