import type { EventEmitter } from 'node:events'
import type { Rectangle } from 'electron'
import type { Bounds } from '../control/shapes.ts'
import { screen } from './screen.ts'

type State = 'normal' | 'minimized' | 'maximized' | 'full-screen'

/** Where a window is on the screen, and how. Tells what changed as Electron does, by events of the window. */
export class WindowPlacement {
  readonly #window: EventEmitter
  readonly #apply: (bounds: Bounds) => void
  #normal: Bounds
  #state: State = 'normal'
  #before: State = 'normal'

  constructor(window: EventEmitter, bounds: Partial<Bounds>, apply: (bounds: Bounds) => void) {
    const { width = 800, height = 600 } = bounds
    const { workArea } = screen.getPrimaryDisplay()
    const [left, above] = [(workArea.width - width) / 2, (workArea.height - height) / 2]
    this.#normal = { x: bounds.x ?? Math.round(left), y: bounds.y ?? Math.round(above), width, height }
    this.#window = window
    this.#apply = apply
  }

  get normal(): Bounds {
    return this.#normal
  }

  get bounds(): Bounds {
    const display = screen.getPrimaryDisplay()
    if (this.#state === 'maximized') return display.workArea
    return this.#state === 'full-screen' ? display.bounds : this.#normal
  }

  is(state: State): boolean {
    return this.#state === state
  }

  move(bounds: Partial<Rectangle>): void {
    const before = this.bounds
    this.#normal = { ...this.#normal, ...bounds }
    if (this.#state === 'maximized' || this.#state === 'full-screen') this.#state = 'normal'
    this.#tell(before)
  }

  enter(state: State): void {
    if (this.#state === state) return
    const [before, left] = [this.bounds, this.#state]
    if (state === 'minimized') this.#before = left
    this.#state = state
    for (const name of eventsOf(left, state)) this.#window.emit(name)
    this.#tell(before)
  }

  /** Back from minimized, to what it was before. */
  restore(): void {
    this.enter(this.#state === 'minimized' ? this.#before : 'normal')
  }

  #tell(before: Bounds): void {
    const now = this.bounds
    const isMoved = now.x !== before.x || now.y !== before.y
    const isResized = now.width !== before.width || now.height !== before.height
    if (isResized || isMoved) this.#apply(now)
    if (isResized) for (const name of ['resize', 'resized']) this.#window.emit(name)
    if (isMoved) for (const name of ['move', 'moved']) this.#window.emit(name)
  }
}

function eventsOf(left: State, entered: State): readonly string[] {
  if (entered === 'minimized') return ['minimize']
  if (left === 'minimized') return ['restore']
  if (entered === 'maximized') return ['maximize']
  if (entered === 'full-screen') return ['enter-full-screen']
  return left === 'full-screen' ? ['leave-full-screen'] : ['unmaximize']
}
