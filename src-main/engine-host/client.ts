import type { UtilityProcess } from 'electron'
import type { Envelope, IpcErrorCode } from '../../src-shared/ipc/errors.ts'
import { readHostMessage } from './client-messages.ts'
import { createRestarts } from './client-restarts.ts'
import type { Answer, FromHost, SignInPage, ToHost } from './wire.ts'

export type { Answer, SignInPage } from './wire.ts'

/** The part of a utility process that is used. */
export type HostProcess = Pick<UtilityProcess, 'postMessage' | 'kill' | 'on' | 'pid'>

/** `crashed`: it stopped by itself; it is started again soon, or, having stopped too often, when somebody needs it. */
export type HostState = 'starting' | 'running' | 'crashed'

export interface HostClientParts {
  readonly fork: () => HostProcess
  readonly now: () => number
  /** Calls back after so many milliseconds, unless what it returns was called before. */
  readonly after: (milliseconds: number, call: () => void) => () => void
  readonly openSignInWindow: (page: SignInPage, signal: AbortSignal) => Promise<Answer>
  readonly onState: (state: HostState) => void
  readonly onEvent: (topic: string, value: unknown) => void
  /** Told what went wrong between the two processes; no content. */
  readonly log: (sentence: string) => void
}

interface Waiting {
  readonly message: ToHost
  readonly settle: (envelope: Envelope<unknown>) => void
  sent: boolean
}

/** Runs the engine host in a process of its own and speaks with it. What it asks for is answered even if the host dies. */
export class HostClient {
  readonly #parts: HostClientParts
  readonly #restarts = createRestarts()
  readonly #waiting = new Map<number, Waiting>()
  readonly #questions = new Map<number, AbortController>()
  #state: HostState = 'starting'
  #child: HostProcess | undefined
  #cancelRestart: (() => void) | undefined
  #lastId = 0
  #closed = false

  constructor(parts: HostClientParts) {
    this.#parts = parts
  }

  get state(): HostState {
    return this.#state
  }

  start(): void {
    if (this.#child !== undefined || this.#closed) return
    this.#cancelRestart?.()
    this.#cancelRestart = undefined
    this.#become('starting')
    const child = this.#parts.fork()
    this.#child = child
    child.on('message', (data: unknown) => {
      if (this.#child === child) this.#hear(data)
    })
    child.on('exit', (code) => {
      if (this.#child === child) this.#stopped(code)
    })
  }

  /** Never rejects. Ends with `engine.stopped` if the host dies meanwhile, with `cancelled` when the signal fires. */
  request(method: string, params: unknown, signal?: AbortSignal): Promise<Envelope<unknown>> {
    if (signal?.aborted === true) return Promise.resolve(failure('cancelled'))
    if (this.#closed || !this.#isComing()) return Promise.resolve(failure('engine.stopped', 'later'))
    const id = ++this.#lastId
    const { promise, resolve } = Promise.withResolvers<Envelope<unknown>>()
    const abort = (): void => {
      if (this.#waiting.get(id)?.sent === true) this.#send({ kind: 'abort', id })
      this.#settle(id, failure('cancelled'))
    }
    signal?.addEventListener('abort', abort, { once: true })
    this.#waiting.set(id, {
      message: { kind: 'request', id, method, params },
      sent: false,
      settle: (envelope) => {
        signal?.removeEventListener('abort', abort)
        resolve(envelope)
      },
    })
    if (this.#state === 'running') this.#sendWaiting()
    return promise
  }

  /** Ends the process for good; whatever is still under way ends with `engine.stopped`. */
  close(): void {
    this.#closed = true
    this.#cancelRestart?.()
    const child = this.#child
    this.#child = undefined
    child?.kill()
    this.#dropAll()
  }

  /** Whether a host runs or is about to; one that was given up gets another chance. */
  #isComing(): boolean {
    if (this.#child !== undefined || this.#cancelRestart !== undefined) return true
    if (this.#state === 'crashed' && !this.#restarts.hasRoom(this.#parts.now())) return false
    this.start()
    return true
  }

  #hear(data: unknown): void {
    const message = readHostMessage(data)
    if (message === undefined) {
      this.#parts.log('the engine host said something that nobody understands')
      return
    }
    switch (message.kind) {
      case 'ready':
        this.#become('running')
        this.#sendWaiting()
        return
      case 'reply':
        this.#settle(message.id, message.envelope)
        return
      case 'event':
        this.#parts.onEvent(message.topic, message.value)
        return
      case 'ask':
        void this.#answer(message)
        return
      case 'withdraw':
        this.#questions.get(message.id)?.abort()
    }
  }

  async #answer({ id, params }: Extract<FromHost, { readonly kind: 'ask' }>): Promise<void> {
    const asking = this.#child
    const controller = new AbortController()
    this.#questions.set(id, controller)
    const answer = await this.#parts
      .openSignInWindow(params, controller.signal)
      .catch((): Answer => ({ outcome: 'refused' }))
    if (this.#questions.get(id) === controller) this.#questions.delete(id)
    if (this.#child === asking) this.#send({ kind: 'answer', id, answer })
  }

  #stopped(code: number): void {
    this.#child = undefined
    this.#dropAll()
    const wait = this.#restarts.waitAfterStop(this.#parts.now())
    this.#parts.log(
      `the engine host stopped (${String(code)}); ` +
        (wait === undefined ? 'it stopped too often to be started again' : `again in ${String(wait)} ms`),
    )
    if (wait !== undefined)
      this.#cancelRestart = this.#parts.after(wait, () => {
        this.start()
      })
    this.#become('crashed')
  }

  #dropAll(): void {
    for (const id of [...this.#waiting.keys()]) this.#settle(id, failure('engine.stopped', 'later'))
    for (const question of this.#questions.values()) question.abort()
    this.#questions.clear()
  }

  #become(state: HostState): void {
    if (this.#state === state) return
    this.#state = state
    this.#parts.onState(state)
  }

  #sendWaiting(): void {
    for (const waiting of this.#waiting.values())
      if (!waiting.sent) {
        waiting.sent = true
        this.#send(waiting.message)
      }
  }

  #send(message: ToHost): void {
    this.#child?.postMessage(message)
  }

  #settle(id: number, envelope: Envelope<unknown>): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    waiting?.settle(envelope)
  }
}

function failure(code: IpcErrorCode, retry: 'never' | 'later' = 'never'): Envelope<never> {
  return { ok: false, error: { code, params: {}, retry } }
}
