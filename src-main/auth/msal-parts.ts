import { LogLevel, type Configuration, type INetworkModule } from '@azure/msal-node'
import { EngineError } from '../engine/model/errors.ts'
import { isLoopback } from './login-network.ts'

/** The sign-in service: https, or plain http on this machine. Throws `usage`. */
export function checkedLoginUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url))
  if (url === undefined || !safe) throw new EngineError('usage', { context: { reason: 'login-base-url' } })
  return url
}

/**
 * The authority is taken as configured: its endpoints are given here, so that MSAL neither asks Microsoft's global
 * cloud whether it knows the host nor needs one it knows. MSAL insists on https; see LoginNetwork for loopback.
 */
export function authorityOf(
  loginBaseUrl: URL,
  tenant: string,
): Pick<Configuration['auth'], 'authority' | 'knownAuthorities' | 'authorityMetadata' | 'clientCapabilities'> {
  const prefix = loginBaseUrl.pathname.replace(/\/+$/, '')
  const authority = `https://${loginBaseUrl.host}${prefix}/${encodeURIComponent(tenant)}`
  return {
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
  }
}

/** MSAL's logs name people and addresses: nothing of them is kept. */
export function quietSystem(networkClient: INetworkModule): NonNullable<Configuration['system']> {
  return {
    networkClient,
    disableInternalRetries: true,
    loggerOptions: { loggerCallback: () => undefined, piiLoggingEnabled: false, logLevel: LogLevel.Error },
  }
}
