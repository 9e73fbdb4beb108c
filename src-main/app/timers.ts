/** Milliseconds since 1970. */
export function now(): number {
  return Date.now()
}

/** Calls back after so many milliseconds, unless what it returns was called before. */
export function after(milliseconds: number, call: () => void): () => void {
  const timer = setTimeout(call, milliseconds)
  return () => {
    clearTimeout(timer)
  }
}
