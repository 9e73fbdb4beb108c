import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_CHUNK, MIN_CHUNK, gearTable } from '../../../../src-main/engine/chunking/gear.ts'
import { KIB, MIB, blobsOf, cutsOf, noise, sha256, table } from './contents.ts'

/** Contents of any kind: a pattern, repeated or not, up to some MiB. */
const content = fc
  .record({
    pattern: fc.uint8Array({ minLength: 1, maxLength: 100 }),
    repeat: fc.nat(40_000),
    noise: fc.oneof(fc.nat(3000), fc.nat(2 * MIB)),
    seed: fc.string({ maxLength: 5 }),
  })
  .map(({ pattern, repeat, noise: length, seed }) =>
    Buffer.concat([Buffer.alloc(Math.min(pattern.length * repeat, 2 * MIB), pattern), noise(length, seed)]),
  )

/** Lines of which mails are made, and what looks like them. */
const mailLike = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '--',
        '--b',
        '--b--',
        '',
        'Content-Transfer-Encoding: base64',
        'Content-Transfer-Encoding:',
        ' base64',
      ),
      fc.constantFrom('--b\r\n\r\n', 'CONTENT-TRANSFER-ENCODING:\tBASE64', '\r', '-', '\u0000'),
      fc.string({ maxLength: 40 }),
      fc.nat(120).map((count) => `${'A'.repeat(76)}\n`.repeat(count * 10)),
    ),
    { maxLength: 60 },
  )
  .chain((lines) => fc.constantFrom('\n', '\r\n').map((newline) => Buffer.from(lines.join(newline))))

function expectCovered(bytes: Uint8Array, mime: boolean): void {
  let at = 0
  for (const [start, end] of cutsOf(bytes, mime)) {
    expect(start).toBe(at)
    expect(end).toBeGreaterThan(start)
    expect(end - start).toBeLessThanOrEqual(MAX_CHUNK)
    at = end
  }
  expect(at).toBe(bytes.length)
}

describe('cutting', () => {
  it('covers any content without gaps, as mail or not', () => {
    fc.assert(
      fc.property(content, fc.boolean(), (bytes, mime) => {
        expectCovered(bytes, mime)
      }),
      { numRuns: 40 },
    )
    fc.assert(
      fc.property(mailLike, (bytes) => {
        expectCovered(bytes, true)
      }),
      { numRuns: 300 },
    )
  })

  it('gives no blob for nothing and one up to the least size', () => {
    expect(cutsOf(new Uint8Array(0), true)).toEqual([])
    for (const length of [1, 1000, MIN_CHUNK - 1, MIN_CHUNK])
      expect(cutsOf(noise(length, 'short'), false)).toEqual([[0, length]])
  })

  it('makes blobs between least and greatest size, the last excepted, of about 1 MiB', () => {
    const bytes = noise(64 * MIB, 'sizes')
    const sizes = cutsOf(bytes, false).map(([start, end]) => end - start)
    for (const size of sizes.slice(0, -1)) expect(size).toBeGreaterThan(MIN_CHUNK)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_CHUNK)
    const mean = bytes.length / sizes.length
    expect(mean).toBeGreaterThan(0.8 * MIB)
    expect(mean).toBeLessThan(1.3 * MIB)
  })

  it('ends a blob at the greatest size where the content gives no reason to', () => {
    expect(cutsOf(Buffer.alloc(20 * MIB), false)).toEqual([
      [0, 8 * MIB],
      [8 * MIB, 16 * MIB],
      [16 * MIB, 20 * MIB],
    ])
  })

  it.each(['front', 'middle'])('changes few blobs when something is inserted: %s', (where) => {
    const bytes = noise(32 * MIB, 'insert')
    const at = where === 'front' ? 0 : 15 * MIB
    const changed = Buffer.concat([bytes.subarray(0, at), Buffer.from('inserted'), bytes.subarray(at)])
    const before = new Set(blobsOf(bytes, false))
    expect(before.size).toBeGreaterThan(20)
    expect(blobsOf(changed, false).filter((blob) => !before.has(blob)).length).toBeLessThanOrEqual(3)
  })

  it('depends on the content before the cut alone: what follows does not move it', () => {
    const bytes = noise(8 * MIB, 'prefix')
    const whole = cutsOf(bytes, false)
    const start = cutsOf(bytes.subarray(0, 5 * MIB), false)
    expect(start.slice(0, -1)).toEqual(whole.slice(0, start.length - 1))
  })

  it('depends on the polynomial of the repository', () => {
    const bytes = noise(16 * MIB, 'secret')
    expect(cutsOf(bytes, false, gearTable('3da3358b4dc173'))).toEqual(cutsOf(bytes, false, table))
    expect(cutsOf(bytes, false, gearTable('2fb1c8ca7d3d4b'))).not.toEqual(cutsOf(bytes, false, table))
  })

  it('never changes: a repository would store everything again', () => {
    const bytes = noise(4 * MIB, 'golden')
    expect(sha256(bytes)).toBe('2ad04dc0a2162f5cab2d31921c5d63ecb3a33a8cae63d6f27e973b66888658bb')
    expect(cutsOf(bytes, false)).toEqual([
      [0, 1707391],
      [1707391, 2464140],
      [2464140, 3978003],
      [3978003, 4194304],
    ])
  })

  it('does not take long for a text full of dashes', () => {
    // Once this was quadratic: hours.
    const bytes = Buffer.alloc(4 * MIB, '\n--')
    expect(cutsOf(bytes, true).length).toBeGreaterThan(0)
    expectCovered(Buffer.alloc(600 * KIB, '--x\n--\n'), true)
  })
})
