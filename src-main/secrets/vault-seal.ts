import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { EngineError } from '../engine/model/errors.ts'

/** How the key is made of the passphrase. Kept in the file, so that a later version can ask for more. */
export interface KeyRecipe {
  readonly N: number
  readonly r: number
  readonly p: number
  /** base64. */
  readonly salt: string
}

/** A vault file: JSON, so that a person who opens it sees what it is. */
export interface SealedVault {
  readonly 'holdfast-vault': 1
  readonly scrypt: KeyRecipe
  /** base64; another one each time. */
  readonly nonce: string
  /** base64: AES-256-GCM of the secrets as JSON, and its 16 bytes of authentication behind it. */
  readonly data: string
}

const keyLength = 32
const nonceLength = 12
const tagLength = 16
/** A quarter of a second and 128 MiB; a file that asks for more than 1 GiB is not ours. */
const cost = { N: 2 ** 17, r: 8, p: 1 }
const memoryLimit = 2 ** 30

export function newRecipe(): KeyRecipe {
  return { ...cost, salt: randomBytes(32).toString('base64') }
}

export function deriveKey(passphrase: string, { N, r, p, salt }: KeyRecipe): Promise<Buffer> {
  const options = { N, r, p, maxmem: memoryLimit + 2 ** 20 }
  return new Promise((resolve, reject) => {
    // One passphrase, however it was typed: composed and decomposed characters are the same.
    scrypt(passphrase.normalize('NFC'), Buffer.from(salt, 'base64'), keyLength, options, (error, key) => {
      if (error === null) resolve(key)
      else reject(damaged(error))
    })
  })
}

/** The recipe is authenticated along with the secrets. */
export function seal(secrets: ReadonlyMap<string, string>, recipe: KeyRecipe, key: Buffer): SealedVault {
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
  cipher.setAAD(authenticated(recipe))
  const text = JSON.stringify(Object.fromEntries([...secrets].sort(([a], [b]) => (a < b ? -1 : 1))))
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return { 'holdfast-vault': 1, scrypt: recipe, nonce: nonce.toString('base64'), data: data.toString('base64') }
}

/** Throws `secrets.vault-passphrase`: a wrong passphrase and a changed file cannot be told apart. */
export function unseal(vault: SealedVault, key: Buffer): Map<string, string> {
  const data = Buffer.from(vault.data, 'base64')
  const nonce = Buffer.from(vault.nonce, 'base64')
  if (data.length < tagLength || nonce.length !== nonceLength) throw damaged()
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
  decipher.setAAD(authenticated(vault.scrypt))
  decipher.setAuthTag(data.subarray(-tagLength))
  return readSecrets(Buffer.concat([decipher.update(data.subarray(0, -tagLength)), finished(decipher)]).toString())
}

function finished(decipher: { final(): Buffer }): Buffer {
  try {
    return decipher.final()
  } catch (error) {
    throw new EngineError('secrets.vault-passphrase', { cause: error })
  }
}

function readSecrets(text: string): Map<string, string> {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) throw damaged()
  return new Map(Object.entries(value).map(([name, secret]) => [name, String(secret)]))
}

/** Throws `secrets.vault-damaged` (context reason: `version` for a file of a later program). */
export function parseVault(text: string): SealedVault {
  const value = parseJson(text)
  const version = value['holdfast-vault']
  if (typeof version === 'number' && version > 1)
    throw new EngineError('secrets.vault-damaged', { context: { reason: 'version' } })
  const { scrypt: recipe, nonce, data } = value
  if (version !== 1 || typeof nonce !== 'string' || typeof data !== 'string') throw damaged()
  return { 'holdfast-vault': 1, scrypt: checkedRecipe(recipe), nonce, data }
}

function parseJson(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch (error) {
    throw damaged(error)
  }
  throw damaged()
}

function checkedRecipe(value: unknown): KeyRecipe {
  const { N, r, p, salt } = { ...(typeof value === 'object' ? value : {}) } as Partial<Record<string, unknown>>
  if (!isCount(N) || !isCount(r) || !isCount(p) || typeof salt !== 'string') throw damaged()
  if (128 * N * r > memoryLimit || p > 16) throw damaged()
  return { N, r, p, salt }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
}

function authenticated({ N, r, p, salt }: KeyRecipe): Buffer {
  return Buffer.from(JSON.stringify(['holdfast-vault', 1, N, r, p, salt]))
}

function damaged(cause?: unknown): EngineError {
  return new EngineError('secrets.vault-damaged', { cause })
}
