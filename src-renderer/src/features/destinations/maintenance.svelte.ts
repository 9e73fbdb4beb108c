import type { Operation } from '../../../../src-shared/ipc/index.ts'
import { OperationWatch } from '../../lib/operation-watch.svelte.ts'

/** What looks after a repository. */
export type MaintenanceKind = 'check' | 'drill' | 'prune'
/** What can be done with a destination. */
export type Act = MaintenanceKind | 'keys' | 'kit' | 'remove'

export function isMaintenance(kind: Operation['kind']): kind is MaintenanceKind {
  return kind === 'check' || kind === 'drill' || kind === 'prune'
}

/** Work on a repository, from its start to what came of it. */
export class Maintenance {
  #watch = $state.raw<OperationWatch | null>(null)
  #isStarting = $state(false)
  #failure = $state.raw<unknown>(null)

  /** Follows what is already under way, if an id is given. */
  constructor(id?: string) {
    if (id !== undefined) this.#watch = new OperationWatch(id)
  }

  get watch(): OperationWatch | null {
    return this.#watch
  }

  /** From the click to the result. */
  get isRunning(): boolean {
    const watch = this.#watch
    return this.#isStarting || (watch !== null && watch.result === null && watch.failure === null)
  }

  /** It could not be started. */
  get failure(): unknown {
    return this.#failure
  }

  async start(begin: () => Promise<{ readonly operation: string }>): Promise<void> {
    this.close()
    this.#isStarting = true
    this.#failure = null
    try {
      this.#watch = new OperationWatch((await begin()).operation)
    } catch (cause) {
      this.#failure = cause
    }
    this.#isStarting = false
  }

  close(): void {
    this.#watch?.close()
    this.#watch = null
  }
}
