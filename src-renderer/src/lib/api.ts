import type {
  Envelope,
  EventOf,
  IpcError,
  IpcErrorCode,
  MethodName,
  ParamsOf,
  TopicName,
  ValueOf,
} from '../../../src-shared/ipc/index.ts'

/** What the preload script puts into the page. */
interface Bridge {
  readonly invoke: (method: string, params: unknown) => Promise<unknown>
  /** Calls the listener with every event of the topic, until the function that it returns is called. */
  readonly subscribe: (topic: string, listener: (value: unknown) => void) => () => void
}

/** `window.holdfast`; also found by tests that have no page. */
function bridge(): Bridge {
  return (globalThis as unknown as { readonly holdfast: Bridge }).holdfast
}

export type FailureParams = IpcError['params']

/** A call that was refused or failed. Its sentence: `failureSentence`. */
export class ApiFailure extends Error {
  readonly code: IpcErrorCode
  readonly params: FailureParams
  readonly retry: IpcError['retry']

  constructor({ code, params, retry }: IpcError) {
    super(code)
    this.name = 'ApiFailure'
    this.code = code
    this.params = params
    this.retry = retry
  }
}

/** Asks main, or through it the engine. Rejects with an ApiFailure. */
export async function call<Name extends MethodName>(method: Name, params: ParamsOf<Name>): Promise<ValueOf<Name>> {
  // Main parses what it answers by the same contract.
  const answer = (await bridge().invoke(method, params)) as Envelope<ValueOf<Name>>
  if (!answer.ok) throw new ApiFailure(answer.error)
  return answer.value
}

/** Hears what main tells by itself, until the function that it returns is called. */
export function subscribe<Topic extends TopicName>(
  topic: Topic,
  listener: (value: EventOf<Topic>) => void,
): () => void {
  return bridge().subscribe(topic, (value) => listener(value as EventOf<Topic>))
}

/** Whatever was thrown, as a failure that can be worded. */
export function failureOf(cause: unknown): ApiFailure {
  if (cause instanceof ApiFailure) return cause
  return new ApiFailure({ code: 'internal', params: {}, retry: 'never' })
}
