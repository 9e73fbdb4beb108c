import type { EventOf, Job } from '../../../src-shared/ipc/index.ts'
import { activity } from './activity.svelte.ts'
import { call, failureOf, type ApiFailure } from './api.ts'

export type JobResult = EventOf<'jobEnded'>

/** A job from its start to its result, also if it ended before anybody looked. Close it when it is not shown any more. */
export class JobWatch {
  readonly id: string
  #result = $state.raw<JobResult | null>(null)
  #failure = $state.raw<ApiFailure | null>(null)
  readonly #close: () => void

  constructor(id: string) {
    this.id = id
    this.#close = activity.onJobEnded((result) => {
      if (result.id === id) this.#result = result
    })
    void this.#look()
  }

  /** While it runs. */
  get job(): Job | undefined {
    return this.#result === null ? activity.job(this.id) : undefined
  }

  /** Null as long as it runs. */
  get result(): JobResult | null {
    return this.#result
  }

  /** Its result cannot be told. */
  get failure(): ApiFailure | null {
    return this.#failure
  }

  async stop(): Promise<void> {
    await call('jobs.stop', { job: this.id })
  }

  close(): void {
    this.#close()
  }

  async #look(): Promise<void> {
    try {
      const result = await call('jobs.result', { job: this.id })
      if (result.outcome !== 'running') this.#result = result
    } catch (cause) {
      this.#failure = failureOf(cause)
    }
  }
}
