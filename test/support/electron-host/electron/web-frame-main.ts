import { EventEmitter } from 'node:events'
import type { WebFrameMain } from 'electron'
import { toApp } from '../addresses.ts'
import { encode } from '../clone-codec.ts'
import type { FrameInfo } from '../link/messages.ts'
import { host } from './app-link.ts'

/** A frame of a window's page, as it was when it last spoke. */
export class StandInFrame extends EventEmitter {
  readonly frameTreeNodeId: number
  readonly routingId: number
  readonly processId: number
  readonly osProcessId: number
  readonly detached: boolean = false
  readonly #window: number
  #info: FrameInfo
  #parent: StandInFrame | null

  constructor(window: number, info: FrameInfo, parent: StandInFrame | null) {
    super()
    this.frameTreeNodeId = info.id
    this.routingId = info.id
    this.processId = window
    this.osProcessId = window
    this.#window = window
    this.#info = info
    this.#parent = parent
  }

  update(info: FrameInfo, parent: StandInFrame | null): void {
    this.#info = info
    this.#parent = parent
  }

  get url(): string {
    return toApp(this.#info.url)
  }

  get origin(): string {
    return toApp(this.#info.origin)
  }

  get name(): string {
    return this.#info.name
  }

  get parent(): StandInFrame | null {
    return this.#parent
  }

  get top(): StandInFrame | null {
    return this.#parent === null ? this : this.#parent.top
  }

  isDestroyed(): boolean {
    return false
  }

  send(channel: string, ...args: unknown[]): void {
    const frame = this.#parent === null ? undefined : this.#info.id
    host.tell('window.post', { window: this.#window, frame, channel, args: encode(args) })
  }

  postMessage(channel: string, message: unknown): void {
    this.send(channel, message)
  }
}

type Offered = Exclude<keyof StandInFrame, keyof EventEmitter | 'update' | 'parent' | 'top'>
StandInFrame satisfies new (...given: never) => Pick<WebFrameMain, Offered>
