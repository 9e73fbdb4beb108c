import { AuthError, InteractionRequiredAuthError } from '@azure/msal-node'
import { EngineError, isEngineError, type ErrorCode, type ErrorContext } from '../engine/model/errors.ts'

/** How the sign-in service said no. */
export interface Refusal {
  /** OAuth's word, for instance "invalid_grant". */
  readonly error: string
  /** The number behind AADSTS. */
  readonly aadsts?: number
}

type Meaning = readonly [ErrorCode, ErrorContext]

/** https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const ofEverybody: readonly (readonly [number, Meaning])[] = [
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
]

const again = (reason: string): Meaning => ['auth.sign-in-again', { reason }]
const failed = (reason: string): Meaning => ['auth.failed', { reason }]

/** What means something else, or happens at all, only to people. */
const ofPeople: readonly (readonly [number, Meaning])[] = [
  [65001, again('consent')],
  [70000, again('expired')],
  [70008, again('expired')],
  [70043, again('expired')],
  [700081, again('expired')],
  [700082, again('expired')],
  [700084, again('expired')],
  [50089, again('expired')],
  [50132, again('revoked')],
  [50133, again('revoked')],
  [50173, again('revoked')],
  [50013, again('revoked')],
  [50055, again('revoked')],
  [50072, again('second-factor')],
  [50074, again('second-factor')],
  [50076, again('second-factor')],
  [50078, again('second-factor')],
  [50079, again('second-factor')],
  [53000, again('policy')],
  [53001, again('policy')],
  [53003, again('policy')],
  [53004, again('policy')],
  [530031, again('policy')],
  [50034, failed('account-disabled')],
  [50057, failed('account-disabled')],
  [50011, failed('redirect-address')],
  [500113, failed('redirect-address')],
  [50020, failed('other-audience')],
  [50194, failed('other-audience')],
  [500200, failed('other-audience')],
  [500208, failed('other-audience')],
  [9002331, failed('other-audience')],
  [9002332, failed('other-audience')],
  [9002346, failed('other-audience')],
  [7000218, failed('not-a-public-client')],
  [7000012, failed('not-a-public-client')],
  [65004, ['auth.declined', {}]],
  [90094, ['auth.consent-missing', {}]],
]

/** OAuth's and MSAL's own words, where there is no number or one that is not known. */
const words: Readonly<Partial<Record<string, Meaning>>> = {
  access_denied: ['auth.declined', {}],
  authorization_declined: ['auth.declined', {}],
  user_canceled: ['auth.declined', {}],
  expired_token: ['auth.declined', { reason: 'timed-out' }],
  device_code_expired: ['auth.declined', { reason: 'timed-out' }],
  user_timeout_reached: ['auth.declined', { reason: 'timed-out' }],
  state_mismatch: ['auth.declined', { reason: 'state-differs' }],
  state_not_found: ['auth.declined', { reason: 'state-differs' }],
  refresh_token_expired: again('expired'),
  no_tokens_found: again('signed-out'),
  consent_required: again('consent'),
  invalid_grant: ['auth.sign-in-again', {}],
  interaction_required: ['auth.sign-in-again', {}],
  login_required: ['auth.sign-in-again', {}],
}

const applicationCodes: ReadonlyMap<number, Meaning> = new Map(ofEverybody)
const personCodes: ReadonlyMap<number, Meaning> = new Map([...ofEverybody, ...ofPeople])

/** Sorts what MSAL threw for an application. The AADSTS number says more than OAuth's own word, which stays in the context. */
export function signInError(error: unknown): EngineError {
  if (isEngineError(error)) return error
  if (!(error instanceof AuthError)) return new EngineError('auth.failed', { cause: error })
  const refusal = refusalOf(error)
  return refusedError(refusal, known(applicationCodes, refusal) ?? ['auth.failed', {}], {}, error)
}

/** The same for a person. `refusal`: what the service said, where MSAL does not hand it on. */
export function personSignInError(error: unknown, account: string, refusal?: Refusal): EngineError {
  if (isEngineError(error)) return error
  if (!(error instanceof AuthError)) {
    if (refusal !== undefined) return personRefusal(refusal, account, error)
    return new EngineError('auth.failed', { context: { account }, cause: error })
  }
  const own = refusalOf(error)
  return personRefusal(own.aadsts === undefined && refusal !== undefined ? refusal : own, account, error)
}

/** A refusal that came without an error, in the address that the browser was sent back to. */
export function personRefusal(refusal: Refusal, account: string, cause?: unknown): EngineError {
  const otherwise: Meaning =
    cause instanceof InteractionRequiredAuthError ? ['auth.sign-in-again', {}] : ['auth.failed', {}]
  const meaning = known(personCodes, refusal) ?? words[refusal.error] ?? otherwise
  return refusedError(refusal, meaning, { account }, cause)
}

/** Of a refusal's text, which also names people and machines. */
export function aadstsIn(text: string | null | undefined): number | undefined {
  const number = /AADSTS(\d{4,9})/.exec(text ?? '')?.[1]
  return number === undefined ? undefined : Number(number)
}

function known(codes: ReadonlyMap<number, Meaning>, { aadsts }: Refusal): Meaning | undefined {
  return aadsts === undefined ? undefined : codes.get(aadsts)
}

function refusedError(
  { error, aadsts }: Refusal,
  [code, reason]: Meaning,
  more: ErrorContext,
  cause: unknown,
): EngineError {
  return new EngineError(code, {
    retry: 'reauth',
    context: {
      ...reason,
      ...more,
      ...(aadsts === undefined ? {} : { aadsts }),
      ...(/^\w{1,60}$/.test(error) ? { error } : {}),
    },
    cause,
  })
}

function refusalOf(error: AuthError): Refusal {
  const listed = 'errorNo' in error ? Number(error.errorNo) : NaN
  const aadsts = listed > 0 ? listed : aadstsIn(error.errorMessage)
  return { error: error.errorCode, ...(aadsts === undefined ? {} : { aadsts }) }
}
