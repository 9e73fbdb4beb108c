import { createHash } from 'node:crypto'
import type { Reply, SimulatorRequest } from '../http/exchange.ts'
import { jsonReply } from '../http/exchange.ts'
import { secondProofWanted, type Asked, type Person } from './desk.ts'
import { delegatedScopes } from './delegated.ts'
import { clientInfo } from './pages.ts'
import {
  codeSpent,
  missingParameter,
  notPublicClient,
  SignInError,
  signInHeaders,
  unknownApp,
  unknownRedirect,
  wrongVerifier,
} from './sign-in-error.ts'
import type { SignInContext } from './context.ts'

/** The name of the standard, and the one that MSAL sends. */
const deviceGrants = new Set(['urn:ietf:params:oauth:grant-type:device_code', 'device_code'])
const grants = new Set(['authorization_code', 'refresh_token', ...deviceGrants])
/** What MSAL itself says it understands; not a wish for more. */
const capability = 'xms_cc'

/** What a person's tokens are made of. */
interface Granted extends Asked {
  readonly person: Person
  readonly nonce: string | undefined
  readonly secondFactor: boolean
}

/** Whether a token request is in a person's name. */
export function isPersonGrant(form: URLSearchParams): boolean {
  return grants.has(form.get('grant_type') ?? '')
}

/** Gives a person's tokens for a code, a device's code, or a refresh token. */
export function personToken(
  context: SignInContext,
  request: SimulatorRequest,
  form: URLSearchParams,
  tenant: string,
): Reply {
  const { app } = context
  const clientId = required(form, 'client_id')
  if (clientId.toLowerCase() !== app.clientId.toLowerCase()) throw unknownApp(clientId, tenant)
  if (!app.publicClient) throw notPublicClient()
  const grant = form.get('grant_type')
  if (grant === 'authorization_code') return issue(context, request, byCode(context, form, clientId))
  if (deviceGrants.has(grant ?? '')) return issue(context, request, byDevice(context, form))
  return issue(context, request, byRefreshToken(context, form, clientId))
}

function byCode(context: SignInContext, form: URLSearchParams, clientId: string): Granted {
  const code = required(form, 'code')
  const issued = context.desk.codes.get(code)
  // A code is good once, whatever comes of it.
  context.desk.codes.delete(code)
  if (issued === undefined || issued.expiresAt <= context.now()) throw codeSpent()
  const { page, person, secondFactor } = issued
  const redirectUri = required(form, 'redirect_uri')
  if (redirectUri !== page.redirectUri) throw unknownRedirect(redirectUri, clientId)
  const verifier = required(form, 'code_verifier')
  if (createHash('sha256').update(verifier).digest('base64url') !== page.codeChallenge) throw wrongVerifier()
  return { ...page, person, secondFactor }
}

function byDevice({ desk, now }: SignInContext, form: URLSearchParams): Granted {
  const device = desk.devices.get(required(form, 'device_code'))
  if (device === undefined) throw waiting('bad_verification_code', 501, 'The device code is not known.')
  if (device.expiresAt <= now()) throw waiting('expired_token', 70020, 'The device code has expired.')
  const { answer } = device
  if (answer === undefined)
    throw waiting(
      'authorization_pending',
      70016,
      'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
    )
  desk.devices.delete(device.deviceCode)
  if (answer === 'declined') throw waiting('authorization_declined', 70018, 'The end user denied the request.')
  return { ...device, ...answer, nonce: undefined }
}

const waiting = (error: string, code: number, message: string): SignInError =>
  new SignInError(400, error, code, message)

function byRefreshToken(context: SignInContext, form: URLSearchParams, clientId: string): Granted {
  const scopeText = required(form, 'scope')
  const claims = wishes(form.get('claims'))
  const { person, secondFactor } = context.desk.renewable(
    required(form, 'refresh_token'),
    clientId,
    delegatedScopes(context, scopeText).filter((scope) => scope !== '.default'),
  )
  // A new proof only the person can give.
  if (claims !== undefined && !secondFactor) throw secondProofWanted(claims)
  const scopes = delegatedScopes(context, scopeText)
  return { clientId, scopeText, scopes, claims, person, secondFactor, nonce: undefined }
}

/** What claims want of an access token beside what MSAL always sends. */
function wishes(claims: string | null): string | undefined {
  if (claims === null) return undefined
  const { access_token: wanted = {} } = JSON.parse(claims) as { access_token?: Record<string, unknown> }
  const more = Object.entries(wanted).filter(([name]) => name !== capability)
  return more.length === 0 ? undefined : JSON.stringify({ access_token: Object.fromEntries(more) })
}

function issue(context: SignInContext, request: SimulatorRequest, granted: Granted): Reply {
  const { tokens, desk, now, loginOrigin } = context
  const { person, nonce, clientId, secondFactor, claims } = granted
  const byClaims = wishes(claims ?? null) !== undefined
  if (byClaims && claims !== undefined) tokens.meetChallenge(person.id, claims)
  const names = granted.scopes.flatMap((scope) => (scope === '.default' ? desk.consentedScopes(person.id) : [scope]))
  const scopes = [...new Set(names)]
  const issuer = `https://sts.windows.net/${person.tenantId}/`
  const lifetime = tokens.lifetimeSeconds
  return jsonReply(
    200,
    {
      token_type: 'Bearer',
      scope: responseScopes(granted.scopeText, scopes),
      expires_in: lifetime,
      ext_expires_in: lifetime,
      access_token: tokens.issueForPerson(now(), issuer, person, scopes, byClaims),
      refresh_token: desk.openSession({ person, clientId, secondFactor }),
      id_token: tokens.idToken(now(), `${loginOrigin}/${person.tenantId}/v2.0`, person, nonce),
      client_info: clientInfo(person),
    },
    signInHeaders(request.requestId),
  )
}

/** In the form that was asked for: with the resource in front, or without. */
function responseScopes(asked: string, granted: readonly string[]): string {
  const [resource = ''] = /https?:\/\/[^/ ]+\//.exec(asked) ?? []
  return ['openid', 'profile', 'email', ...granted.map((scope) => resource + scope)].join(' ')
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name)
  if (value === null || value === '') throw missingParameter(name)
  return value
}
