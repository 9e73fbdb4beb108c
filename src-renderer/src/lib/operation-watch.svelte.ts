import type { EventOf, Operation } from '../../../src-shared/ipc/index.ts'
import { activity } from './activity.svelte.ts'
import { call, failureOf, type ApiFailure } from './api.ts'

export type OperationResult = EventOf<'operationEnded'>

/** An operation from its start to its result, also if it ended before anybody looked. Close it when it is not shown any more. */
export class OperationWatch {
  readonly id: string
  #result = $state.raw<OperationResult | null>(null)
  #failure = $state.raw<ApiFailure | null>(null)
  readonly #close: () => void

  constructor(id: string) {
    this.id = id
    this.#close = activity.onOperationEnded((result) => {
      if (result.id === id) this.#result = result
    })
    void this.#look()
  }

  /** While it runs. */
  get operation(): Operation | undefined {
    return this.#result === null ? activity.operation(this.id) : undefined
  }

  /** Null as long as it runs. */
  get result(): OperationResult | null {
    return this.#result
  }

  /** Its result cannot be told. */
  get failure(): ApiFailure | null {
    return this.#failure
  }

  async stop(): Promise<void> {
    await call('operations.stop', { operation: this.id })
  }

  close(): void {
    this.#close()
  }

  async #look(): Promise<void> {
    try {
      const result = await call('operations.result', { operation: this.id })
      if (result.outcome !== 'running') this.#result = result
    } catch (cause) {
      this.#failure = failureOf(cause)
    }
  }
}
