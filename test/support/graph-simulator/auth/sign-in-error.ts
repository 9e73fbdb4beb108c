import type { Reply } from '../http/exchange.ts'
import { jsonReply } from '../http/exchange.ts'

/**
 * A refusal by the sign-in service.
 * Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export class SignInError extends Error {
  readonly status: number
  /** OAuth's word, for instance `invalid_client`. */
  readonly error: string
  /** The number behind AADSTS. */
  readonly code: number
  /** Further fields of the answer. */
  readonly more: Readonly<Record<string, string>>

  constructor(
    status: number,
    error: string,
    code: number,
    message: string,
    more: Readonly<Record<string, string>> = {},
  ) {
    super(message)
    this.name = 'SignInError'
    this.status = status
    this.error = error
    this.code = code
    this.more = more
  }
}

export function signInErrorReply(error: SignInError, origin: string, now: number, traceId: string, id: string): Reply {
  const timestamp = new Date(now).toISOString().slice(0, 19).replace('T', ' ') + 'Z'
  const description = `AADSTS${String(error.code)}: ${error.message} Trace ID: ${traceId} Correlation ID: ${id} Timestamp: ${timestamp}`
  return jsonReply(
    error.status,
    {
      error: error.error,
      error_description: description,
      error_codes: [error.code],
      timestamp,
      trace_id: traceId,
      correlation_id: id,
      error_uri: `${origin}/error?code=${String(error.code)}`,
      ...error.more,
    },
    signInHeaders(traceId),
  )
}

export const signInHeaders = (traceId: string): Record<string, string> => ({
  'Content-Type': 'application/json; charset=utf-8',
  'Cache-Control': 'no-store, no-cache',
  Pragma: 'no-cache',
  'x-ms-request-id': traceId,
})

export const unknownTenant = (tenant: string): SignInError =>
  new SignInError(
    400,
    'invalid_request',
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
  )

export const missingParameter = (name: string): SignInError =>
  new SignInError(400, 'invalid_request', 900144, `The request body must contain the following parameter: '${name}'.`)

export const unknownApp = (clientId: string, tenant: string): SignInError =>
  new SignInError(
    400,
    'unauthorized_client',
    700016,
    `Application with identifier '${clientId}' was not found in the directory '${tenant}'.`,
  )

export const wrongSecret = (clientId: string): SignInError =>
  new SignInError(
    401,
    'invalid_client',
    7000215,
    'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, ' +
      `not the client secret ID, for a secret added to app '${clientId}'.`,
  )

export const noCredential = (): SignInError =>
  new SignInError(
    401,
    'invalid_client',
    7000218,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  )

export const badAssertion = (reason: string): SignInError =>
  new SignInError(401, 'invalid_client', 700027, `Client assertion contains an invalid signature. [Reason - ${reason}]`)

export const malformedAssertion = (reason: string): SignInError =>
  new SignInError(401, 'invalid_client', 50027, `JWT token is invalid or malformed. ${reason}`)

export const assertionAudience = (audience: string): SignInError =>
  new SignInError(
    401,
    'invalid_client',
    700023,
    `Client assertion audience claim '${audience}' does not match Realm issuer.`,
  )

export const assertionTimes = (): SignInError =>
  new SignInError(401, 'invalid_client', 700024, 'Client assertion is not within its valid time range.')

export const assertionSubject = (): SignInError =>
  new SignInError(
    401,
    'invalid_client',
    700021,
    "Client assertion application identifier doesn't match 'client_id' parameter.",
  )

export const unknownRedirect = (address: string, clientId: string): SignInError =>
  new SignInError(
    400,
    'invalid_request',
    50011,
    `The redirect URI '${address}' specified in the request does not match the redirect URIs configured for the application '${clientId}'.`,
  )

export const notPublicClient = (): SignInError =>
  new SignInError(
    401,
    'invalid_client',
    7000218,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  )

export const challengeMissing = (): SignInError =>
  new SignInError(400, 'invalid_request', 9002325, 'Proof Key for Code Exchange is required for this redirect URI.')

export const wrongVerifier = (): SignInError =>
  new SignInError(400, 'invalid_grant', 50148, 'The code_verifier does not match the code_challenge.')

export const codeSpent = (): SignInError =>
  new SignInError(400, 'invalid_grant', 54005, 'OAuth2 Authorization code was already redeemed, or has expired.')

export const wrongAudience = (): SignInError =>
  new SignInError(
    400,
    'invalid_request',
    50020,
    'User account from identity provider does not exist in tenant and cannot access the application in that tenant.',
  )
