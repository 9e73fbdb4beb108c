// Loaded first in a utility process: gives it Electron's parentPort in place of Node's channel.
import { EventEmitter } from 'node:events'
import { isMainThread } from 'node:worker_threads'
import { resolveElectron } from './resolve-electron.ts'

class ParentPort extends EventEmitter {
  readonly #post: (message: unknown) => void
  /** What came before anybody listened. */
  #early: unknown[] | undefined = []

  constructor(post: (message: unknown) => void) {
    super()
    this.#post = post
    this.on('newListener', (event) => {
      if (event === 'message') queueMicrotask(() => this.#deliverEarly())
    })
  }

  postMessage(message: unknown): void {
    this.#post([message])
  }

  receive(data: unknown): void {
    if (this.#early === undefined) this.emit('message', { data, ports: [] })
    else this.#early.push(data)
  }

  #deliverEarly(): void {
    const early = this.#early ?? []
    this.#early = undefined
    for (const data of early) this.receive(data)
  }
}

function becomeUtility(): void {
  if (process.send === undefined) throw new Error('a utility process is started by the stand-in for Electron')
  const post = process.send.bind(process)
  const port = new ParentPort((message) => void post(message, undefined, undefined, () => undefined))
  process.on('message', (message) => port.receive((message as [unknown])[0]))
  // Its parent is gone, and nobody is left to answer to.
  process.on('disconnect', () => process.exit(0))
  Object.defineProperty(process, 'send', { value: undefined })
  Object.defineProperty(process, 'parentPort', { value: port })
  Object.defineProperty(process, 'type', { value: 'utility' })
  resolveElectron(new URL('electron/utility-index.ts', import.meta.url))
}

// Worker threads inherit --import, and have no port.
if (isMainThread) becomeUtility()
