import { call } from '../../lib/api.ts'
import type { PlaceState } from '../../lib/data.ts'

/** Whether a place can be written to, and what is there. Only the answer about the last place that was asked for counts. */
export class PlaceTest {
  #place = $state<string | null>(null)
  #state = $state.raw<PlaceState | null>(null)
  #failure = $state.raw<unknown>(null)
  #isTesting = $state(false)

  get place(): string | null {
    return this.#place
  }

  get state(): PlaceState | null {
    return this.#state
  }

  get failure(): unknown {
    return this.#failure
  }

  get isTesting(): boolean {
    return this.#isTesting
  }

  get isGood(): boolean {
    return this.#state !== null && this.#state.writable && this.#state.state !== 'other'
  }

  async look(place: string): Promise<void> {
    this.#place = place
    this.#state = null
    this.#failure = null
    this.#isTesting = true
    try {
      const state = await call('destinations.test', { place })
      if (this.#place === place) this.#state = state
    } catch (cause) {
      if (this.#place === place) this.#failure = cause
    }
    if (this.#place === place) this.#isTesting = false
  }

  forget(): void {
    this.#place = null
    this.#state = null
    this.#failure = null
    this.#isTesting = false
  }
}
