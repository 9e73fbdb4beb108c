import type { KeyObject, X509Certificate } from 'node:crypto'
import { EngineError } from '../engine/model/errors.ts'

/** What a certificate file holds, before anybody looked whether it fits together. */
export interface CertificateParts {
  readonly key: KeyObject
  readonly certificates: readonly X509Certificate[]
}

export type UnreadableReason =
  | 'no-file'
  | 'no-access'
  | 'no-key'
  | 'no-certificate'
  | 'not-a-certificate-file'
  | 'key-not-rsa'
  | 'key-too-short'
  | 'key-does-not-fit'
  | 'damaged'

export function unreadable(reason: UnreadableReason, cause?: unknown): EngineError {
  return new EngineError('auth.certificate-unreadable', { context: { reason }, cause })
}

export function passwordRefused(password: string | undefined): EngineError {
  const reason = password === undefined || password === '' ? 'missing' : 'wrong'
  return new EngineError('auth.certificate-password', { context: { reason } })
}
