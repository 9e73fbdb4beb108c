import { AuthError } from '@azure/msal-node'
import { EngineError, isEngineError, type ErrorCode, type ErrorContext } from '../engine/model/errors.ts'

/** https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const codes: ReadonlyMap<number, readonly [ErrorCode, ErrorContext]> = new Map([
  [7000215, ['auth.secret-refused', { reason: 'wrong' }]],
  [7000222, ['auth.secret-refused', { reason: 'expired' }]],
  [700027, ['auth.certificate-refused', { reason: 'not-registered' }]],
  [700021, ['auth.certificate-refused', { reason: 'assertion' }]],
  [700024, ['auth.certificate-refused', { reason: 'clock' }]],
  [50012, ['auth.certificate-refused', { reason: 'assertion' }]],
  [65001, ['auth.consent-missing', {}]],
  [650056, ['auth.consent-missing', {}]],
  [650057, ['auth.consent-missing', {}]],
  [500011, ['auth.failed', { reason: 'unknown-resource' }]],
  [700016, ['auth.failed', { reason: 'unknown-application' }]],
  [90002, ['auth.failed', { reason: 'unknown-tenant' }]],
  [900023, ['auth.failed', { reason: 'unknown-tenant' }]],
] as const)

/** Sorts what MSAL threw. The AADSTS number says more than OAuth's own word, which stays in the context. */
export function signInError(error: unknown): EngineError {
  if (isEngineError(error)) return error
  if (!(error instanceof AuthError)) return new EngineError('auth.failed', { cause: error })
  const aadsts = aadstsNumber(error)
  const [code, reason] = (aadsts === undefined ? undefined : codes.get(aadsts)) ?? (['auth.failed', {}] as const)
  return new EngineError(code, {
    retry: 'reauth',
    context: {
      ...reason,
      ...(aadsts === undefined ? {} : { aadsts }),
      ...(/^\w{1,60}$/.test(error.errorCode) ? { error: error.errorCode } : {}),
    },
    cause: error,
  })
}

function aadstsNumber(error: AuthError): number | undefined {
  const listed = 'errorNo' in error ? Number(error.errorNo) : NaN
  if (listed > 0) return listed
  const named = /AADSTS(\d{4,9})/.exec(error.errorMessage)?.[1]
  return named === undefined ? undefined : Number(named)
}
