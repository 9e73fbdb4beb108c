import type { EventOf } from '../../../src-shared/ipc/index.ts'
import { subscribe } from './api.ts'

/** A view and what it shows first. */
export type Destination = EventOf<'navigate'>
export type ViewName = Destination['view']

const most = 100

/** Where the window is, and where it was. One for the window: `navigation`. */
class Navigation {
  #visited = $state.raw<readonly Destination[]>([{ view: 'home' }])
  #index = $state(0)

  get current(): Destination {
    return this.#visited[this.#index] ?? { view: 'home' }
  }

  get canGoBack(): boolean {
    return this.#index > 0
  }

  get canGoForward(): boolean {
    return this.#index < this.#visited.length - 1
  }

  /** Shows a view. Nothing happens if it shows already, with the same in it. */
  go(to: Destination): void {
    if (isSame(to, this.current)) return
    const before = this.#visited.slice(0, this.#index + 1)
    this.#visited = [...before, to].slice(-most)
    this.#index = this.#visited.length - 1
  }

  /** Shows a view in the place of the one that shows: there is no way back to that one. */
  replace(to: Destination): void {
    this.#visited = [...this.#visited.slice(0, this.#index), to]
  }

  back(): void {
    if (this.canGoBack) this.#index--
  }

  forward(): void {
    if (this.canGoForward) this.#index++
  }

  /** Follows notifications and the tray; returns what ends it. */
  start(): () => void {
    return subscribe('navigate', (to) => this.go(to))
  }
}

export const navigation = new Navigation()

function isSame(one: Destination, other: Destination): boolean {
  return (
    one.view === other.view &&
    one.plan === other.plan &&
    one.run === other.run &&
    one.place === other.place &&
    one.account === other.account
  )
}
