import { constants, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { AppRegistration, RegisteredCertificate } from './registration.ts'
import {
  assertionAudience,
  assertionSubject,
  assertionTimes,
  badAssertion,
  malformedAssertion,
} from './sign-in-error.ts'

const allowedSkewSeconds = 300

/**
 * Checks a client assertion as Entra does: signature by a registered certificate, audience, times, subject, jti.
 * Source: https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export function checkAssertion(
  assertion: string,
  app: AppRegistration,
  audiences: readonly string[],
  now: number,
): void {
  const [headerPart = '', claimsPart = '', signaturePart = ''] = assertion.split('.')
  const header = decodePart(headerPart)
  const claims = decodePart(claimsPart)
  const certificate = certificateOf(header, app)
  const signed = Buffer.from(`${headerPart}.${claimsPart}`)
  if (!signatureFits(header.alg, signed, Buffer.from(signaturePart, 'base64url'), certificate.publicKey)) {
    throw badAssertion('The provided signature value did not match the expected signature value.')
  }
  checkClaims(claims, app, audiences, Math.floor(now / 1000))
}

function decodePart(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw malformedAssertion('The token has to have a JSON header and JSON claims.')
}

function certificateOf(header: Record<string, unknown>, app: AppRegistration): RegisteredCertificate {
  const { x5t } = header
  const x5tS256 = header['x5t#S256']
  const found = app.certificates.find((certificate) => certificate.x5t === x5t || certificate.x5tS256 === x5tS256)
  if (found === undefined)
    throw badAssertion(`The key was not found., Thumbprint of key used by client: '${thumbprint(x5t ?? x5tS256)}'`)
  return found
}

function thumbprint(value: unknown): string {
  return typeof value === 'string' ? Buffer.from(value, 'base64url').toString('hex').toUpperCase() : ''
}

function signatureFits(algorithm: unknown, signed: Buffer, signature: Buffer, key: KeyObject): boolean {
  if (algorithm === 'RS256') return verify('sha256', signed, key, signature)
  if (algorithm !== 'PS256') throw malformedAssertion('The signature algorithm is not supported.')
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
  return verify('sha256', signed, { key, ...padding }, signature)
}

function checkClaims(
  claims: Record<string, unknown>,
  app: AppRegistration,
  audiences: readonly string[],
  now: number,
): void {
  const { aud, iss, sub, exp, nbf, jti } = claims
  if (typeof aud !== 'string' || !audiences.includes(aud)) throw assertionAudience(typeof aud === 'string' ? aud : '')
  if (iss !== app.clientId || sub !== app.clientId) throw assertionSubject()
  if (typeof exp !== 'number' || exp < now - allowedSkewSeconds) throw assertionTimes()
  if (nbf !== undefined && (typeof nbf !== 'number' || nbf > now + allowedSkewSeconds)) throw assertionTimes()
  if (typeof jti !== 'string' || jti === '') throw malformedAssertion("The claim 'jti' is required.")
}
