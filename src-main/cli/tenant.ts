import { clouds, type Cloud } from '../graph/client/clouds.ts'
import { createGraphClient } from '../graph/client/client.ts'
import type { GraphClient } from '../graph/client/types.ts'
import { createUserLister } from '../graph/directory/users.ts'
import { EngineError, isEngineError } from '../engine/model/errors.ts'
import type { RootLister } from '../engine/ports/data-type.ts'
import type { TokenSource } from '../engine/ports/token-source.ts'
import type { CertificateOptions, SourceOptions } from './source-options.ts'
import { systemClock } from '../graph/client/system-clock.ts'
import { programVersion } from './version.ts'

/** A tenant that can be asked: whoever opened it closes it. */
export interface Tenant {
  readonly client: GraphClient
  readonly tokens: TokenSource
  readonly users: RootLister
  /** Adds to an error where it came from (context: service). */
  explain(error: unknown): unknown
}

/**
 * Gets ready to sign in; nothing is sent yet. Rejects with UsageError, `usage` (base URLs), or
 * `auth.certificate-*` (context: certificate).
 */
export async function openTenant(source: SourceOptions): Promise<Tenant> {
  const { graphBaseUrl, loginBaseUrl } = { ...cloudOf(source), ...source }
  const tokens = await openTokens(source, graphBaseUrl, loginBaseUrl)
  const userAgent = `ISV|Holdfast|Holdfast/${programVersion()}`
  const client = createGraphClient({
    baseUrl: graphBaseUrl,
    tokens,
    clock: systemClock,
    random: Math.random,
    userAgent,
  })
  return {
    client,
    tokens,
    users: createUserLister(client, { tenant: source.tenantId }),
    explain: (error) => withService(error, graphBaseUrl, loginBaseUrl),
  }
}

function cloudOf({ cloud }: SourceOptions): Cloud {
  return new Map<string, Cloud>(Object.entries(clouds)).get(cloud) ?? clouds.global
}

async function openTokens(source: SourceOptions, graphBaseUrl: string, loginBaseUrl: string): Promise<TokenSource> {
  const { tenantId, clientId, credential, scope } = source
  // Loads MSAL, which takes its time.
  const { createAppOnlyTokenSource } = await import('../auth/app-only-token-source.ts')
  try {
    return await createAppOnlyTokenSource({
      tenantId,
      clientId,
      graphBaseUrl,
      loginBaseUrl,
      clock: systemClock,
      ...credential,
      ...(scope === undefined ? {} : { scope }),
    })
  } catch (error) {
    throw 'certificate' in credential ? withCertificate(error, credential.certificate) : error
  }
}

function withCertificate(error: unknown, { path }: CertificateOptions): unknown {
  if (!isEngineError(error)) return error
  return new EngineError(error.code, { context: { ...error.context, certificate: path }, cause: error })
}

function withService(error: unknown, graphBaseUrl: string, loginBaseUrl: string): unknown {
  if (!isEngineError(error)) return error
  const isSignIn = error.code.startsWith('auth.')
  if (!isSignIn && !error.code.startsWith('graph.')) return error
  const service = isSignIn ? loginBaseUrl : graphBaseUrl
  return new EngineError(error.code, { retry: error.retry, context: { ...error.context, service }, cause: error })
}
