import { WireFault } from './wire-fault.ts'

/** Bytes kept for a reader that is slower than the wire. */
const highWaterBytes = 1024 * 1024

/** Up to this size the announced length is believed and reserved at once. */
const largestBookingBytes = 512 * 1024 * 1024

/** What the transport lets the reader do with the connection. */
export interface Flow {
  pause(): void
  resume(): void
  abort(): void
}

/** An answer's body as it comes in: the transport writes, one reader reads. */
export class WireBody implements AsyncIterable<Uint8Array> {
  /** As announced by Content-Length, in bytes on the wire. */
  readonly size: number | undefined
  received = 0
  readonly #flow: Flow
  #chunks: Uint8Array[] = []
  #held = 0
  #whole: { readonly bytes: Uint8Array<ArrayBuffer>; at: number } | undefined
  #state: 'open' | 'ended' | 'failed' = 'open'
  #fault: Error | undefined
  #wake: (() => void) | undefined

  constructor(flow: Flow, size: number | undefined) {
    this.#flow = flow
    this.size = size
  }

  get open(): boolean {
    return this.#state === 'open'
  }

  push(chunk: Uint8Array): void {
    this.received += chunk.length
    if (this.#whole === undefined) {
      // The chunk is a window into the socket's read buffer.
      this.#chunks.push(chunk.slice())
      this.#held += chunk.length
      if (this.#held > highWaterBytes) this.#flow.pause()
    } else this.#place(this.#whole, chunk)
    this.#wakeReader()
  }

  end(): void {
    if (!this.open) return
    this.#state = 'ended'
    this.#wakeReader()
  }

  fail(fault: Error): void {
    if (!this.open) return
    this.#state = 'failed'
    this.#fault = fault
    this.#wakeReader()
  }

  /** Gives the rest up; the connection is closed when there was a rest. */
  cancel(): void {
    if (this.open) this.#flow.abort()
    this.#chunks = []
  }

  /** The whole body. Rejects with a WireFault, or the reason of the signal that ended it. */
  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    if (this.size === undefined || this.size > largestBookingBytes) return await this.#joined()
    const whole = { bytes: new Uint8Array(this.size), at: 0 }
    for (const chunk of this.#take()) this.#place(whole, chunk)
    this.#whole = whole
    while (this.open) await this.#change()
    this.#checkFault()
    if (whole.at !== this.size) throw new WireFault('truncated', 'content-length')
    return whole.bytes
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      for (const chunk of this.#take()) yield chunk
      this.#checkFault()
      if (this.#held === 0 && !this.open) return
      if (this.#held === 0) await this.#change()
    }
  }

  async #joined(): Promise<Uint8Array<ArrayBuffer>> {
    const chunks: Uint8Array[] = []
    for await (const chunk of this) chunks.push(chunk)
    return join(chunks)
  }

  #take(): readonly Uint8Array[] {
    const chunks = this.#chunks
    this.#chunks = []
    this.#held = 0
    if (this.open) this.#flow.resume()
    return chunks
  }

  #place(whole: { readonly bytes: Uint8Array; at: number }, chunk: Uint8Array): void {
    if (whole.at + chunk.length > whole.bytes.length) throw new WireFault('truncated', 'content-length')
    whole.bytes.set(chunk, whole.at)
    whole.at += chunk.length
  }

  #checkFault(): void {
    if (this.#fault !== undefined) throw this.#fault
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  #wakeReader(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}

export function join(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
