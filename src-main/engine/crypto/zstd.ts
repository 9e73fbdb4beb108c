import { constants, createZstdCompress, createZstdDecompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/**
 * zstd for many small blobs. node:zlib's one-shot functions make a new native context for every call, which takes
 * three times as long as compressing a mail. The streams behind them carry a context that can be used again and
 * again, but only through fields that Node does not document. They are used only if they are there and pass a round
 * trip at start; otherwise the documented one-shot functions do the same, slower.
 */
export interface Zstd {
  /**
   * Compresses `source` into `target` as one frame with the content size in its header.
   * Gives the number of bytes written, or -1 if `target` is too small (then the blob is not compressible).
   */
  compressInto(source: Uint8Array, target: Uint8Array): number
  /**
   * Decompresses one frame into `target`, which must be as long as the content.
   * Gives the number of bytes written, or -1 if the frame is damaged or longer than `target`.
   */
  decompressInto(source: Uint8Array, target: Uint8Array): number
}

interface RawHandle {
  writeSync(
    flush: number,
    source: Uint8Array,
    sourceAt: number,
    sourceLength: number,
    target: Uint8Array,
    targetAt: number,
    targetLength: number,
  ): void
  close(): void
  onerror: (message: string, errno: number, code: string) => void
}

interface RawStream {
  readonly _handle?: RawHandle
  readonly _writeState?: Uint32Array
}

/** Room that a frame of incompressible bytes needs (zstd's own bound). */
export function compressBound(length: number): number {
  return length + (length >> 8) + 128
}

export function createZstd(level: number): Zstd {
  const oneShot = createOneShotZstd(level)
  return createReused(level, oneShot) ?? oneShot
}

/**
 * What a frame says about the length of its content; undefined if it does not say, or is no frame.
 * https://datatracker.ietf.org/doc/html/rfc8878#section-3.1.1.1
 */
export function frameContentSize(frame: Uint8Array): number | undefined {
  if (frame[0] !== 0x28 || frame[1] !== 0xb5 || frame[2] !== 0x2f || frame[3] !== 0xfd) return undefined
  const descriptor = frame[4] ?? 0
  const singleSegment = (descriptor & 0x20) !== 0
  const bytes = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
  const at = 5 + (singleSegment ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0)
  if (bytes === 0 || at + bytes > frame.length) return undefined
  let size = bytes === 2 ? 256 : 0
  for (let i = 0; i < bytes; i++) size += (frame[at + i] ?? 0) * 2 ** (8 * i)
  return size
}

function parameters(level: number): Record<number, number> {
  return { [constants.ZSTD_c_compressionLevel]: level }
}

/** Without Node's inner fields: what is used where they are not as expected. */
export function createOneShotZstd(level: number): Zstd {
  const copy = (bytes: Uint8Array, target: Uint8Array): number => {
    if (bytes.length > target.length) return -1
    target.set(bytes)
    return bytes.length
  }
  return {
    compressInto: (source, target) => copy(zstdCompressSync(source, { params: parameters(level) }), target),
    decompressInto: (source, target) => {
      try {
        return copy(zstdDecompressSync(source, { maxOutputLength: Math.max(target.length, 1) }), target)
      } catch {
        return -1 // a damaged frame; the caller names it
      }
    },
  }
}

function createReused(level: number, oneShot: Zstd): Zstd | undefined {
  const compress = reusable(() => createZstdCompress({ params: parameters(level) }), constants.ZSTD_e_end)
  const decompress = reusable(() => createZstdDecompress(), constants.ZSTD_e_continue)
  if (compress === undefined || decompress === undefined) return undefined
  const zstd: Zstd = {
    compressInto: (source, target) => (target.length === 0 ? -1 : compress(source, target)),
    // An empty target, or a frame that does not fill it, is left to the function that knows where a frame ends.
    decompressInto: (source, target) => {
      const length = target.length === 0 ? -1 : decompress(source, target)
      return length === target.length ? length : oneShot.decompressInto(source, target)
    },
  }
  return passesRoundTrip(zstd) ? zstd : undefined
}

type RunContext = (source: Uint8Array, target: Uint8Array) => number

/**
 * A native context that is made once and used until a call fails: an error sticks to it, and a frame may be half done.
 * Undefined if Node's inside is not as expected.
 */
function reusable(create: () => unknown, flush: number): RunContext | undefined {
  let run = context(create(), flush)
  if (run === undefined) return undefined
  return (source, target) => {
    run ??= context(create(), flush)
    const length = run?.(source, target) ?? -1
    if (length < 0 || (flush === constants.ZSTD_e_continue && length !== target.length)) run = undefined
    return length
  }
}

function context(stream: unknown, flush: number): RunContext | undefined {
  const { _handle: handle, _writeState: state } = stream as RawStream
  if (typeof handle?.writeSync !== 'function' || !(state instanceof Uint32Array)) return undefined
  let failed = false
  handle.onerror = () => {
    failed = true
  }
  return (source, target) => {
    handle.writeSync(flush, source, 0, source.length, target, 0, target.length)
    const [targetLeft = 0, sourceLeft = 0] = state
    const unfinished = sourceLeft > 0 || (targetLeft === 0 && flush === constants.ZSTD_e_end)
    if (failed || unfinished) {
      handle.close()
      return -1
    }
    return target.length - targetLeft
  }
}

function passesRoundTrip(zstd: Zstd): boolean {
  const plain = Buffer.from('Holdfast keeps what it was given. '.repeat(20))
  const packed = new Uint8Array(compressBound(plain.length))
  const opened = new Uint8Array(plain.length)
  for (let turn = 0; turn < 2; turn++) {
    const length = zstd.compressInto(plain, packed)
    if (length <= 0 || zstd.decompressInto(packed.subarray(0, length), opened) !== plain.length) return false
    if (!plain.equals(opened) || !plain.equals(zstdDecompressSync(packed.subarray(0, length)))) return false
    if (zstd.compressInto(plain, packed.subarray(0, 8)) !== -1) return false
    if (zstd.decompressInto(plain, opened) !== -1) return false
  }
  return true
}
