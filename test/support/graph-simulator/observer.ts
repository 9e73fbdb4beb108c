/** A request that was answered by its route or with one of Graph's errors, no matter how the connection then fared. */
export interface AnsweredRequest {
  readonly method: string
  /** As it was sent, with the version, still percent-encoded. */
  readonly path: string
  readonly queryText: string
  /** Names in lower case. */
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly requestBody: Buffer
  /** Template of the route; "unknown" when there is none. */
  readonly route: string
  readonly answer: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    /** The JSON body before it is written out: properties may be undefined. */
    readonly json?: unknown
  }
}

/** Told of every answer of Graph proper: not of sign-in, pre-authenticated addresses, or what a fault put in their place. */
export type AnswerObserver = (answered: AnsweredRequest) => void

const forAll = new Set<AnswerObserver>()

/** Tells `observer` of the answers of every simulator of this process, from now on. */
export function observeSimulators(observer: AnswerObserver): void {
  forAll.add(observer)
}

export function tellObservers(own: AnswerObserver | undefined, answered: AnsweredRequest): void {
  own?.(answered)
  for (const observer of forAll) observer(answered)
}
