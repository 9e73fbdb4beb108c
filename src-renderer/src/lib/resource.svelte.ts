import type { EventOf } from '../../../src-shared/ipc/index.ts'
import { failureOf, subscribe, type ApiFailure } from './api.ts'

/** Lists that main tells to be asked for again. */
export type Changed = EventOf<'changed'>['what'][number]

/** Something that is asked for: its value, or why there is none. */
export interface Resource<T> {
  /** The last value that came; undefined before. It stays while it is asked for again. */
  readonly value: T | undefined
  /** Of the last answer. */
  readonly failure: ApiFailure | null
  readonly isLoading: boolean
  /** Asks again. Answers to earlier questions are not taken any more. */
  readonly reload: () => void
}

class Loader<T> implements Resource<T> {
  #value = $state.raw<T>()
  #failure = $state.raw<ApiFailure | null>(null)
  #isLoading = $state(true)
  #turn = $state(0)
  #asked = 0

  get value(): T | undefined {
    return this.#value
  }

  get failure(): ApiFailure | null {
    return this.#failure
  }

  get isLoading(): boolean {
    return this.#isLoading
  }

  /** Read by the effect that asks: whoever changes it asks again. */
  get turn(): number {
    return this.#turn
  }

  readonly reload = (): void => {
    this.#turn++
  }

  take(answer: Promise<T>): void {
    const asked = ++this.#asked
    this.#isLoading = true
    answer.then(
      (value) => this.#settle(asked, value, null),
      (cause: unknown) => this.#settle(asked, this.#value, failureOf(cause)),
    )
  }

  /** Answers that are still to come are for nobody. */
  close(): void {
    this.#asked++
  }

  #settle(asked: number, value: T | undefined, failure: ApiFailure | null): void {
    if (asked !== this.#asked) return
    this.#value = value
    this.#failure = failure
    this.#isLoading = false
  }
}

/**
 * Asks for something when the component begins, whenever state that `load` reads at once changes, and when main tells
 * that one of the lists changed. Call it while a component is set up:
 * `const plans = resource(() => call('plans.list', {}), ['plans', 'runs'])`.
 */
export function resource<T>(load: () => Promise<T>, on: readonly Changed[] = []): Resource<T> {
  const loader = new Loader<T>()
  // Outside: the answer of main. What `load` reads makes it ask again.
  $effect(() => {
    if (loader.turn >= 0) loader.take(load())
    return () => loader.close()
  })
  // Outside: what main tells.
  $effect(() => {
    if (on.length === 0) return
    return subscribe('changed', ({ what }) => {
      if (what.some((changed) => on.includes(changed))) loader.reload()
    })
  })
  return loader
}
