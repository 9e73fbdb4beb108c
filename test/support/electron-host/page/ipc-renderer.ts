import { Transport, type Post } from './transport.ts'

type Listener = (event: object, ...args: unknown[]) => void

/** Electron's ipcRenderer. It is not an EventEmitter by class: a page has none. */
export class IpcRenderer {
  readonly #listeners = new Map<string, Listener[]>()
  readonly #transport: Transport

  constructor(post: Post) {
    this.#transport = new Transport(post, (channel, args) => this.#deliver(channel, args))
  }

  invoke = (channel: string, ...args: unknown[]): Promise<unknown> => this.#transport.message('invoke', channel, args)

  /** What cannot be cloned is refused at once, as in Electron. */
  send = (channel: string, ...args: unknown[]): void => {
    structuredClone(args)
    void this.#transport.message('send', channel, args)
  }

  sendSync = (): never => {
    throw new Error('the stand-in for Electron knows no sendSync')
  }

  on = (channel: string, listener: Listener): this => {
    this.#listeners.set(channel, [...(this.#listeners.get(channel) ?? []), listener])
    return this
  }

  addListener = this.on

  once = (channel: string, listener: Listener): this => {
    const once: Listener = (event, ...args) => {
      this.off(channel, once)
      listener(event, ...args)
    }
    return this.on(channel, once)
  }

  off = (channel: string, listener: Listener): this => {
    const kept = (this.#listeners.get(channel) ?? []).filter((each) => each !== listener)
    this.#listeners.set(channel, kept)
    return this
  }

  removeListener = this.off

  removeAllListeners = (channel?: string): this => {
    if (channel === undefined) this.#listeners.clear()
    else this.#listeners.delete(channel)
    return this
  }

  listenerCount = (channel: string): number => this.#listeners.get(channel)?.length ?? 0

  #deliver(channel: string, args: readonly unknown[]): void {
    for (const listener of this.#listeners.get(channel) ?? []) {
      try {
        listener({ sender: this, ports: [] }, ...args)
      } catch (error) {
        reportError(error)
      }
    }
  }
}
