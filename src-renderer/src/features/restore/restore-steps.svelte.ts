import type { ParamsOf, RestoreTarget } from '../../../../src-shared/ipc/index.ts'
import { call, failureOf, type ApiFailure } from '../../lib/api.ts'
import { OperationWatch } from '../../lib/operation-watch.svelte.ts'
import type { Picked } from '../browse/picked.svelte.ts'

/** `form`: nothing runs. A check or a run is followed to its result. */
export type RestoreStep = 'form' | 'checking' | 'checked' | 'running' | 'done'

/** A restore from its dry run, which always comes first, to its result. */
export class RestoreSteps {
  readonly #picked: Picked
  #target = $state.raw<RestoreTarget | null>(null)
  #check = $state.raw<OperationWatch | null>(null)
  #run = $state.raw<OperationWatch | null>(null)
  #failure = $state.raw<ApiFailure | null>(null)
  #isStarting = $state(false)

  readonly step: RestoreStep = $derived.by(() => {
    if (this.#run !== null) return this.#run.result === null ? 'running' : 'done'
    if (this.#check !== null) return this.#check.result === null ? 'checking' : 'checked'
    return 'form'
  })

  constructor(picked: Picked) {
    this.#picked = picked
  }

  get target(): RestoreTarget | null {
    return this.#target
  }

  get check(): OperationWatch | null {
    return this.#check
  }

  get run(): OperationWatch | null {
    return this.#run
  }

  /** Why nothing began. */
  get failure(): ApiFailure | null {
    return this.#failure
  }

  get isStarting(): boolean {
    return this.#isStarting
  }

  /** Looks what would be done. */
  async look(target: RestoreTarget): Promise<void> {
    this.#target = target
    this.#check = await this.#start(target, true)
  }

  /** Does what was looked at. */
  async begin(): Promise<void> {
    if (this.#target !== null && this.#check !== null) this.#run = await this.#start(this.#target, false)
  }

  /** To other options. A check that goes on is of no use to anybody. */
  async back(): Promise<void> {
    const check = this.#check
    const isRunning = this.step === 'checking'
    check?.close()
    this.#check = null
    this.#failure = null
    if (isRunning) await check?.stop()
  }

  /** What runs goes on. */
  close(): void {
    if (this.step === 'checking') void this.#check?.stop().catch(() => undefined)
    this.#check?.close()
    this.#run?.close()
  }

  async #start(target: RestoreTarget, dryRun: boolean): Promise<OperationWatch | null> {
    const { place, snapshot, paths } = this.#picked
    const params: ParamsOf<'restore.start'> = { place, snapshot: snapshot.id, paths: [...paths], target, dryRun }
    this.#isStarting = true
    this.#failure = null
    try {
      return new OperationWatch((await call('restore.start', params)).operation)
    } catch (cause) {
      this.#failure = failureOf(cause)
      return null
    } finally {
      this.#isStarting = false
    }
  }
}
