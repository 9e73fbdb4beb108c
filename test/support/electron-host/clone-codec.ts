// Carries values between a page and the app as Electron does: what the structured clone algorithm takes arrives as it
// was, what it does not take is refused. Runs in Chromium and in Node.

/** Thrown in Electron's words for what cannot be cloned. */
function notCloneable(): Error {
  return new Error('An object could not be cloned.')
}

const errors: Readonly<Record<string, ErrorConstructor>> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
}
const views: Readonly<Record<string, new (bytes: ArrayBuffer) => ArrayBufferView>> = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
}

/** Plain JSON is itself; everything else is an array that begins with a letter. Objects are numbered as they are met. */
type Node = null | boolean | number | string | readonly [tag: string, ...rest: unknown[]]

/** @throws Error in Electron's words if the value cannot be cloned. */
export function encode(value: unknown): string {
  let cloned: unknown
  try {
    cloned = structuredClone(value)
  } catch {
    throw notCloneable()
  }
  return JSON.stringify(encodeNode(cloned, new Map()))
}

export function decode(text: string): unknown {
  return decodeNode(JSON.parse(text) as Node, [])
}

function encodeNode(value: unknown, seen: Map<object, number>): Node {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : ['n', Object.is(value, -0) ? '-0' : String(value)]
    case 'undefined':
      return ['u']
    case 'bigint':
      return ['i', String(value)]
    case 'object':
      return value === null ? null : encodeObject(value, seen)
    default:
      throw notCloneable()
  }
}

function encodeObject(value: object, seen: Map<object, number>): Node {
  const at = seen.get(value)
  if (at !== undefined) return ['r', at]
  seen.set(value, seen.size)
  const inside = (part: unknown): Node => encodeNode(part, seen)
  if (Array.isArray(value)) return ['a', value.map(inside)]
  if (value instanceof Date) return ['d', inside(value.getTime())]
  if (value instanceof RegExp) return ['x', value.source, value.flags]
  if (value instanceof Map) return ['m', Array.from(value, ([key, held]) => [inside(key), inside(held)])]
  if (value instanceof Set) return ['s', Array.from(value, inside)]
  if (value instanceof Error) return encodeError(value, inside)
  if (value instanceof ArrayBuffer) return ['b', toBase64(new Uint8Array(value))]
  if (ArrayBuffer.isView(value)) return ['t', viewName(value), toBase64(bytesOf(value))]
  const { prototype } = Object
  if (Object.getPrototypeOf(value) !== prototype) throw notCloneable()
  return ['o', Object.entries(value).map(([key, held]) => [key, inside(held)])]
}

function encodeError(error: Error, inside: (part: unknown) => Node): Node {
  const cause = 'cause' in error ? [inside(error.cause)] : []
  return ['e', error.name, error.message, inside(error.stack), ...cause]
}

function viewName(view: ArrayBufferView): string {
  return view instanceof Uint8Array ? 'Uint8Array' : Object.prototype.toString.call(view).slice(8, -1)
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}

function decodeNode(node: Node, met: object[]): unknown {
  if (node === null || typeof node !== 'object') return node
  const [tag, first, second] = node
  switch (tag) {
    case 'u':
      return undefined
    case 'n':
      return Number(first)
    case 'i':
      return BigInt(first as string)
    case 'r':
      return met[first as number]
    case 'a':
    case 'm':
    case 's':
    case 'o':
      return decodeHolder(tag, first as readonly unknown[], met)
    case 'e':
      return decodeError(node, met)
    default:
      return remember(met, decodeLeaf(tag, first, second))
  }
}

function remember<Value extends object>(met: object[], value: Value): Value {
  met.push(value)
  return value
}

/** Objects that hold others are remembered before what they hold: it may point back at them. */
function decodeHolder(tag: 'a' | 'm' | 's' | 'o', parts: readonly unknown[], met: object[]): object {
  const inside = (part: unknown): unknown => decodeNode(part as Node, met)
  const pairs = parts as readonly (readonly [unknown, unknown])[]
  if (tag === 'a') {
    const list = remember(met, [] as unknown[])
    for (const part of parts) list.push(inside(part))
    return list
  }
  if (tag === 's') {
    const set = remember(met, new Set())
    for (const part of parts) set.add(inside(part))
    return set
  }
  if (tag === 'm') {
    const map = remember(met, new Map())
    for (const [key, held] of pairs) map.set(inside(key), inside(held))
    return map
  }
  const object = remember(met, {})
  for (const [key, held] of pairs) define(object, key as string, inside(held))
  return object
}

/** As structured clone does: `__proto__` is a name like another. */
function define(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
}

function decodeLeaf(tag: string, first: unknown, second: unknown): object {
  switch (tag) {
    case 'd':
      return new Date(decodeNode(first as Node, []) as number)
    case 'x':
      return new RegExp(first as string, second as string)
    case 'b':
      return fromBase64(first as string)
    case 't':
      return viewOf(first as string, fromBase64(second as string))
    default:
      throw new Error(`unknown kind of value: ${tag}`)
  }
}

function viewOf(name: string, bytes: ArrayBuffer): ArrayBufferView {
  const View = views[name]
  if (View === undefined) throw new Error(`unknown kind of bytes: ${name}`)
  return new View(bytes)
}

function decodeError([, name, message, stack, ...cause]: readonly unknown[], met: object[]): Error {
  const error = remember(met, new (errors[name as string] ?? Error)(message as string))
  define(error, 'stack', decodeNode(stack as Node, met))
  if (cause.length > 0) define(error, 'cause', decodeNode(cause[0] as Node, met))
  return error
}

// btoa and atob: the one way to base64 that pages and Node have in common.
function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = []
  for (let at = 0; at < bytes.length; at += 8192) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)))
  return btoa(pieces.join(''))
}

function fromBase64(text: string): ArrayBuffer {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at)
  return bytes.buffer
}
