/** Time as the engine sees it; tests bring their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Resolves after `milliseconds`; rejects with the signal's reason when it fires first. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>
}
