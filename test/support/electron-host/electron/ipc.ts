import { EventEmitter } from 'node:events'
import type { IpcMain } from 'electron'

/** Whatever main expects of its channel. */
type Handler = (event: never, ...args: never[]) => unknown

type Run = (event: unknown, ...args: readonly unknown[]) => unknown

/** Who answers which channel: for all windows, or for one. */
export class StandInIpc extends EventEmitter {
  readonly #handlers = new Map<string, Run>()

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`)
    }
    this.#handlers.set(channel, handler as Run)
  }

  handleOnce(channel: string, handler: Handler): void {
    const once: Run = (event, ...args) => {
      this.removeHandler(channel)
      return (handler as Run)(event, ...args)
    }
    this.handle(channel, once)
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel)
  }

  /** `undefined`: nobody handles the channel. */
  handlerOf(channel: string): Run | undefined {
    return this.#handlers.get(channel)
  }
}

StandInIpc satisfies new () => Pick<IpcMain, 'handle' | 'handleOnce' | 'removeHandler'>
