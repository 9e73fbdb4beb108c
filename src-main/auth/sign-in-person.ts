import { CryptoProvider, PublicClientApplication, type AuthenticationResult, type ICachePlugin } from '@azure/msal-node'
import type { Dispatcher } from 'undici'
import { EngineError } from '../engine/model/errors.ts'
import type { Clock } from '../engine/ports/clock.ts'
import type { PersonAccount } from './account.ts'
import { createLoginNetwork, type LoginNetwork } from './login-network.ts'
import { authorityOf, checkedLoginUrl, quietSystem } from './msal-parts.ts'
import { aadstsIn, personRefusal, personSignInError } from './sign-in-error.ts'
import type { SignInWindow } from './sign-in-window.ts'

/** Who is to sign in, and what for. */
export interface SignInRequest {
  /** What the account is to be called. */
  readonly name: string
  /** A directory's id or domain, or `common`, `organizations`, `consumers`. */
  readonly tenantId: string
  readonly clientId: string
  /** https, or plain http on this machine. */
  readonly loginBaseUrl: string
  readonly graphBaseUrl: string
  /** Names of Graph's delegated permissions ("Mail.Read"), or whole scopes with an address in front. */
  readonly scopes: readonly string[]
  /** Filled in on the page, where known. */
  readonly username?: string
  /** What Graph wanted of the token last time. */
  readonly claims?: string
}

export interface SignInParts {
  readonly clock: Clock
  /** From 0 up to 1, for the jitter of back-offs. Default: Math.random. */
  readonly random?: () => number
  /** Carries the requests instead of connections of its own; the caller closes it. */
  readonly dispatcher?: Dispatcher
  readonly signal?: AbortSignal
}

/** Who signed in, and MSAL's cache with the tokens: a secret. */
export interface SignedInPerson {
  readonly account: PersonAccount
  readonly tokenCache: string
}

/** What a person has to type, and where. */
export interface DeviceCode {
  readonly userCode: string
  readonly verificationUri: string
  /** Microsoft's own sentence that says both. */
  readonly message: string
  readonly expiresInMs: number
}

type Acquire = (application: PublicClientApplication) => Promise<AuthenticationResult | null>

/**
 * Signs a person in on another machine: `show` is told the code to type there. Rejects with `auth.declined`,
 * `auth.sign-in-again`, `auth.failed`, `auth.unreachable` or `cancelled`.
 */
export async function signInWithDeviceCode(
  request: SignInRequest,
  parts: SignInParts & { readonly show: (code: DeviceCode) => void },
): Promise<SignedInPerson> {
  return await signIn(request, parts, 'device-code', (application) => acquireByDeviceCode(application, request, parts))
}

async function acquireByDeviceCode(
  application: PublicClientApplication,
  { scopes, graphBaseUrl, claims }: SignInRequest,
  { show, signal }: SignInParts & { readonly show: (code: DeviceCode) => void },
): Promise<AuthenticationResult | null> {
  requireGoing(signal)
  const asked = {
    scopes: fullScopes(scopes, graphBaseUrl),
    ...(claims === undefined ? {} : { claims }),
    cancel: false,
    deviceCodeCallback: (code: Partial<MsalDeviceCode>) => {
      // Without one the service has refused; MSAL would go on asking for the tokens of a code that there is not.
      if (code.userCode === undefined) throw new Error('no device code')
      show(deviceCode(code))
    },
  }
  const stopped = Promise.withResolvers<never>()
  const stop = (): void => {
    asked.cancel = true
    stopped.reject(cancelled(signal))
  }
  signal?.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([application.acquireTokenByDeviceCode(asked), stopped.promise])
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

function requireGoing(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw cancelled(signal)
}

function cancelled(signal: AbortSignal | undefined): EngineError {
  return new EngineError('cancelled', { cause: signal?.reason })
}

interface MsalDeviceCode {
  readonly userCode: string
  readonly verificationUri: string
  readonly message: string
  readonly expiresIn: number
}

function deviceCode({
  userCode = '',
  verificationUri = '',
  message = '',
  expiresIn = 0,
}: Partial<MsalDeviceCode>): DeviceCode {
  return { userCode, verificationUri, message, expiresInMs: expiresIn * 1000 }
}

/** Signs a person in on Microsoft's page (authorization code with PKCE). Rejects as the device code does. */
export async function signInWithWindow(
  request: SignInRequest,
  parts: SignInParts & { readonly window: SignInWindow },
): Promise<SignedInPerson> {
  return await signIn(request, parts, 'browser', async (application) => {
    const crypto = new CryptoProvider()
    const { verifier, challenge } = await crypto.generatePkceCodes()
    const scopes = fullScopes(request.scopes, request.graphBaseUrl)
    const [state, nonce] = [crypto.createNewGuid(), crypto.createNewGuid()]
    let redirectUri = ''
    const address = await parts.window.open((uri) => {
      redirectUri = uri
      return application.getAuthCodeUrl({
        scopes,
        redirectUri,
        state,
        nonce,
        codeChallenge: challenge,
        codeChallengeMethod: 'S256',
        ...(request.username === undefined ? { prompt: 'select_account' } : { loginHint: request.username }),
        ...(request.claims === undefined ? {} : { claims: request.claims }),
      })
    }, parts.signal)
    const { code, ...answer } = readAnswer(address, request.name)
    return await application.acquireTokenByCode(
      { code, scopes, redirectUri, codeVerifier: verifier, state, nonce },
      { code, ...answer },
    )
  })
}

function readAnswer(address: string, name: string): { readonly code: string; readonly state: string } {
  const answer = new URL(address).searchParams
  const error = answer.get('error')
  if (error !== null) {
    const aadsts = aadstsIn(answer.get('error_description'))
    throw personRefusal({ error, ...(aadsts === undefined ? {} : { aadsts }) }, name)
  }
  return { code: answer.get('code') ?? '', state: answer.get('state') ?? '' }
}

/** The tokens stay in memory until it is clear that they are the right person's. */
async function signIn(
  request: SignInRequest,
  parts: SignInParts,
  method: PersonAccount['method'],
  acquire: Acquire,
): Promise<SignedInPerson> {
  const network = openNetwork(request, parts)
  try {
    const application = personApplication(request, network)
    const result = await acquire(application)
    if (result === null || result.accessToken === '' || result.account === null)
      throw new EngineError('auth.failed', { retry: 'later' })
    const { account, scopes } = result
    return {
      account: {
        kind: 'person',
        method,
        name: request.name,
        tenantId: request.tenantId,
        clientId: request.clientId,
        loginBaseUrl: request.loginBaseUrl,
        graphBaseUrl: request.graphBaseUrl,
        homeAccountId: account.homeAccountId,
        homeTenantId: account.tenantId,
        username: account.username,
        scopes: grantedScopes(scopes, request.graphBaseUrl),
      },
      tokenCache: application.getTokenCache().serialize(),
    }
  } catch (error) {
    throw network.fault ?? personSignInError(error, request.name, network.refusal)
  } finally {
    await network.close()
  }
}

export function openNetwork(
  { loginBaseUrl }: Pick<SignInRequest, 'loginBaseUrl'>,
  { clock, random, dispatcher }: SignInParts,
): LoginNetwork {
  return createLoginNetwork({
    loginBaseUrl: checkedLoginUrl(loginBaseUrl),
    clock,
    random: random ?? Math.random,
    dispatcher,
  })
}

/** A fresh MSAL application each time: MSAL remembers failures for longer than we want. */
export function personApplication(
  { tenantId, clientId, loginBaseUrl }: Pick<SignInRequest, 'tenantId' | 'clientId' | 'loginBaseUrl'>,
  network: LoginNetwork,
  cachePlugin?: ICachePlugin,
): PublicClientApplication {
  return new PublicClientApplication({
    auth: { clientId, ...authorityOf(checkedLoginUrl(loginBaseUrl), tenantId) },
    ...(cachePlugin === undefined ? {} : { cache: { cachePlugin } }),
    system: quietSystem(network),
  })
}

/** Graph's permissions are scopes of its address; without it they would be those of Microsoft's global cloud. */
export function fullScopes(scopes: readonly string[], graphBaseUrl: string): string[] {
  const resource = graphBaseUrl.replace(/\/+$/, '')
  return scopes.map((scope) => (scope.includes('://') ? scope : `${resource}/${scope}`))
}

const ofSignIn = new Set(['openid', 'profile', 'offline_access', 'email'])

function grantedScopes(scopes: readonly string[], graphBaseUrl: string): readonly string[] {
  const resource = `${graphBaseUrl.replace(/\/+$/, '')}/`.toLowerCase()
  return scopes
    .map((scope) => (scope.toLowerCase().startsWith(resource) ? scope.slice(resource.length) : scope))
    .filter((scope) => !ofSignIn.has(scope.toLowerCase()))
}
