import type { Activity, EventOf, Operation } from '../../../src-shared/ipc/index.ts'
import { subscribe } from './api.ts'

type OperationResult = EventOf<'operationEnded'>

/** What the engine does now, as main tells it. One for the window: `activity`. */
class CurrentActivity {
  #now = $state.raw<Activity>({ engine: 'starting', paused: false, waiting: null, operations: [], next: null })
  readonly #listeners = new Set<(result: OperationResult) => void>()

  get now(): Activity {
    return this.#now
  }

  get operations(): readonly Operation[] {
    return this.#now.operations
  }

  operation(id: string): Operation | undefined {
    return this.#now.operations.find((operation) => operation.id === id)
  }

  /** Told of every operation that ends, until the function that it returns is called. */
  onOperationEnded(listener: (result: OperationResult) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Begins to listen; returns what ends it. */
  start(): () => void {
    const ends = [
      subscribe('activity', (now) => (this.#now = now)),
      subscribe('operationEnded', (result) => this.#listeners.forEach((listener) => listener(result))),
    ]
    return () => ends.forEach((end) => end())
  }
}

export const activity = new CurrentActivity()
