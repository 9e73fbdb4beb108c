import { createCipheriv, createDecipheriv, createHash, createSecretKey, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** Makes skip and delta tokens opaque, as Graph's are: nobody can read a position out of them or make one up. */
export interface TokenSeal {
  seal(value: object): string
  /** The value, or nothing when the token is not one of ours. */
  open(token: string): unknown
}

const nonceBytes = 12
const tagBytes = 16

export function makeTokenSeal(seed: number): TokenSeal {
  const secret = createHash('sha256').update(`simulator tokens ${String(seed)}`)
  // One object for all tokens: a drive seals an address for every file it lists.
  const key = createSecretKey(secret.digest())
  return {
    seal: (value) => {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const sealed = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
    },
    open: (token) => openToken(key, Buffer.from(token, 'base64url')),
  }
}

function openToken(key: KeyObject, bytes: Buffer): unknown {
  if (bytes.length < nonceBytes + tagBytes) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes))
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
  const text = decipher.update(bytes.subarray(nonceBytes + tagBytes))
  try {
    return JSON.parse(Buffer.concat([text, decipher.final()]).toString('utf8'))
  } catch {
    // A foreign or damaged token fails authentication; the caller answers as Graph does.
    return undefined
  }
}
