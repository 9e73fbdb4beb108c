import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { poly1305 as reference } from '@noble/ciphers/_poly1305.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePoly1305, poly1305Module } from '../../../../scripts/build-poly1305.ts'
import { poly1305 } from '../../../../src-main/engine/crypto/poly1305.ts'

const MIB = 1 << 20

function expectSame(r: Uint8Array, s: Uint8Array, message: Uint8Array): void {
  const expected = reference(message, Uint8Array.from(Buffer.concat([r, s])))
  expect(Buffer.from(poly1305(r, s, message)).toString('hex')).toBe(Buffer.from(expected).toString('hex'))
}

const key = fc.uint8Array({ minLength: 16, maxLength: 16 })
const ones = new Uint8Array(16).fill(0xff)

describe('poly1305', () => {
  it('gives the tag of RFC 8439, section 2.5.2', () => {
    const r = Buffer.from('85d6be7857556d337f4452fe42d506a8', 'hex')
    const s = Buffer.from('0103808afb0db2fd4abff6af4149f51b', 'hex')
    const tag = poly1305(r, s, Buffer.from('Cryptographic Forum Research Group'))
    expect(Buffer.from(tag).toString('hex')).toBe('a8061dc1305136c6c22b8baf0c0127a9')
  })

  it('gives the same tag as the reference for any key and message up to 5000 bytes', () => {
    fc.assert(
      fc.property(key, key, fc.uint8Array({ maxLength: 5000, size: 'max' }), (r, s, message) => {
        expectSame(r, s, message)
      }),
      { numRuns: 300 },
    )
  })

  it('gives the same tag for every length around the block size', () => {
    const [r, s, message] = [randomBytes(16), randomBytes(16), randomBytes(200)]
    for (let length = 0; length <= message.length; length++) expectSame(r, s, message.subarray(0, length))
  })

  it('carries as far as numbers can: keys and messages of all ones and all zeros', () => {
    const zeros = new Uint8Array(16)
    for (const r of [ones, zeros])
      for (const s of [ones, zeros])
        for (const byte of [0xff, 0x00, 0xfb])
          for (const length of [0, 1, 15, 16, 17, 31, 32, 33, 64, 4096, 5000])
            expectSame(r, s, new Uint8Array(length).fill(byte))
  })

  // https://datatracker.ietf.org/doc/html/rfc8439#appendix-A.3, vectors 7 to 9 and 11: sums at 2^130 - 5 and 2^128.
  it.each([
    ['02', '', 'ff'.repeat(16), '03'],
    ['02', 'ff'.repeat(16), `02${'00'.repeat(15)}`, '03'],
    ['01', '', `${'ff'.repeat(16)}f0${'ff'.repeat(15)}11${'00'.repeat(15)}`, '05'],
    ['02', '', `fd${'ff'.repeat(15)}`, `fa${'ff'.repeat(15)}`],
  ])('reduces as it must: r %s, s %s, message %s', (r, s, message, tag) => {
    const [rBytes, sBytes] = [Buffer.from(r.padEnd(32, '0'), 'hex'), Buffer.from(s.padEnd(32, '0'), 'hex')]
    const bytes = Buffer.from(message, 'hex')
    expect(Buffer.from(poly1305(rBytes, sBytes, bytes)).toString('hex')).toBe(tag.padEnd(32, '0'))
  })

  it('goes on from window to window of 1 MiB', () => {
    const message = randomBytes(3 * MIB + 17)
    const [r, s] = [randomBytes(16), randomBytes(16)]
    for (const length of [MIB - 1, MIB, MIB + 1, MIB + 16, 2 * MIB, 2 * MIB + 5, 3 * MIB + 17])
      expectSame(r, s, message.subarray(0, length))
    expectSame(ones, ones, new Uint8Array(2 * MIB + 3).fill(0xff))
  })

  it('keeps nothing of one message for the next', () => {
    const [r, s] = [randomBytes(16), randomBytes(16)]
    const short = Buffer.from('short')
    const before = Buffer.from(poly1305(r, s, short))
    poly1305(ones, ones, new Uint8Array(4 * MIB).fill(0xff))
    expect(before.equals(poly1305(r, s, short))).toBe(true)
  })

  it('is what the script compiles from the checked-in source', async () => {
    const module = new URL('../../../../src-main/engine/crypto/poly1305-wasm.ts', import.meta.url)
    expect(await readFile(module, 'utf8')).toBe(poly1305Module(await compilePoly1305()))
  })
})
