import { isEngineError } from '../../engine/index.ts'

/** What a person has to sign in again for, or give another secret. */
const codes: ReadonlySet<string> = new Set([
  'auth.sign-in-again',
  'auth.secret-refused',
  'auth.certificate-refused',
  'auth.consent-missing',
])

export function needsSignIn(code: string | undefined): boolean {
  return code !== undefined && codes.has(code)
}

export function isRefused(error: unknown): boolean {
  return isEngineError(error) && needsSignIn(error.code)
}
