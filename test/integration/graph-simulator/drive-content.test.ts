import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { bytesOf, contentFrom, QuickXorHash } from '../../support/graph-simulator/services/drive/index.ts'
import { GrowingContent } from '../../support/graph-simulator/services/drive/state/content.ts'
import { contractFolder } from './schema.ts'

const hashOf = (bytes: Uint8Array): string => new QuickXorHash().update(bytes).digest()

/** Bit by bit, as the definition reads. */
function slowHash(bytes: Uint8Array): string {
  let register = 0n
  const width = 160n
  for (const [index, byte] of bytes.entries()) {
    const shift = BigInt(index * 11) % width
    const moved = BigInt(byte) << shift
    register ^= (moved & ((1n << width) - 1n)) | (moved >> width)
  }
  register ^= BigInt(bytes.length) << 96n
  const out = Buffer.from(register.toString(16).padStart(40, '0'), 'hex').reverse()
  return out.toString('base64')
}

describe('QuickXorHash', () => {
  test('agrees with the published vectors', () => {
    if (contractFolder === undefined) {
      process.stdout.write('The contract data (../shared/graph) is not there: no vectors to compare with.\n')
      return
    }
    const { vectors } = JSON.parse(readFileSync(`${contractFolder}quickxorhash-vectors.json`, 'utf8')) as {
      readonly vectors: readonly { readonly inputBase64?: string; readonly quickXorHash: string }[]
    }
    const given = vectors.filter(({ inputBase64 }) => inputBase64 !== undefined)
    expect(given.length).toBeGreaterThan(20)
    for (const { inputBase64 = '', quickXorHash } of given) {
      expect(hashOf(Buffer.from(inputBase64, 'base64'))).toBe(quickXorHash)
    }
  })

  test('agrees with its definition, in one piece and in many', () => {
    const bytes = bytesOf(contentFrom({ size: 2_077, seed: 3 }))
    for (const length of [0, 1, 7, 159, 160, 161, 500, 2_077]) {
      expect(hashOf(bytes.subarray(0, length))).toBe(slowHash(bytes.subarray(0, length)))
    }
    const pieces = new QuickXorHash()
    for (let at = 0; at < bytes.length; at += 97) pieces.update(bytes.subarray(at, at + 97))
    expect(pieces.digest()).toBe(slowHash(bytes))
  })
})

describe('generated content', () => {
  test('has the hashes of its bytes, which are the same however they are read', () => {
    for (const size of [0, 5, 16_000, 16_001, 32_000, 500_123]) {
      const content = contentFrom({ size, seed: size })
      const bytes = bytesOf(content)
      expect(bytes.length).toBe(size)
      expect(content.quickXorHash()).toBe(hashOf(bytes))
      expect(content.sha1()).toBe(createHash('sha1').update(bytes).digest('hex').toUpperCase())
      const pieces = [0, 7, 15_999, 300_000].map((from) => [...content.read(from, Math.min(from + 20_000, size))])
      expect(pieces.map((list) => Buffer.concat(list).toString('hex'))).toEqual(
        [0, 7, 15_999, 300_000].map((from) => bytes.subarray(from, from + 20_000).toString('hex')),
      )
    }
  })

  test('differs from block to block and from seed to seed', () => {
    const blocks = bytesOf(contentFrom({ size: 64_000, seed: 1 }))
    expect(new Set([0, 1, 2, 3].map((n) => blocks.toString('hex', n * 16_000, (n + 1) * 16_000))).size).toBe(4)
    expect(blocks.equals(bytesOf(contentFrom({ size: 64_000, seed: 2 })))).toBe(false)
  })

  test('of many GB has its hash at once', () => {
    const content = contentFrom({ size: 4 * 1024 ** 3 + 1, seed: 9 })
    expect(content.quickXorHash()).toMatch(/^[\w+/]{27}=$/)
  })

  test('is recognised when it comes in, and what only begins like it is kept as it is', () => {
    const bytes = bytesOf(contentFrom({ size: 100_000, seed: 11 }))
    const same = new GrowingContent()
    for (let at = 0; at < bytes.length; at += 33_333) same.append(bytes.subarray(at, at + 33_333))
    expect(bytesOf(same.finish()).equals(bytes)).toBe(true)
    expect(same.heldBytes).toBe(0)
    const other = Buffer.from(bytes)
    other[80_000] = (other[80_000] ?? 0) ^ 1
    const different = new GrowingContent()
    for (let at = 0; at < other.length; at += 33_333) different.append(other.subarray(at, at + 33_333))
    expect(bytesOf(different.finish()).equals(other)).toBe(true)
    expect(different.finish().quickXorHash()).toBe(hashOf(other))
  })
})
