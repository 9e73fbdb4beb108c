import { randomBytes } from 'node:crypto'
import { constants, createZstdCompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compressBound,
  createOneShotZstd,
  createZstd,
  frameContentSize,
  type Zstd,
} from '../../../../src-main/engine/crypto/zstd.ts'

const reused = createZstd(3)
const oneShot = createOneShotZstd(3)
const both: readonly (readonly [string, Zstd])[] = [
  ['with a context that is used again', reused],
  ['one call at a time', oneShot],
]

const text = Buffer.from('Received: from mail.example by mx.example; '.repeat(500))
const noise = randomBytes(20_000)
/** Contents that compress, that do not, and that have both. */
const content = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }),
  fc.nat(20_000).map((length) => Uint8Array.from(text.subarray(0, length))),
  fc
    .tuple(fc.nat(9000), fc.nat(9000))
    .map(([a, b]) => Uint8Array.from(Buffer.concat([text.subarray(0, a), noise.subarray(0, b)]))),
)

function frameOf(plain: Uint8Array, zstd: Zstd = reused): Uint8Array {
  const target = new Uint8Array(compressBound(plain.length))
  return target.subarray(0, zstd.compressInto(plain, target))
}

function opened(frame: Uint8Array, length: number, zstd: Zstd): Buffer | undefined {
  const target = Buffer.alloc(length)
  const written = zstd.decompressInto(frame, target)
  return written < 0 ? undefined : target.subarray(0, written)
}

describe('zstd', () => {
  it('uses the faster way in this version of Node', () => {
    // If this fails, the bench will too: Node's inside has changed, see createReused.
    expect(Object.keys(reused)).toEqual(['compressInto', 'decompressInto'])
    expect(reused.compressInto.toString()).not.toContain('zstdCompressSync')
  })

  it('gives back what was compressed, whichever way, and the frames are the same', () => {
    fc.assert(
      fc.property(content, (plain) => {
        const frame = frameOf(plain)
        if (plain.length > 0) expect(Buffer.compare(frame, frameOf(plain, oneShot))).toBe(0)
        expect(Buffer.compare(zstdDecompressSync(frame), plain)).toBe(0)
        expect(frameContentSize(frame)).toBe(plain.length)
        for (const [, zstd] of both) expect(opened(frame, plain.length, zstd)?.equals(plain)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it.each(both)(
    'opens frames of other levels, with checksum, and without a size in the header: %s',
    async (_, zstd) => {
      const frames = [
        zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: 19 } }),
        zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
        zstdCompressSync(text, { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } }),
      ]
      const stream = createZstdCompress()
      for (let at = 0; at < text.length; at += 1000) stream.write(text.subarray(at, at + 1000))
      stream.end()
      frames.push(await buffer(stream))
      for (const frame of frames) expect(opened(frame, text.length, zstd)?.equals(text)).toBe(true)
      expect(frames.map(frameContentSize)).toEqual([text.length, text.length, undefined, undefined])
    },
  )

  it.each(both)('refuses a frame that is damaged or cut, and opens the next one: %s', (_, zstd) => {
    const plain = Buffer.concat([text, noise])
    const frame = frameOf(plain)
    fc.assert(
      fc.property(fc.nat(frame.length - 1), fc.boolean(), (at, isCut) => {
        const damaged = isCut ? frame.subarray(0, at) : Uint8Array.from(frame)
        if (!isCut) damaged[at] = (damaged[at] ?? 0) ^ 0x55
        const result = opened(damaged, plain.length, zstd)
        // Without a checksum a flipped bit may give other bytes; the blob's hash shows it. A cut frame never opens.
        expect(result?.equals(plain) ?? false).toBe(false)
        if (isCut) expect(result).toBeUndefined()
        expect(opened(frame, plain.length, zstd)?.equals(plain)).toBe(true)
        expect(zstdDecompressSync(frameOf(text, zstd)).equals(text)).toBe(true)
      }),
    )
  })

  it.each(both)('refuses a frame that is longer than the target, and opens the next one: %s', (_, zstd) => {
    for (const plain of [text.subarray(0, 200), text, Buffer.concat([noise, text]), Buffer.alloc(3 << 20, 'a')]) {
      const frame = frameOf(plain)
      for (const length of [0, 1, plain.length >> 1, plain.length - 1]) {
        expect(opened(frame, length, zstd)).toBeUndefined()
        expect(opened(frame, plain.length, zstd)?.equals(plain)).toBe(true)
      }
      // A target that is too long is filled as far as the content goes.
      expect(opened(frame, plain.length + 1, zstd)?.equals(plain)).toBe(true)
    }
  })

  it.each(both)('refuses what is no frame, has more behind it, or is empty: %s', (_, zstd) => {
    const frame = frameOf(text)
    for (const odd of [
      Buffer.of(),
      text,
      Buffer.concat([frame, Buffer.of(1, 2, 3)]),
      Buffer.concat([Buffer.of(0), frame]),
    ]) {
      const result = opened(odd, text.length, zstd)
      expect(result?.equals(text) === true && odd.length < frame.length).toBe(false)
      expect(opened(frame, text.length, zstd)?.equals(text)).toBe(true)
    }
  })

  it.each(both)('says so if the target is too small for the frame, and compresses the next one: %s', (_, zstd) => {
    for (const plain of [text, noise, Buffer.concat([noise, text])]) {
      const frame = frameOf(plain)
      for (const length of [0, 1, 10, frame.length >> 1, frame.length - 1]) {
        expect(zstd.compressInto(plain, new Uint8Array(length))).toBe(-1)
        expect(Buffer.compare(frameOf(plain, zstd), frame)).toBe(0)
      }
    }
  })

  it('never needs more room than its bound', () => {
    for (const length of [0, 1, 2, 255, 256, 1000, 131_071, 131_072, 131_073, 1 << 20]) {
      const plain = randomBytes(length)
      for (const [, zstd] of both)
        expect(zstd.compressInto(plain, new Uint8Array(compressBound(length)))).toBeGreaterThan(0)
    }
  })
})

describe('the size in a frame', () => {
  it('is read in all its widths', () => {
    for (const length of [0, 1, 255, 256, 257, 65_535, 65_791, 65_792, 100_000, (1 << 20) + 3])
      expect(frameContentSize(zstdCompressSync(Buffer.alloc(length, 'b'))), String(length)).toBe(length)
    const wide = Buffer.from('28b52ffde00000000001000000', 'hex')
    expect(frameContentSize(wide)).toBe(2 ** 32)
  })

  it('is unknown of what is no frame, or ends in its header', () => {
    const frame = zstdCompressSync(Buffer.alloc(100_000))
    for (let length = 0; length < 9; length++) expect(frameContentSize(frame.subarray(0, length))).toBeUndefined()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
        expect(frameContentSize(Uint8Array.from([0, ...bytes]))).toBeUndefined()
      }),
    )
  })
})
