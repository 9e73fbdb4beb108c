import type { EventEmitter } from 'node:events'
import { flushHost } from './app-link.ts'
import { createEvent } from './event.ts'

/** A window, as quitting sees it. */
export interface Closable {
  /** Resolves with whether it is closed: its listeners may keep it open. */
  closeByApp(): Promise<boolean>
}

/** Electron's order of ending: before-quit, the windows, will-quit, quit. Each of the first three can stop it. */
export class Quitting {
  readonly #app: EventEmitter
  readonly #windows = new Set<Closable>()
  readonly #endings: (() => Promise<void>)[] = []
  #state: 'running' | 'quitting' | 'exiting' = 'running'

  constructor(app: EventEmitter) {
    this.#app = app
  }

  get underWay(): boolean {
    return this.#state !== 'running'
  }

  /** Waited for after `quit` has been told: what must not outlive the app. */
  onExit(ending: () => Promise<void>): void {
    this.#endings.push(ending)
  }

  add(window: Closable): void {
    this.#windows.add(window)
  }

  /** The last window's end is told, or ends the app if nobody listens. */
  remove(window: Closable): void {
    if (!this.#windows.delete(window) || this.#windows.size > 0 || this.underWay) return
    if (!this.#app.emit('window-all-closed')) this.quit()
  }

  quit(): void {
    if (this.underWay) return
    this.#state = 'quitting'
    const event = createEvent()
    this.#app.emit('before-quit', event)
    if (event.defaultPrevented) this.#state = 'running'
    else void this.#closeAll()
  }

  exit(code: number): void {
    if (this.#state === 'exiting') return
    this.#state = 'exiting'
    this.#app.emit('quit', createEvent(), code)
    void this.#end(code)
  }

  async #end(code: number): Promise<void> {
    await Promise.all(this.#endings.map((ending) => ending()))
    await flushHost()
    process.exit(code)
  }

  async #closeAll(): Promise<void> {
    for (const window of [...this.#windows]) {
      if (await window.closeByApp()) continue
      this.#state = 'running'
      return
    }
    const event = createEvent()
    this.#app.emit('will-quit', event)
    if (event.defaultPrevented) this.#state = 'running'
    else this.exit(0)
  }
}
