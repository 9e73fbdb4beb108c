import type { Activity, EventOf, Job } from '../../../src-shared/ipc/index.ts'
import { subscribe } from './api.ts'

type JobResult = EventOf<'jobEnded'>

/** What the engine does now, as main tells it. One for the window: `activity`. */
class CurrentActivity {
  #now = $state.raw<Activity>({ engine: 'starting', paused: false, waiting: null, jobs: [], next: null })
  readonly #listeners = new Set<(result: JobResult) => void>()

  get now(): Activity {
    return this.#now
  }

  get jobs(): readonly Job[] {
    return this.#now.jobs
  }

  job(id: string): Job | undefined {
    return this.#now.jobs.find((job) => job.id === id)
  }

  /** Told of every job that ends, until the function that it returns is called. */
  onJobEnded(listener: (result: JobResult) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Begins to listen; returns what ends it. */
  start(): () => void {
    const ends = [
      subscribe('activity', (now) => (this.#now = now)),
      subscribe('jobEnded', (result) => this.#listeners.forEach((listener) => listener(result))),
    ]
    return () => ends.forEach((end) => end())
  }
}

export const activity = new CurrentActivity()
