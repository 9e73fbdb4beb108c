import { createCipheriv } from 'node:crypto'
import { poly1305 as reference } from '@noble/ciphers/_poly1305.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  SEAL_OVERHEAD,
  SEAL_PREFIX,
  createSealer,
  randomSealingKey,
  sealingKey,
} from '../../../../src-main/engine/crypto/seal.ts'
import { isEngineError } from '../../../../src-main/engine/model/errors.ts'

const IV_SIZE = 16
const key = randomSealingKey()
const sealer = createSealer(key)
const content = Buffer.from('The quick brown fox seals what it was given. '.repeat(3))

describe('a sealer', () => {
  it('opens what it sealed, of any length, also into the middle of a buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), fc.nat(100), (plain, at) => {
        const sealed = sealer.seal(plain)
        expect(sealed.length).toBe(plain.length + SEAL_OVERHEAD)
        expect(Buffer.compare(sealer.open(sealed) ?? Buffer.of(), plain)).toBe(0)
        const target = new Uint8Array(at + sealed.length + 5).fill(7)
        expect(sealer.sealInto(target, at, plain)).toBe(sealed.length)
        expect(Buffer.compare(sealer.open(target.subarray(at, at + sealed.length)) ?? Buffer.of(), plain)).toBe(0)
        expect(target.subarray(0, at).every((byte) => byte === 7)).toBe(true)
        expect(target.subarray(at + sealed.length).every((byte) => byte === 7)).toBe(true)
      }),
    )
  })

  it('opens contents larger than a window of the tag', () => {
    const plain = new Uint8Array((3 << 20) + 5).map((_, i) => i)
    expect(Buffer.compare(sealer.open(sealer.seal(plain)) ?? Buffer.of(), plain)).toBe(0)
  })

  it.each([0, 1, 300, (256 << 10) - 1, 256 << 10, (1 << 20) + 7])('seals %i bytes where they lie', (length) => {
    const plain = new Uint8Array(length).map((_, i) => i * 7)
    const target = new Uint8Array(10 + length + SEAL_OVERHEAD)
    target.set(plain, 10 + SEAL_PREFIX)
    const inPlace = target.subarray(10 + SEAL_PREFIX, 10 + SEAL_PREFIX + length)
    expect(sealer.sealInto(target, 10, inPlace)).toBe(target.length - 10)
    expect(Buffer.compare(sealer.open(target.subarray(10)) ?? Buffer.of(1), plain)).toBe(0)
  })

  it('writes what the format asks for: IV, AES-256-CTR, Poly1305-AES', () => {
    const sealed = sealer.seal(content)
    const iv = sealed.subarray(0, IV_SIZE)
    const cipherText = createCipheriv('aes-256-ctr', key.encrypt, iv).update(content)
    const s = createCipheriv('aes-128-ecb', key.macK, null).setAutoPadding(false).update(iv)
    const tag = reference(Uint8Array.from(cipherText), Uint8Array.from(Buffer.concat([key.macR, s])))
    expect(Buffer.from(sealed).toString('hex')).toBe(Buffer.concat([iv, cipherText, tag]).toString('hex'))
  })

  it('takes a fresh IV every time', () => {
    const ivs = Array.from({ length: 1000 }, () => Buffer.from(sealer.seal(content)).toString('hex', 0, IV_SIZE))
    expect(new Set(ivs).size).toBe(1000)
  })

  it('does not open what was changed in any bit', () => {
    const sealed = sealer.seal(content)
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Uint8Array.from(sealed)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(sealer.open(changed), `bit ${bit}`).toBeUndefined()
    }
  })

  it('does not open what was cut or lengthened anywhere', () => {
    const sealed = sealer.seal(content)
    for (let length = 0; length < sealed.length; length++) {
      expect(sealer.open(sealed.subarray(0, length))).toBeUndefined()
      expect(sealer.open(sealed.subarray(sealed.length - length))).toBeUndefined()
    }
    expect(sealer.open(Buffer.concat([sealed, Buffer.of(0)]))).toBeUndefined()
    expect(sealer.open(Buffer.concat([Buffer.of(0), sealed]))).toBeUndefined()
  })

  it('does not open under another key, whichever part is another one', () => {
    const sealed = sealer.seal(content)
    const other = randomSealingKey()
    expect(createSealer(other).open(sealed)).toBeUndefined()
    expect(createSealer({ ...key, macK: other.macK }).open(sealed)).toBeUndefined()
    expect(createSealer({ ...key, macR: other.macR }).open(sealed)).toBeUndefined()
    // The tag is over the ciphertext: another secrecy key gives other bytes, which the blob's hash shows.
    const opened = createSealer({ ...key, encrypt: other.encrypt }).open(sealed)
    expect(Buffer.compare(opened ?? Buffer.of(), content)).not.toBe(0)
  })

  it('clears the bits of r that do not count', () => {
    for (let i = 0; i < 50; i++) {
      const { encrypt, macK, macR } = randomSealingKey()
      expect([encrypt.length, macK.length, macR.length]).toEqual([32, 16, 16])
      for (const at of [3, 7, 11, 15]) expect((macR[at] ?? 0) & 0xf0).toBe(0)
      for (const at of [4, 8, 12]) expect((macR[at] ?? 0) & 0x03).toBe(0)
    }
  })

  it('encrypts long contents as one stream', () => {
    const plain = new Uint8Array((1 << 20) + 3).map((_, i) => i >> 4)
    const sealed = sealer.seal(plain)
    const iv = sealed.subarray(0, IV_SIZE)
    const cipherText = createCipheriv('aes-256-ctr', key.encrypt, iv).update(plain)
    expect(cipherText.equals(sealed.subarray(IV_SIZE, sealed.length - 16))).toBe(true)
  })

  it.each([
    [31, 16, 16],
    [32, 15, 16],
    [32, 16, 17],
  ])('refuses a key of %i, %i and %i bytes', (...lengths) => {
    const [encrypt, macK, macR] = lengths.map((length) => new Uint8Array(length))
    if (encrypt === undefined || macK === undefined || macR === undefined) throw new Error('no key')
    let refusal: unknown
    try {
      sealingKey(encrypt, macK, macR)
    } catch (error) {
      refusal = error
    }
    expect(isEngineError(refusal, 'repository.key-damaged')).toBe(true)
  })
})
