import { isEngineError } from '../../engine/index.ts'
import { destinationName } from '../../settings/destination-name.ts'
import type { Plan } from '../../settings/model.ts'
import { readSettings } from '../../settings/settings-file.ts'
import { whereOf } from '../serve.ts'
import type { HostServices } from '../services.ts'
import { startPlan } from './run-plan.ts'

/**
 * Plans that a person wants to be run together: of one destination they run one after the other, whatever comes of each.
 * A host that ends forgets those that wait.
 */
export class WaitingPlans {
  readonly #services: HostServices
  readonly #log: (sentence: string) => void
  /** In the order in which they were asked for. */
  #waiting: readonly { readonly id: string; readonly place: string }[] = []
  #turn: Promise<void> = Promise.resolve()

  constructor(services: HostServices, log: (sentence: string) => void) {
    this.#services = services
    this.#log = log
  }

  /**
   * Starts those whose destination is free and gives the ids of those that wait. Rejects with the first refusal, when all
   * the others have started or wait.
   */
  async runAll(plans: readonly Plan[]): Promise<string[]> {
    const refusals: unknown[] = []
    for (const plan of plans) await this.#startOrWait(plan).catch((error: unknown) => refusals.push(error))
    if (refusals.length > 0) throw refusals[0]
    return this.#waiting.map(({ id }) => id).filter((id) => plans.some((plan) => plan.id === id))
  }

  /** Something has ended: those follow whose destination is free now. Never rejects. */
  next(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#startNext()).catch((error: unknown) => this.#failed(error))
    return this.#turn
  }

  /** A plan that was started in another way. */
  forget(plan: string): void {
    this.#waiting = this.#waiting.filter(({ id }) => id !== plan)
  }

  /** Who stops a run does not want the next one of its destination to begin in its stead. */
  forgetAt(destination: string): void {
    const name = destinationName(destination)
    this.#waiting = this.#waiting.filter(({ place }) => destinationName(place) !== name)
  }

  async #startOrWait(plan: Plan): Promise<void> {
    const { id, destination: place } = plan
    try {
      await startPlan(this.#services, plan)
      this.forget(id)
    } catch (error) {
      if (!this.#services.operations.isBusy(place)) throw error
      if (!this.#waiting.some((one) => one.id === id)) this.#waiting = [...this.#waiting, { id, place }]
    }
  }

  async #startNext(): Promise<void> {
    if (this.#waiting.length === 0) return
    const { plans } = await readSettings(this.#services.profile)
    for (const { id } of this.#waiting) {
      const plan = plans.find((one) => one.id === id)
      if (plan === undefined) this.forget(id)
      else await this.#startIfFree(plan)
    }
  }

  /** One at whose destination another process is waits on: when that ends, its turn comes. */
  async #startIfFree(plan: Plan): Promise<void> {
    const isWaiting = this.#waiting.some(({ id }) => id === plan.id)
    if (!isWaiting || this.#services.operations.isBusy(plan.destination)) return
    try {
      await startPlan(this.#services, plan)
      this.forget(plan.id)
    } catch (error) {
      if (isEngineError(error) && error.code === 'settings.busy') return
      this.forget(plan.id)
      this.#failed(error)
    }
  }

  #failed(error: unknown): void {
    if (isEngineError(error) && error.code === 'cancelled') return
    this.#log(`plans that wait: ${whereOf(error)}`)
  }
}
