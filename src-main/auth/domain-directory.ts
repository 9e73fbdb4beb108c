import type { Clock } from '../engine/ports/clock.ts'
import { createLoginNetwork } from './login-network.ts'
import { checkedLoginUrl } from './msal-parts.ts'

export interface DomainOptions {
  /** https, or plain http on this machine. */
  readonly loginBaseUrl: string
  readonly clock: Clock
  /** From 0 up to 1, for the jitter of back-offs. */
  readonly random: () => number
}

const DOMAIN = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i
const ISSUER = /\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/v2\.0$/i

/**
 * The id of the directory that a domain belongs to, lower case; undefined if it belongs to none. Nobody has to be signed
 * in. Rejects with `auth.unreachable`, or `usage` for the base URL.
 * https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#find-your-apps-openid-configuration-document-uri
 */
export async function directoryOfDomain(domain: string, options: DomainOptions): Promise<string | undefined> {
  if (!DOMAIN.test(domain)) return undefined
  const loginBaseUrl = checkedLoginUrl(options.loginBaseUrl)
  const network = createLoginNetwork({ ...options, loginBaseUrl })
  try {
    const url = `${loginBaseUrl.href.replace(/\/+$/, '')}/${domain}/v2.0/.well-known/openid-configuration`
    const { status, body } = await network.sendGetRequestAsync<{ readonly issuer?: unknown } | null>(url)
    const issuer = status === 200 ? body?.issuer : undefined
    return typeof issuer === 'string' ? ISSUER.exec(issuer)?.[1]?.toLowerCase() : undefined
  } finally {
    await network.close()
  }
}
