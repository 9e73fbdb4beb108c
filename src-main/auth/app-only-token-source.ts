import { ConfidentialClientApplication, type Configuration } from '@azure/msal-node'
import type { Dispatcher } from 'undici'
import { EngineError } from '../engine/model/errors.ts'
import type { Clock } from '../engine/ports/clock.ts'
import type { TokenSource } from '../engine/ports/token-source.ts'
import { createCachedTokens, type FreshToken } from './cached-tokens.ts'
import { readCertificate, type CertificateFile, type SigningCertificate } from './certificate.ts'
import { createLoginNetwork } from './login-network.ts'
import { authorityOf, checkedLoginUrl, quietSystem } from './msal-parts.ts'
import { signInError } from './sign-in-error.ts'

export interface AppOnlyOptions {
  /** A directory's id or one of its domain names; not `common` or `organizations`. */
  readonly tenantId: string
  readonly clientId: string
  /** One of the three. */
  readonly secret?: string
  readonly certificate?: CertificateFile
  /** A certificate that was read already. */
  readonly signing?: SigningCertificate
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

/** Tokens for what an application asks by itself. */
export interface AppOnlyTokens {
  readonly graph: TokenSource
  /**
   * For SharePoint's own endpoint at a host, e.g. "contoso.sharepoint.com". Undefined for an application that signs in
   * with a secret: SharePoint takes only those with a certificate.
   * https://learn.microsoft.com/sharepoint/dev/solution-guidance/security-apponly-azuread
   */
  readonly sharePoint: (host: string) => TokenSource | undefined
}

/**
 * Signs an application in by itself (client credentials), through MSAL. The certificate is read here and now, so
 * rejects with `auth.certificate-unreadable` or `auth.certificate-password`, or with `usage` when the options do not
 * fit together. Nothing is asked of the sign-in service before the first token is wanted.
 *
 * This module loads MSAL: import it when somebody signs in.
 */
export async function createAppOnlyTokens(options: AppOnlyOptions): Promise<AppOnlyTokens> {
  const loginBaseUrl = checkedLoginUrl(options.loginBaseUrl ?? 'https://login.microsoftonline.com')
  const credential = await readCredential(options)
  const configuration = msalConfiguration(options, loginBaseUrl, credential)
  const tokensFor = (scope: string): TokenSource => {
    const acquire = (claims: string | undefined): Promise<FreshToken> =>
      acquireToken(options, loginBaseUrl, configuration, scope, claims)
    return createCachedTokens({ clock: options.clock, acquire })
  }
  const hosts = new Map<string, TokenSource>()
  const ofHost = (host: string): TokenSource => {
    const known = hosts.get(host) ?? tokensFor(`https://${host}/.default`)
    hosts.set(host, known)
    return known
  }
  return {
    graph: tokensFor(graphScope(options)),
    sharePoint: (host) => ('clientCertificate' in credential ? ofHost(host.toLowerCase()) : undefined),
  }
}

/** The same for Graph alone. */
export async function createAppOnlyTokenSource(options: AppOnlyOptions): Promise<TokenSource> {
  const { graph } = await createAppOnlyTokens(options)
  return graph
}

function graphScope({ graphBaseUrl = 'https://graph.microsoft.com', scope }: AppOnlyOptions): string {
  return scope ?? `${graphBaseUrl.replace(/\/+$/, '')}/.default`
}

async function readCredential({ secret, certificate, signing }: AppOnlyOptions): Promise<Credential> {
  const given = [secret, certificate, signing].filter((credential) => credential !== undefined).length
  if (given === 1) {
    if (signing !== undefined) return { clientCertificate: signing }
    if (certificate !== undefined) return { clientCertificate: await readCertificate(certificate) }
    if (secret !== undefined && secret !== '') return { clientSecret: secret }
  }
  throw new EngineError('usage', { context: { reason: 'secret-or-certificate' } })
}

function msalConfiguration(options: AppOnlyOptions, loginBaseUrl: URL, credential: Credential): Configuration {
  return { auth: { clientId: options.clientId, ...authorityOf(loginBaseUrl, options.tenantId), ...credential } }
}

/** A fresh MSAL application each time: the cache is ours, and MSAL remembers failures for longer than we want. */
async function acquireToken(
  { clock, random, dispatcher }: AppOnlyOptions,
  loginBaseUrl: URL,
  configuration: Configuration,
  scope: string,
  claims: string | undefined,
): Promise<FreshToken> {
  const network = createLoginNetwork({ loginBaseUrl, clock, random: random ?? Math.random, dispatcher })
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
