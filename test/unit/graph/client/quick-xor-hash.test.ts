import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { QuickXorHash } from '../../../../src-main/graph/client/quick-xor-hash.ts'

const vectorFile = new URL('../../../../../shared/graph/quickxorhash-vectors.json', import.meta.url)

interface Vector {
  readonly size: number
  readonly inputBase64?: string
  readonly quickXorHash: string
}

function hashOf(...parts: readonly Uint8Array[]): string {
  const hash = new QuickXorHash()
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Microsoft's description, bit by bit. */
function described(bytes: Uint8Array): string {
  const bits = new Uint8Array(160)
  for (const [index, byte] of bytes.entries()) {
    for (let bit = 0; bit < 8; bit++) {
      const place = (index * 11 + bit) % 160
      bits[place] = (bits[place] ?? 0) ^ ((byte >> bit) & 1)
    }
  }
  const hash = Buffer.alloc(20)
  for (const [place, bit] of bits.entries()) hash[place >> 3] = (hash[place >> 3] ?? 0) | (bit << (place & 7))
  hash.writeBigUInt64LE(hash.readBigUInt64LE(12) ^ BigInt(bytes.length), 12)
  return hash.toString('base64')
}

describe('QuickXorHash', () => {
  it.skipIf(!existsSync(vectorFile))('is what the published vectors say (needs ../shared/graph)', () => {
    const { vectors } = JSON.parse(readFileSync(vectorFile, 'utf8')) as { vectors: readonly Vector[] }
    expect(vectors.length).toBeGreaterThan(20)
    for (const { size, inputBase64, quickXorHash } of vectors) {
      if (inputBase64 === undefined) continue
      const bytes = Buffer.from(inputBase64, 'base64')
      expect(bytes.length).toBe(size)
      expect(hashOf(bytes)).toBe(quickXorHash)
    }
  })

  it('is what the description says, however the bytes are cut and wherever they lie in memory', () => {
    const input = fc.record({
      bytes: fc.uint8Array({ maxLength: 1_200 }),
      cuts: fc.array(fc.nat(1_200), { maxLength: 6 }),
      offset: fc.nat(7),
    })
    fc.assert(
      fc.property(input, ({ bytes, cuts, offset }) => {
        const shifted = new Uint8Array(bytes.length + offset).subarray(offset)
        shifted.set(bytes)
        const ends = [...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length]
        const parts = ends.map((end, index) => shifted.subarray(ends[index - 1] ?? 0, end))
        expect(hashOf(...parts)).toBe(described(bytes))
      }),
    )
  })

  it('folds large unaligned pieces like small ones', () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7919) >> 3)
    expect(hashOf(bytes.subarray(1))).toBe(described(bytes.subarray(1)))
    expect(hashOf(bytes.subarray(0, 70_001), bytes.subarray(70_001))).toBe(described(bytes))
  })

  it('can go on after a digest', () => {
    const hash = new QuickXorHash().update(Buffer.from('one'))
    expect(hash.digest()).toBe(described(Buffer.from('one')))
    expect(hash.update(Buffer.from('two')).digest()).toBe(described(Buffer.from('onetwo')))
  })
})
