/** Electron's options as data: without functions, and without what has a class of its own. */
export function plain(value: object): Readonly<Record<string, unknown>> {
  const kept = Object.entries(value).flatMap(([key, held]) => {
    const copy = plainValue(held)
    return copy === undefined ? [] : [[key, copy] as const]
  })
  return Object.fromEntries(kept)
}

function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue)
  if (typeof value === 'function' || typeof value === 'symbol') return undefined
  if (typeof value !== 'object' || value === null) return value
  return Object.getPrototypeOf(value) === Object.prototype ? plain(value) : undefined
}
