type Anything = (...args: unknown[]) => unknown

/** A function has one stand-in on the other side, so that a listener can be taken away again. */
const proxies = new WeakMap<object, unknown>()

/** Electron's contextBridge: the page gets frozen copies, and functions that copy what goes in and what comes out. */
export const contextBridge = {
  exposeInMainWorld(name: string, api: unknown): void {
    if (name in globalThis) throw new Error(`Cannot bind an API on top of an existing property on the window object`)
    Object.defineProperty(globalThis, name, {
      value: freeze(copy(api)),
      writable: false,
      configurable: false,
      enumerable: true,
    })
  },
}

function copy(value: unknown): unknown {
  if (typeof value === 'function') return proxyOf(value as Anything)
  if (typeof value === 'symbol') throw new Error('An object could not be cloned.')
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Promise) return copyPromise(value)
  if (value instanceof Error) return copyError(value)
  if (value instanceof Node || value instanceof Blob) return value
  return hasFunctions(value) ? copyByHand(value) : cloned(value)
}

async function copyPromise(value: Promise<unknown>): Promise<unknown> {
  try {
    return copy(await value)
  } catch (error) {
    throw copyError(error)
  }
}

/** Of an error, Electron's bridge brings over its message. */
function copyError(error: unknown): unknown {
  return error instanceof Error ? new Error(error.message) : copy(error)
}

function cloned(value: object): unknown {
  try {
    return structuredClone(value)
  } catch {
    throw new Error('An object could not be cloned.')
  }
}

/** Whether there is something in it that structured clone does not take, but the bridge does. */
function hasFunctions(value: object, seen = new Set<object>()): boolean {
  if (isOfItsOwnKind(value) || seen.has(value)) return false
  seen.add(value)
  const needsHand = (held: unknown): boolean =>
    typeof held === 'function' ||
    held instanceof Promise ||
    (typeof held === 'object' && held !== null && hasFunctions(held, seen))
  return Object.values(value).some(needsHand)
}

/** What is more than its properties. Everything else is copied by them, whatever its class. */
function isOfItsOwnKind(value: object): boolean {
  const kinds = [Date, RegExp, Map, Set, WeakMap, WeakSet, ArrayBuffer, Promise, Error]
  return ArrayBuffer.isView(value) || kinds.some((kind) => value instanceof kind)
}

function copyByHand(value: object): object {
  if (Array.isArray(value)) return value.map(copy)
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, copy(held)]))
}

function proxyOf(original: Anything): unknown {
  const known = proxies.get(original)
  if (known !== undefined) return known
  const proxy = (...args: unknown[]): unknown => {
    try {
      return copy(original(...args.map(copy)))
    } catch (error) {
      throw copyError(error)
    }
  }
  proxies.set(original, proxy)
  return proxy
}

function freeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  for (const held of Object.values(value)) freeze(held)
  return Object.freeze(value)
}
