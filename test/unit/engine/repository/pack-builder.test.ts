import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSealer, randomSealingKey, type Sealer } from '../../../../src-main/engine/crypto/seal.ts'
import { createZstd, type Zstd } from '../../../../src-main/engine/crypto/zstd.ts'
import { isEngineError } from '../../../../src-main/engine/model/errors.ts'
import { openBlob } from '../../../../src-main/engine/repository/blob-codec.ts'
import { BlobTable } from '../../../../src-main/engine/repository/blob-table.ts'
import {
  PackBuilder,
  type FinishedPack,
  type PackBuilderOptions,
} from '../../../../src-main/engine/repository/pack-builder.ts'
import { readHeader } from '../../../../src-main/engine/repository/pack-format.ts'
import { noise } from './writer-scene.ts'

const sealer = createSealer(randomSealingKey())
const zstd = createZstd(1)
const text = Buffer.from('What was sealed is opened again. '.repeat(100))

interface Built {
  readonly packs: readonly FinishedPack[]
  readonly table: BlobTable
  readonly add: (plain: Uint8Array) => number
  readonly finish: () => void
}

function build(options: Partial<PackBuilderOptions> = {}): Built {
  const table = new BlobTable()
  table.reserve(10_000)
  const packs: FinishedPack[] = []
  const builder = new PackBuilder('data', {
    packSize: 100_000,
    selfCheck: true,
    sealer,
    zstd,
    table,
    buffer: (bytes) => new ArrayBuffer(Math.max(bytes, 150_000)),
    onPack: (pack) => packs.push(pack),
    ...options,
  })
  return {
    packs,
    table,
    finish: () => {
      builder.finish()
    },
    add: (plain) => {
      const id = createHash('sha256').update(plain).digest()
      return builder.add(table.claim(id, 'data'), id, plain)
    },
  }
}

/** What the self-check says; undefined if it says nothing. */
function selfCheck(work: () => void): unknown {
  try {
    work()
    return undefined
  } catch (error) {
    if (isEngineError(error, 'repository.self-check-failed')) return error.context.part
    throw error
  }
}

/** A sealer that damages what it seals from the given call on, at the place that `at` picks. */
function damagingSealer(from: number, at: (length: number) => number): Sealer {
  let calls = 0
  return {
    ...sealer,
    sealInto: (target, start, plain) => {
      const length = sealer.sealInto(target, start, plain)
      const place = start + at(length)
      if (++calls >= from) target[place] = (target[place] ?? 0) ^ 1
      return length
    },
  }
}

describe('a pack builder', () => {
  it('fills packs up to their size and notes where each blob is', () => {
    const { packs, table, add, finish } = build()
    const plains = Array.from({ length: 40 }, (_, i) =>
      i % 2 === 0 ? noise(9000 + i, String(i)) : Buffer.from(`${text.toString()} ${i}`),
    )
    for (const plain of plains) add(plain)
    finish()
    finish()
    expect(packs.length).toBeGreaterThan(1)
    for (const { buffer, length, id, slots } of packs) {
      const pack = new Uint8Array(buffer, 0, length)
      expect(createHash('sha256').update(pack).digest().equals(id)).toBe(true)
      const header = readHeader(pack, sealer)
      expect(header.length).toBe(slots.length)
      for (const [i, blob] of header.entries()) {
        const { offset, length: sealed, uncompressedLength } = table.location(slots[i] ?? -1)
        expect({ offset, length: sealed, uncompressedLength }).toEqual({
          offset: blob.offset,
          length: blob.length,
          uncompressedLength: blob.uncompressedLength,
        })
        const plain = openBlob(pack.subarray(offset, offset + sealed), blob, sealer, zstd)
        expect(plains.some((one) => plain !== undefined && one.equals(plain))).toBe(true)
      }
    }
    expect(packs.flatMap(({ slots }) => [...slots]).length).toBe(plains.length)
  })

  it('keeps what does not become smaller as it is', () => {
    const { packs, table, add, finish } = build()
    const plain = noise(5000, 'raw')
    expect(add(plain)).toBe(plain.length + 32)
    finish()
    expect(table.location(packs[0]?.slots[0] ?? -1)).toMatchObject({ length: 5032, uncompressedLength: 0 })
  })

  it('makes room for a blob that is larger than a pack', () => {
    const { packs, add, finish } = build()
    add(noise(3000, 'first'))
    add(noise(1_000_000, 'large'))
    add(noise(3000, 'last'))
    finish()
    expect(packs.map(({ slots }) => slots.length)).toEqual([1, 1, 1])
  })

  it('leaves nothing unsealed in a pack: what was compressed there for a try is covered', () => {
    const { packs, add, finish } = build()
    const plains = [noise(20_000, 'not compressible'), text, noise(300, 'short')]
    for (const plain of plains) add(plain)
    finish()
    const pack = Buffer.from(packs[0]?.buffer ?? new ArrayBuffer(0), 0, packs[0]?.length)
    for (const plain of plains) expect(pack.includes(plain.subarray(0, 32))).toBe(false)
    const header = readHeader(pack, sealer)
    for (const [i, blob] of header.entries()) {
      const sealed = pack.subarray(blob.offset, blob.offset + blob.length)
      expect(plains[i]?.equals(openBlob(sealed, blob, sealer, zstd) ?? Buffer.of())).toBe(true)
    }
  })

  describe('that opens again what it sealed', () => {
    const damages: readonly (readonly [string, (length: number) => number])[] = [
      ['IV', () => 3],
      ['ciphertext', (length) => length >> 1],
      ['tag', (length) => length - 1],
    ]

    it.each(damages)('notices a blob whose %s is damaged', (_, at) => {
      const { add, packs } = build({ sealer: damagingSealer(3, at) })
      add(Buffer.from('one'))
      add(text)
      expect(selfCheck(() => add(noise(5000, 'three')))).toBe('blob')
      expect(packs).toEqual([])
    })

    it.each(damages)('notices a header whose %s is damaged', (_, at) => {
      const { add, finish, packs } = build({ sealer: damagingSealer(2, at) })
      add(text)
      let caught: unknown
      try {
        finish()
      } catch (error) {
        caught = error
      }
      expect(isEngineError(caught, 'repository.self-check-failed')).toBe(true)
      expect(packs).toEqual([])
    })

    it.each<[string, Zstd]>([
      [
        'damages a frame',
        { ...zstd, compressInto: (source, target) => flipped(zstd.compressInto(source, target), target) },
      ],
      [
        'compresses other bytes',
        { ...zstd, compressInto: (source, target) => zstd.compressInto(source.slice().fill(7, 0, 3), target) },
      ],
      [
        'gives too short a length',
        { ...zstd, compressInto: (source, target) => zstd.compressInto(source, target) - 1 },
      ],
      [
        'drops the last byte',
        { ...zstd, compressInto: (source, target) => zstd.compressInto(source.subarray(1), target) },
      ],
    ])('notices a compressor that %s', (_, damaging) => {
      const { add, packs } = build({ zstd: damaging })
      expect(selfCheck(() => add(text))).toBe('blob')
      expect(packs).toEqual([])
    })

    it('notices bytes that changed after they were hashed', () => {
      const { table } = build()
      const builder = new PackBuilder('data', {
        packSize: 100_000,
        selfCheck: true,
        sealer,
        zstd,
        table,
        buffer: (bytes) => new ArrayBuffer(bytes),
        onPack: () => undefined,
      })
      const id = createHash('sha256').update('other bytes').digest()
      expect(selfCheck(() => builder.add(table.claim(id, 'data'), id, text))).toBe('blob')
    })

    it('does not look when it is turned off', () => {
      const { add, finish, packs } = build({ sealer: damagingSealer(1, () => 20), selfCheck: false })
      add(text)
      finish()
      expect(packs.length).toBe(1)
    })
  })
})

function flipped(length: number, target: Uint8Array): number {
  target[length - 5] = (target[length - 5] ?? 0) ^ 0x10
  return length
}
