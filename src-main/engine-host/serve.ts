import type { Envelope } from '../../src-shared/ipc/errors.ts'
import { EngineError } from '../engine/index.ts'
import { failure, refusal } from './envelope.ts'
import type { Call, Handler } from './context.ts'
import type { Answer, FromHost, SignInPage, ToHost } from './wire.ts'

/** The part of Electron's `process.parentPort` that is used. */
export interface HostPort {
  postMessage(message: FromHost): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown
}

/** Answers by method; what they take and give, `Handlers` says. */
export type AllHandlers = ReadonlyMap<string, Handler<unknown, unknown>>

export interface ServeParts {
  readonly port: HostPort
  /** Told of an error that the program did not expect: which method, and where; never what it was about. */
  readonly log: (sentence: string) => void
}

/** Puts together what several parts of the host answer. */
export function gather(...parts: readonly object[]): AllHandlers {
  const all = new Map<string, Handler<unknown, unknown>>()
  for (const part of parts)
    for (const [method, handler] of Object.entries(part)) {
      if (all.has(method)) throw new Error(`two answers to ${method}`)
      // Main has parsed the parameters of that method, by the contract that gives the handler its type.
      all.set(method, handler as Handler<unknown, unknown>)
    }
  return all
}

/** Hears main's requests and answers each exactly once. A request that fails ends nothing but itself. */
export class Server {
  readonly #parts: ServeParts
  readonly #underWay = new Map<number, AbortController>()
  readonly #questions = new Map<number, (answer: Answer) => void>()
  #lastQuestion = 0
  #handlers: AllHandlers = new Map()

  constructor(parts: ServeParts) {
    this.#parts = parts
  }

  /** Begins to listen and tells main so. */
  start(handlers: AllHandlers): void {
    this.#handlers = handlers
    this.#parts.port.on('message', ({ data }) => {
      this.#hear(data as ToHost)
    })
    this.#send({ kind: 'ready' })
  }

  emit(topic: string, value: unknown): void {
    this.#send({ kind: 'event', topic, value })
  }

  /** Asks main to show a sign-in page. When the signal fires the window is closed. */
  openSignInWindow(page: SignInPage, signal: AbortSignal | undefined): Promise<Answer> {
    if (signal?.aborted === true) return Promise.reject(new EngineError('cancelled'))
    const id = ++this.#lastQuestion
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const withdraw = (): void => {
      this.#questions.delete(id)
      this.#send({ kind: 'withdraw', id })
      reject(new EngineError('cancelled', { cause: signal?.reason }))
    }
    signal?.addEventListener('abort', withdraw, { once: true })
    this.#questions.set(id, (answer) => {
      signal?.removeEventListener('abort', withdraw)
      resolve(answer)
    })
    this.#send({ kind: 'ask', id, question: 'openSignInWindow', params: page })
    return promise
  }

  /** Lets go of all that is under way. */
  abortAll(except?: AbortSignal): void {
    for (const controller of this.#underWay.values())
      if (controller.signal !== except) controller.abort(new EngineError('cancelled'))
  }

  #hear(message: ToHost): void {
    switch (message.kind) {
      case 'request':
        void this.#answer(message)
        return
      case 'abort':
        this.#underWay.get(message.id)?.abort(new EngineError('cancelled'))
        return
      case 'answer': {
        const take = this.#questions.get(message.id)
        this.#questions.delete(message.id)
        take?.(message.answer)
      }
    }
  }

  async #answer({ id, method, params }: Extract<ToHost, { readonly kind: 'request' }>): Promise<void> {
    const controller = new AbortController()
    this.#underWay.set(id, controller)
    const envelope = await this.#envelope(method, params, { signal: controller.signal })
    this.#underWay.delete(id)
    try {
      this.#send({ kind: 'reply', id, envelope })
    } catch (error) {
      // An answer that cannot travel is no answer: whoever waits is told.
      this.#parts.log(`${method}: ${whereOf(error)}`)
      this.#send({ kind: 'reply', id, envelope: refusal('internal') })
    }
  }

  async #envelope(method: string, params: unknown, call: Call): Promise<Envelope<unknown>> {
    const handler = this.#handlers.get(method)
    if (handler === undefined) return refusal('ipc.refused')
    try {
      return { ok: true, value: (await handler(params, call)) ?? {} }
    } catch (error) {
      const answer = failure(call.signal.aborted ? meant(error, call.signal) : error)
      if (!answer.ok && answer.error.code === 'internal') this.#parts.log(`${method}: ${whereOf(error)}`)
      return answer
    }
  }

  #send(message: FromHost): void {
    this.#parts.port.postMessage(message)
  }
}

/** What fails in whatever way after nobody waits for it failed because of that. */
function meant(error: unknown, signal: AbortSignal): unknown {
  return error instanceof EngineError ? error : signal.reason
}

/** Where in the program an error came from; its message may tell of contents. */
export function whereOf(error: unknown): string {
  if (!(error instanceof Error)) return `something of type ${typeof error} was thrown`
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return [error.name, ...frames.slice(0, 12).map((line) => line.trim())].join(' ')
}
