import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  randomFillSync,
  timingSafeEqual,
  type Cipheriv,
  type Decipheriv,
  type KeyObject,
} from 'node:crypto'
import { EngineError } from '../model/errors.ts'
import { releaseMemory } from '../release-memory.ts'
import { TAG_SIZE, poly1305 } from './poly1305.ts'

/**
 * The pair of keys that protects a repository: AES-256-CTR for secrecy, Poly1305-AES for integrity.
 * https://restic.readthedocs.io/en/stable/100_references.html#keys-encryption-and-mac
 */
export interface SealingKey {
  /** 32 bytes. */
  readonly encrypt: Uint8Array
  /** 16 bytes: the AES key that turns a nonce into Poly1305's s. */
  readonly macK: Uint8Array
  /** 16 bytes: Poly1305's r. */
  readonly macR: Uint8Array
}

const IV_SIZE = 16
/** What comes before the ciphertext. */
export const SEAL_PREFIX = IV_SIZE
/** What sealing adds to the plain bytes. */
export const SEAL_OVERHEAD = IV_SIZE + TAG_SIZE

/** Seals and opens bytes under one key. Not for use by two threads: each makes its own from the SealingKey. */
export interface Sealer {
  /** IV, ciphertext and tag. */
  seal(plain: Uint8Array): Uint8Array<ArrayBuffer>
  /**
   * Writes IV, ciphertext and tag into `target` at `at`; gives the number of bytes written. `plain` may lie where its
   * ciphertext goes: in `target`, SEAL_PREFIX bytes behind `at`.
   */
  sealInto(target: Uint8Array, at: number, plain: Uint8Array): number
  /**
   * Writes the plain bytes to the start of `target`, which has room for them; gives their number, or -1 if the tag does
   * not fit. Makes no large buffer of its own.
   */
  openInto(sealed: Uint8Array, target: Uint8Array): number
  /** The plain bytes, or undefined if the tag does not fit: damaged, or sealed under another key. */
  open(sealed: Uint8Array): Uint8Array<ArrayBuffer> | undefined
}

const RANDOM_POOL = 4096
const CIPHER_SLICE = 256 * 1024

export function createSealer(key: SealingKey): Sealer {
  const encryptKey = createSecretKey(key.encrypt)
  const nonceToS = nonceCipher(createSecretKey(key.macK))
  const pool = new Uint8Array(RANDOM_POOL)
  let used = RANDOM_POOL

  const nextIv = (): Uint8Array => {
    if (used === RANDOM_POOL) {
      randomFillSync(pool)
      used = 0
    }
    used += IV_SIZE
    return pool.subarray(used - IV_SIZE, used)
  }

  const sealInto = (target: Uint8Array, at: number, plain: Uint8Array): number => {
    const iv = nextIv()
    const start = at + IV_SIZE
    const end = start + plain.length
    target.set(iv, at)
    runCipher(createCipheriv('aes-256-ctr', encryptKey, iv), plain, target, start)
    target.set(poly1305(key.macR, nonceToS(iv), target.subarray(start, end)), end)
    return plain.length + SEAL_OVERHEAD
  }

  const openInto = (sealed: Uint8Array, target: Uint8Array): number => {
    if (sealed.length < SEAL_OVERHEAD) return -1
    const iv = sealed.subarray(0, IV_SIZE)
    const cipherText = sealed.subarray(IV_SIZE, sealed.length - TAG_SIZE)
    const tag = sealed.subarray(sealed.length - TAG_SIZE)
    if (!timingSafeEqual(poly1305(key.macR, nonceToS(iv), cipherText), tag)) return -1
    runCipher(createDecipheriv('aes-256-ctr', encryptKey, iv), cipherText, target, 0)
    return cipherText.length
  }

  const open = (sealed: Uint8Array): Uint8Array<ArrayBuffer> | undefined => {
    const plain = new Uint8Array(Math.max(0, sealed.length - SEAL_OVERHEAD))
    return openInto(sealed, plain) < 0 ? undefined : plain
  }

  const seal = (plain: Uint8Array): Uint8Array<ArrayBuffer> => {
    const sealed = new Uint8Array(plain.length + SEAL_OVERHEAD)
    sealInto(sealed, 0, plain)
    return sealed
  }

  return { seal, sealInto, open, openInto }
}

/** A cipher's result comes in a new buffer: it is taken in slices, so that no large memory is asked for and given back. */
function runCipher(cipher: Cipheriv | Decipheriv, source: Uint8Array, target: Uint8Array, at: number): void {
  for (let start = 0; start < source.length; start += CIPHER_SLICE) {
    const result = cipher.update(source.subarray(start, start + CIPHER_SLICE))
    target.set(result, at + start)
    releaseMemory(result)
  }
}

/** AES over one block has no state in ECB mode, so one cipher serves all nonces. */
function nonceCipher(macK: KeyObject): (nonce: Uint8Array) => Uint8Array {
  const cipher = createCipheriv('aes-128-ecb', macK, null).setAutoPadding(false)
  return (nonce) => cipher.update(nonce)
}

/** A fresh random key. */
export function randomSealingKey(): SealingKey {
  const bytes = randomFillSync(new Uint8Array(64))
  return { encrypt: bytes.slice(0, 32), macK: bytes.slice(32, 48), macR: maskR(bytes.slice(48, 64)) }
}

/** Clears the bits of r that Poly1305 does not use, as restic stores it. */
function maskR(r: Uint8Array): Uint8Array {
  for (const at of [3, 7, 11, 15]) r[at] = (r[at] ?? 0) & 15
  for (const at of [4, 8, 12]) r[at] = (r[at] ?? 0) & 252
  return r
}

/** Checks lengths of a key that came from a file. */
export function sealingKey(encrypt: Uint8Array, macK: Uint8Array, macR: Uint8Array): SealingKey {
  if (encrypt.length !== 32 || macK.length !== 16 || macR.length !== 16)
    throw new EngineError('repository.key-damaged', { context: { reason: 'key of the wrong length' } })
  return { encrypt, macK, macR }
}
