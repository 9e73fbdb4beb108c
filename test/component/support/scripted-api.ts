import {
  methods,
  topics,
  type Envelope,
  type EventOf,
  type IpcError,
  type MethodName,
  type ParamsOf,
  type TopicName,
  type ValueOf,
} from '../../../src-shared/ipc/index.ts'

/** What the window is answered: a function of the parameters for each method that the test is about. */
export type Handlers = {
  readonly [Name in MethodName]?: (params: ParamsOf<Name>) => ValueOf<Name> | Promise<ValueOf<Name>>
}

export interface Call {
  readonly method: MethodName
  readonly params: unknown
}

/** Thrown by a handler: the window gets it as an error. */
export class Refusal extends Error {
  readonly error: IpcError

  constructor(code: IpcError['code'], params: IpcError['params'] = {}, retry: IpcError['retry'] = 'never') {
    super(code)
    this.error = { code, params, retry }
  }
}

/**
 * Answers as main would: parameters, values and events are held to the contract. What is not scripted is refused and
 * noted in `mistakes`, as is what breaks the contract.
 */
export class ScriptedApi {
  readonly calls: Call[] = []
  readonly mistakes: string[] = []
  readonly #handlers: Partial<Record<MethodName, (params: never) => unknown>>

  constructor(handlers: Handlers) {
    this.#handlers = { ...handlers }
  }

  /** From now on answers differently. */
  on<Name extends MethodName>(method: Name, handler: NonNullable<Handlers[Name]>): void {
    this.#handlers[method] = handler
  }

  /** Whether nobody has scripted it. */
  isFree(method: MethodName): boolean {
    return this.#handlers[method] === undefined
  }

  /** Parameters of the calls of a method, in order. */
  paramsOf<Name extends MethodName>(method: Name): readonly ParamsOf<Name>[] {
    return this.calls.filter((call) => call.method === method).map(({ params }) => params as ParamsOf<Name>)
  }

  async answer(name: string, params: unknown): Promise<Envelope<unknown>> {
    if (!Object.hasOwn(methods, name)) return this.#mistake(`There is no method ${name}.`)
    const method = name as MethodName
    const parsed = methods[method].params.safeParse(params)
    if (!parsed.success) return this.#mistake(`${name} was called with ${parsed.error.message}`)
    this.calls.push({ method, params: parsed.data })
    const handler = this.#handlers[method]
    if (handler === undefined) return this.#mistake(`${name} is not scripted.`)
    try {
      const value = await handler(parsed.data as never)
      const checked = methods[method].value.safeParse(value)
      return checked.success
        ? { ok: true, value: checked.data }
        : this.#mistake(`${name} is scripted to answer ${checked.error.message}`)
    } catch (cause) {
      if (cause instanceof Refusal) return { ok: false, error: cause.error }
      return this.#mistake(`${name} threw ${String(cause)}`)
    }
  }

  event<Topic extends TopicName>(topic: Topic, value: EventOf<Topic>): unknown {
    return topics[topic].parse(value)
  }

  #mistake(what: string): Envelope<never> {
    this.mistakes.push(what)
    return { ok: false, error: { code: 'internal', params: {}, retry: 'never' } }
  }
}
