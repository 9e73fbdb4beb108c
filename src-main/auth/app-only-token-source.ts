import { ConfidentialClientApplication, LogLevel, type Configuration } from '@azure/msal-node'
import type { Dispatcher } from 'undici'
import { EngineError } from '../engine/model/errors.ts'
import type { Clock } from '../engine/ports/clock.ts'
import type { TokenSource } from '../engine/ports/token-source.ts'
import { createCachedTokens, type FreshToken } from './cached-tokens.ts'
import { readCertificate, type CertificateFile, type SigningCertificate } from './certificate.ts'
import { createLoginNetwork, isLoopback } from './login-network.ts'
import { signInError } from './sign-in-error.ts'

export interface AppOnlyOptions {
  /** A directory's id or one of its domain names; not `common` or `organizations`. */
  readonly tenantId: string
  readonly clientId: string
  /** One of the two. */
  readonly secret?: string
  readonly certificate?: CertificateFile
  /** Default: Microsoft's global cloud. https, or plain http on this machine. */
  readonly loginBaseUrl?: string
  /** The Graph that the token is for. Default: Microsoft's global cloud. */
  readonly graphBaseUrl?: string
  /** Default: `<graphBaseUrl>/.default`, that is all that was consented to. */
  readonly scope?: string
  readonly clock: Clock
  /** From 0 up to 1, for the jitter of back-offs. Default: Math.random. */
  readonly random?: () => number
  /** Carries the requests instead of connections of its own; the caller closes it. */
  readonly dispatcher?: Dispatcher
}

type Credential = { readonly clientSecret: string } | { readonly clientCertificate: SigningCertificate }

/**
 * Signs an application in by itself (client credentials), through MSAL. The certificate is read here and now, so
 * rejects with `auth.certificate-unreadable` or `auth.certificate-password`, or with `usage` when the options do not
 * fit together. Nothing is asked of the sign-in service before the first token is wanted.
 *
 * This module loads MSAL: import it when somebody signs in.
 */
export async function createAppOnlyTokenSource(options: AppOnlyOptions): Promise<TokenSource> {
  const loginBaseUrl = checkedLoginUrl(options.loginBaseUrl ?? 'https://login.microsoftonline.com')
  const credential = await readCredential(options)
  const configuration = msalConfiguration(options, loginBaseUrl, credential)
  const acquire = (claims: string | undefined): Promise<FreshToken> =>
    acquireToken(options, loginBaseUrl, configuration, claims)
  return createCachedTokens({ clock: options.clock, acquire })
}

async function readCredential({ secret, certificate }: AppOnlyOptions): Promise<Credential> {
  if (certificate !== undefined && secret === undefined)
    return { clientCertificate: await readCertificate(certificate) }
  if (secret !== undefined && secret !== '' && certificate === undefined) return { clientSecret: secret }
  throw new EngineError('usage', { context: { reason: 'secret-or-certificate' } })
}

function checkedLoginUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url))
  if (url === undefined || !safe) throw new EngineError('usage', { context: { reason: 'login-base-url' } })
  return url
}

/**
 * The authority is taken as configured: its endpoints are given here, so that MSAL neither asks Microsoft's global
 * cloud whether it knows the host nor needs one it knows. MSAL insists on https; see LoginNetwork for loopback.
 */
function msalConfiguration(options: AppOnlyOptions, loginBaseUrl: URL, credential: Credential): Configuration {
  const prefix = loginBaseUrl.pathname.replace(/\/+$/, '')
  const authority = `https://${loginBaseUrl.host}${prefix}/${encodeURIComponent(options.tenantId)}`
  return {
    auth: {
      clientId: options.clientId,
      authority,
      knownAuthorities: [loginBaseUrl.host],
      authorityMetadata: JSON.stringify({
        authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
        token_endpoint: `${authority}/oauth2/v2.0/token`,
        end_session_endpoint: `${authority}/oauth2/v2.0/logout`,
        issuer: `${authority}/v2.0`,
        jwks_uri: `${authority}/discovery/v2.0/keys`,
      }),
      // Says that claims challenges are understood, which lets Graph revoke tokens at once.
      clientCapabilities: ['cp1'],
      ...credential,
    },
  }
}

/** A fresh MSAL application each time: the cache is ours, and MSAL remembers failures for longer than we want. */
async function acquireToken(
  { clock, random, dispatcher, ...options }: AppOnlyOptions,
  loginBaseUrl: URL,
  configuration: Configuration,
  claims: string | undefined,
): Promise<FreshToken> {
  const network = createLoginNetwork({ loginBaseUrl, clock, random: random ?? Math.random, dispatcher })
  const graphBaseUrl = (options.graphBaseUrl ?? 'https://graph.microsoft.com').replace(/\/+$/, '')
  const scope = options.scope ?? `${graphBaseUrl}/.default`
  try {
    const application = new ConfidentialClientApplication({ ...configuration, system: quietSystem(network) })
    const result = await application.acquireTokenByClientCredential({
      scopes: [scope],
      azureRegion: 'DisableMsalForceRegion',
      skipCache: true,
      ...(claims === undefined ? {} : { claims }),
    })
    if (result === null || result.accessToken === '') throw new EngineError('auth.failed', { retry: 'later' })
    return { token: result.accessToken, lifetimeMs: (result.expiresOn?.getTime() ?? 0) - Date.now() }
  } catch (error) {
    throw network.fault ?? signInError(error)
  } finally {
    await network.close()
  }
}

function quietSystem(networkClient: ReturnType<typeof createLoginNetwork>): NonNullable<Configuration['system']> {
  return {
    networkClient,
    disableInternalRetries: true,
    loggerOptions: { loggerCallback: () => undefined, piiLoggingEnabled: false, logLevel: LogLevel.Error },
  }
}
