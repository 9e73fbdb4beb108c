import { poly1305Base64 } from './poly1305-wasm.ts'

interface Poly1305Exports {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly INPUT: { readonly value: number }
  readonly CAPACITY: { readonly value: number }
  readonly start: () => void
  readonly absorb: (length: number) => void
  readonly finish: () => void
}

const wasm = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(poly1305Base64, 'base64')))
const { memory, INPUT, CAPACITY, start, absorb, finish } = wasm.exports as unknown as Poly1305Exports
// The module's memory never grows (scripts/build-poly1305.ts), so this view stays attached.
const bytes = new Uint8Array(memory.buffer)
const capacity = CAPACITY.value
const input = INPUT.value
const tag = bytes.subarray(32, 48)

export const TAG_SIZE = 16

/**
 * Poly1305 tag of `message` under the one-time key r (16 bytes, clamped here) and s (16 bytes).
 * The result is a view that the next call overwrites: copy it at once.
 */
export function poly1305(r: Uint8Array, s: Uint8Array, message: Uint8Array): Uint8Array {
  bytes.set(r, 0)
  bytes.set(s, 16)
  start()
  if (message.length <= capacity) {
    bytes.set(message, input)
    absorb(message.length)
  } else absorbInWindows(message)
  finish()
  return tag
}

function absorbInWindows(message: Uint8Array): void {
  for (let at = 0; at < message.length; at += capacity) {
    const part = message.subarray(at, at + capacity)
    bytes.set(part, input)
    absorb(part.length)
  }
}
