export interface Debounced<T> {
  readonly later: (value: T) => void
  /** Now, and whatever waited is dropped. */
  readonly now: (value: T) => void
  readonly cancel: () => void
}

/** Calls with the last value, once nothing came for `milliseconds`. */
export function debounced<T>(milliseconds: () => number, call: (value: T) => void): Debounced<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const cancel = (): void => {
    clearTimeout(timer)
    timer = undefined
  }
  const now = (value: T): void => {
    cancel()
    call(value)
  }
  const later = (value: T): void => {
    cancel()
    timer = setTimeout(() => now(value), milliseconds())
  }
  return { later, now, cancel }
}
