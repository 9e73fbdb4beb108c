import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import { methods, type Envelope, type HostMethod, type ParamsOf, type ValueOf } from '../../../src-shared/ipc/index.ts'
import { hostTopics, internalMethods } from '../../../src-shared/ipc/contract/internal.ts'
import type { FromHost, Question, ToHost } from '../../../src-main/engine-host/wire.ts'

const host = fileURLToPath(new URL('../../../src-main/engine-host/host.ts', import.meta.url))
const register = fileURLToPath(new URL('./parent-port.ts', import.meta.url))

type Internal = keyof typeof internalMethods
type InternalParams<M extends Internal> = z.infer<(typeof internalMethods)[M]['params']>
type InternalValue<M extends Internal> = z.infer<(typeof internalMethods)[M]['value']>
type Topic = keyof typeof hostTopics
type EventValue<T extends Topic> = z.infer<(typeof hostTopics)[T]>

interface Waiting {
  readonly fits: (message: FromHost) => boolean
  readonly resolve: (message: FromHost) => void
}

/** The engine host as main runs it, in a process of its own. What it says is held to the contract. */
export class HostProcess {
  /** Everything that it said, as text. */
  readonly said: string[] = []
  readonly #child: ChildProcess
  readonly #heard: FromHost[] = []
  #waiting: Waiting[] = []
  #lastId = 0
  #log = ''

  private constructor(child: ChildProcess) {
    this.#child = child
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#log += text))
    child.on('message', (data) => this.#hear((data as readonly [FromHost])[0]))
  }

  static async start(profile: string, env: Readonly<Record<string, string>>): Promise<HostProcess> {
    const entries = Object.entries(process.env).filter(([name]) => !name.startsWith('HOLDFAST_'))
    const child = fork(host, ['--profile', profile], {
      execArgv: ['--import', register],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...(Object.fromEntries(entries) as Record<string, string>), TZ: 'UTC', ...env },
    })
    const process_ = new HostProcess(child)
    const ended = once(child, 'exit').then(() => {
      throw new Error(`the host did not start: ${process_.log}`)
    })
    await Promise.race([process_.#next(({ kind }) => kind === 'ready'), ended])
    ended.catch(() => undefined)
    return process_
  }

  /** What it wrote to standard error. */
  get log(): string {
    return this.#log
  }

  /** Asks, and fails unless the value is as the contract says. */
  async value<M extends HostMethod>(method: M, params: ParamsOf<M>): Promise<ValueOf<M>> {
    const envelope = await this.ask(method, params)
    return methods[method].value.parse(opened(method, envelope)) as ValueOf<M>
  }

  async internal<M extends Internal>(method: M, params: InternalParams<M>): Promise<InternalValue<M>> {
    const envelope = await this.#request(method, params)
    return internalMethods[method].value.parse(opened(method, envelope)) as InternalValue<M>
  }

  /** Asks for something that must be refused, and gives the error. */
  async error<M extends HostMethod>(
    method: M,
    params: ParamsOf<M>,
  ): Promise<Extract<Envelope<unknown>, { readonly ok: false }>['error']> {
    const envelope = await this.ask(method, params)
    if (envelope.ok) throw new Error(`${method} was not refused`)
    return envelope.error
  }

  ask<M extends HostMethod>(method: M, params: ParamsOf<M>, signal?: AbortSignal): Promise<Envelope<unknown>> {
    return this.#request(method, methods[method].params.parse(params), signal)
  }

  /** The first event of a topic that fits, among those that came and those to come. */
  async event<T extends Topic>(topic: T, fits: (value: EventValue<T>) => boolean = () => true): Promise<EventValue<T>> {
    const message = await this.#next(
      (one) => one.kind === 'event' && one.topic === topic && fits(one.value as EventValue<T>),
    )
    return hostTopics[topic].parse((message as { readonly value: unknown }).value) as EventValue<T>
  }

  /** One more event of a topic than so many. */
  async eventAfter(topic: Topic, count: number): Promise<void> {
    const isOfTopic = (one: FromHost): boolean => one.kind === 'event' && one.topic === topic
    await this.#next((one) => this.#heard.filter(isOfTopic).indexOf(one) >= count)
  }

  events<T extends Topic>(topic: T): readonly EventValue<T>[] {
    return this.#heard.flatMap((one) =>
      one.kind === 'event' && one.topic === topic ? [one.value as EventValue<T>] : [],
    )
  }

  /** The next question to the shell. */
  async question(): Promise<Question & { readonly id: number }> {
    const message = await this.#next(({ kind }) => kind === 'ask')
    if (message.kind !== 'ask') throw new Error('not a question')
    return message
  }

  answer(id: number, answer: Extract<ToHost, { readonly kind: 'answer' }>['answer']): void {
    this.#send({ kind: 'answer', id, answer })
  }

  async withdrawn(id: number): Promise<void> {
    await this.#next((one) => one.kind === 'withdraw' && one.id === id)
  }

  /** Runs an operation to its end and gives its result. */
  async ended(operation: string): Promise<EventValue<'operationEnded'>> {
    return await this.event('operationEnded', ({ id }) => id === operation)
  }

  /** In good order. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    await this.internal('host.stop', {})
    await this.kill()
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exit = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exit
  }

  #request(method: string, params: unknown, signal?: AbortSignal): Promise<Envelope<unknown>> {
    const id = ++this.#lastId
    signal?.addEventListener('abort', () => this.#send({ kind: 'abort', id }), { once: true })
    const reply = this.#next((one) => one.kind === 'reply' && one.id === id)
    this.#send({ kind: 'request', id, method, params })
    return reply.then((message) => (message as { readonly envelope: Envelope<unknown> }).envelope)
  }

  #send(message: ToHost): void {
    this.#child.send([message])
  }

  #hear(message: FromHost): void {
    this.#heard.push(message)
    this.said.push(JSON.stringify(message))
    const found = this.#waiting.filter(({ fits }) => fits(message))
    this.#waiting = this.#waiting.filter((one) => !found.includes(one))
    for (const { resolve } of found) resolve(message)
  }

  #next(fits: Waiting['fits']): Promise<FromHost> {
    const known = this.#heard.find(fits)
    if (known !== undefined) return Promise.resolve(known)
    return new Promise((resolve) => this.#waiting.push({ fits, resolve }))
  }
}

function opened(method: string, envelope: Envelope<unknown>): unknown {
  if (!envelope.ok) throw new Error(`${method}: ${JSON.stringify(envelope.error)}`)
  return envelope.value
}
