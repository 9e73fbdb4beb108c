import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSealer, randomSealingKey } from '../../../../src-main/engine/crypto/seal.ts'
import { isEngineError } from '../../../../src-main/engine/model/errors.ts'
import {
  headerBound,
  readHeader,
  writeHeader,
  type PackedBlob,
} from '../../../../src-main/engine/repository/pack-format.ts'

const sealer = createSealer(randomSealingKey())

/** Blobs one behind the other, as a pack has them. */
const packedBlobs = fc
  .array(
    fc.record({
      type: fc.constantFrom('data' as const, 'tree' as const),
      id: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      length: fc.integer({ min: 32, max: 2000 }),
      uncompressedLength: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 0xffffffff })),
    }),
    { maxLength: 40 },
  )
  .map((blobs) => {
    let offset = 0
    return blobs.map((blob) => {
      offset += blob.length
      return { ...blob, offset: offset - blob.length }
    })
  })

function packOf(blobs: readonly PackedBlob[]): Uint8Array {
  const end = blobs.reduce((sum, { length }) => sum + length, 0)
  const pack = new Uint8Array(randomBytes(end + headerBound(blobs.length)))
  return pack.subarray(0, writeHeader(pack, end, blobs, sealer))
}

function plain({ id, ...rest }: PackedBlob): object {
  return { ...rest, id: Buffer.from(id).toString('hex') }
}

/** The code of the error that reading gives; fails the test if it gives none. */
function refusal(pack: Uint8Array): string {
  try {
    readHeader(pack, sealer)
  } catch (error) {
    if (isEngineError(error)) return error.code
    throw error
  }
  return 'none'
}

const REFUSALS = ['repository.pack-truncated', 'repository.pack-damaged']

const some: PackedBlob[] = [
  { type: 'data', id: randomBytes(32), offset: 0, length: 100, uncompressedLength: 0 },
  { type: 'tree', id: randomBytes(32), offset: 100, length: 77, uncompressedLength: 300 },
  { type: 'data', id: randomBytes(32), offset: 177, length: 40, uncompressedLength: 41 },
]

/** A pack with a header of these plain bytes behind `end` bytes of blobs. */
function packWith(header: Uint8Array, end: number): Uint8Array {
  const sealed = sealer.seal(header)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(sealed.length)
  return Buffer.concat([randomBytes(end), sealed, length])
}

describe("a pack's header", () => {
  it('gives back what was written, within its bound', () => {
    fc.assert(
      fc.property(packedBlobs, (blobs) => {
        const pack = packOf(blobs)
        const end = blobs.reduce((sum, { length }) => sum + length, 0)
        expect(pack.length - end).toBeLessThanOrEqual(headerBound(blobs.length))
        expect(readHeader(pack, sealer).map(plain)).toEqual(blobs.map(plain))
      }),
    )
  })

  it('is as the format says: type, lengths, id', () => {
    const pack = Buffer.from(packOf(some))
    const length = pack.readUInt32LE(pack.length - 4)
    const header = Buffer.from(sealer.open(pack.subarray(-4 - length, -4)) ?? Buffer.of())
    expect(header.length).toBe(37 + 41 + 41)
    expect([header[0], header[37], header[78]]).toEqual([0, 3, 2])
    expect(header.readUInt32LE(1)).toBe(100)
    expect([header.readUInt32LE(38), header.readUInt32LE(42)]).toEqual([77, 300])
    expect(header.subarray(5, 37).equals(some[0]?.id ?? Buffer.of())).toBe(true)
    expect(header.subarray(46, 78).equals(some[1]?.id ?? Buffer.of())).toBe(true)
  })

  it('is refused when the pack ends anywhere before', () => {
    const pack = packOf(some)
    for (let length = 0; length < pack.length; length++)
      expect(REFUSALS, `${length} bytes`).toContain(refusal(pack.subarray(0, length)))
  })

  it('is refused when the pack has lost its beginning', () => {
    const pack = packOf(some)
    for (let start = 1; start <= pack.length; start++) expect(REFUSALS).toContain(refusal(pack.subarray(start)))
  })

  it('is refused when any bit of it is flipped', () => {
    const pack = packOf(some)
    for (let bit = 217 * 8; bit < pack.length * 8; bit++) {
      const changed = Uint8Array.from(pack)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(REFUSALS, `bit ${bit}`).toContain(refusal(changed))
    }
  })

  it('is refused when it is any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(REFUSALS).toContain(refusal(bytes))
        const noted = Buffer.concat([bytes, Buffer.alloc(4)])
        noted.writeUInt32LE(Math.min(bytes.length, 60), bytes.length)
        expect(REFUSALS).toContain(refusal(noted))
      }),
    )
  })

  it('is refused when it is sealed well and says nonsense', () => {
    const entry = Buffer.alloc(37, 1)
    entry.writeUInt32LE(50, 1)
    expect(refusal(packWith(Buffer.concat([Buffer.of(1), entry.subarray(1)]), 50))).toBe('none')
    // A type that nobody knows, an entry that ends too early, blobs that are longer or shorter than what is there.
    for (const kind of [4, 5, 128, 255])
      expect(refusal(packWith(Buffer.concat([Buffer.of(kind), entry.subarray(1)]), 50))).toBe('repository.pack-damaged')
    for (let length = 1; length < 37; length++)
      expect(refusal(packWith(entry.subarray(0, length), 50))).toBe('repository.pack-damaged')
    for (const end of [0, 49, 51, 1000]) expect(refusal(packWith(entry, end))).toBe('repository.pack-damaged')
    expect(refusal(packWith(Buffer.of(), 10))).toBe('repository.pack-damaged')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(300), (header, end) => {
        expect([...REFUSALS, ...(header.length + end === 0 ? ['none'] : [])]).toContain(refusal(packWith(header, end)))
      }),
    )
  })

  it('is refused under another key', () => {
    const other = createSealer(randomSealingKey())
    expect(() => readHeader(packOf(some), other)).toThrow('repository.pack-damaged')
  })
})
