/** What a side of the link can be asked: names and functions of one parameter. */
type Methods<Side> = { [Name in keyof Side]: (params: never) => unknown }

type Params<Method> = Method extends (params: infer Given) => unknown ? Given : never
type Value<Method> = Method extends (params: never) => infer Given ? Given : never
type Answerer<Method> = (params: Params<Method>) => Value<Method> | Promise<Value<Method>>

/** Carries messages in order, as a child process's IPC channel does. */
export interface Wire {
  send(message: unknown): void
  listen(onMessage: (message: unknown) => void, onEnd: () => void): void
}

interface SentError {
  readonly message: string
  readonly name: string
  readonly stack: string | undefined
  /** `code`, `errno`, `url`: what Electron adds to its errors. */
  readonly fields: object
}

type Message =
  | { readonly type: 'call'; readonly id: number; readonly name: string; readonly params: unknown }
  | { readonly type: 'tell'; readonly name: string; readonly params: unknown }
  | { readonly type: 'value'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: SentError }

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** One end of a conversation: answers `Mine`, and asks `Theirs`. Messages arrive in the order in which they were sent. */
export class Link<Mine extends Methods<Mine>, Theirs extends Methods<Theirs>> {
  readonly #wire: Wire
  readonly #waiting = new Map<number, Waiting>()
  readonly #answers = new Map<PropertyKey, (params: unknown) => unknown>()
  #calls = 0
  #ended = false

  constructor(wire: Wire, onEnd?: () => void) {
    this.#wire = wire
    wire.listen(
      (message) => this.#receive(message as Message),
      () => {
        this.#end()
        onEnd?.()
      },
    )
  }

  answer<Name extends keyof Mine>(name: Name, answerer: Answerer<Mine[Name]>): void {
    this.#answers.set(name, answerer as (params: unknown) => unknown)
  }

  /** Asks, and waits for the answer. Rejects with the other side's error, or when the other side is gone. */
  call<Name extends keyof Theirs & string>(name: Name, params: Params<Theirs[Name]>): Promise<Value<Theirs[Name]>> {
    if (this.#ended) return Promise.reject(goneError())
    const id = ++this.#calls
    return new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#wire.send({ type: 'call', id, name, params } satisfies Message)
    }) as Promise<Value<Theirs[Name]>>
  }

  /** Tells without waiting; an error of the other side ends it. */
  tell<Name extends keyof Theirs & string>(name: Name, params: Params<Theirs[Name]>): void {
    if (!this.#ended) this.#wire.send({ type: 'tell', name, params } satisfies Message)
  }

  #receive(message: Message): void {
    if (message.type === 'call') void this.#reply(message.id, message.name, message.params)
    else if (message.type === 'tell') this.#run(message.name, message.params)
    else this.#settle(message)
  }

  #run(name: string, params: unknown): unknown {
    const answerer = this.#answers.get(name)
    if (answerer === undefined) throw new Error(`nobody answers ${name}`)
    return answerer(params)
  }

  async #reply(id: number, name: string, params: unknown): Promise<void> {
    try {
      const value = await this.#run(name, params)
      if (!this.#ended) this.#wire.send({ type: 'value', id, value } satisfies Message)
    } catch (error) {
      if (!this.#ended) this.#wire.send({ type: 'error', id, error: sentError(error) } satisfies Message)
    }
  }

  #settle(message: Exclude<Message, { type: 'call' | 'tell' }>): void {
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.type === 'value') waiting?.resolve(message.value)
    else waiting?.reject(receivedError(message.error))
  }

  #end(): void {
    this.#ended = true
    for (const { reject } of this.#waiting.values()) reject(goneError())
    this.#waiting.clear()
  }
}

function goneError(): Error {
  return new Error('the other process is gone')
}

function sentError(error: unknown): SentError {
  if (!(error instanceof Error)) return { message: String(error), name: 'Error', stack: undefined, fields: {} }
  const { message, name, stack } = error
  return { message, name, stack, fields: Object.fromEntries(Object.entries(error)) }
}

function receivedError({ message, name, stack, fields }: SentError): Error {
  return Object.assign(new Error(message), fields, { name, ...(stack === undefined ? {} : { stack }) })
}
