import type { AppOnlyTokens } from '../auth/app-only-token-source.ts'
import { EngineError, isEngineError } from '../engine/model/errors.ts'
import type { TokenSource } from '../engine/ports/token-source.ts'
import { createGraphClient } from '../graph/client/client.ts'
import { clouds, type Cloud } from '../graph/client/clouds.ts'
import { systemClock } from '../graph/client/system-clock.ts'
import type { GraphClient } from '../graph/client/types.ts'
import { createGroupLister } from '../graph/directory/groups.ts'
import { createSiteLister } from '../graph/directory/sites.ts'
import { createUserLister } from '../graph/directory/users.ts'
import { createSharePointHosts } from '../graph/lists/share-point-hosts.ts'
import type { SharePointAccess } from '../graph/lists/share-point.ts'
import type { RootListers } from './choose-roots.ts'
import { closeLeftChannels } from './close-left-channels.ts'
import type { Session } from './session.ts'
import type { CertificateOptions, SourceOptions } from './source-options.ts'
import { programVersion } from './version.ts'

/** A tenant that can be asked: whoever opened it closes it. */
export interface Tenant {
  readonly client: GraphClient
  readonly tokens: TokenSource
  readonly listers: RootListers
  /** SharePoint's own endpoints, where the sign-in can have a token for them. */
  readonly sharePoint: SharePointAccess
  /** Adds to an error where it came from (context: service). */
  explain(error: unknown): unknown
  close(): Promise<void>
}

/**
 * Gets ready to sign in. Nothing is sent yet, unless a restore that was interrupted has left channels locked: they are
 * opened first. Rejects with UsageError, `usage` (base URLs), or `auth.certificate-*` (context: certificate).
 */
export async function openTenant(session: Session, source: SourceOptions): Promise<Tenant> {
  const tenant = await makeTenant(source)
  try {
    await closeLeftChannels(session, tenant.client, source.tenantId)
    return tenant
  } catch (error) {
    await tenant.close()
    throw tenant.explain(error)
  }
}

async function makeTenant(source: SourceOptions): Promise<Tenant> {
  const { tenantId } = source
  const { graphBaseUrl, loginBaseUrl } = { ...cloudOf(source), ...source }
  const tokens = await openTokens(source, graphBaseUrl, loginBaseUrl)
  const common = { clock: systemClock, random: Math.random, userAgent: `ISV|Holdfast|Holdfast/${programVersion()}` }
  const client = createGraphClient({ ...common, baseUrl: graphBaseUrl, tokens: tokens.graph })
  const address = sharePointAddress(source)
  const sharePoint = createSharePointHosts({
    ...common,
    tokens: (host) => (SHAREPOINT_HOST.test(host) && address !== undefined ? tokens.sharePoint(host) : undefined),
    baseUrl: (host) => (address ?? '').replaceAll('{host}', host),
  })
  return {
    client,
    tokens: tokens.graph,
    listers: {
      user: createUserLister(client, { tenant: tenantId }),
      group: createGroupLister(client, { tenant: tenantId }),
      site: createSiteLister(client, { tenant: tenantId }),
    },
    sharePoint: sharePoint.access,
    explain: (error) => withService(error, graphBaseUrl, loginBaseUrl),
    close: async () => {
      await client.close()
      await sharePoint.close()
    },
  }
}

/** Hosts of SharePoint in Microsoft's clouds: a token goes nowhere else. */
const SHAREPOINT_HOST = /^[a-z0-9-]+\.(sharepoint\.(com|us|cn)|sharepoint-mil\.us)$/i

/** Where SharePoint's hosts are; beside a Graph that is not Microsoft's there is none, unless one is named. */
function sharePointAddress(source: SourceOptions): string | undefined {
  const { graphBaseUrl = '', sharePointBaseUrl } = source
  if (sharePointBaseUrl !== undefined) return sharePointBaseUrl
  return ['', cloudOf(source).graphBaseUrl].includes(graphBaseUrl.replace(/\/+$/, '')) ? 'https://{host}' : undefined
}

function cloudOf({ cloud }: SourceOptions): Cloud {
  return new Map<string, Cloud>(Object.entries(clouds)).get(cloud) ?? clouds.global
}

async function openTokens(source: SourceOptions, graphBaseUrl: string, loginBaseUrl: string): Promise<AppOnlyTokens> {
  const { tenantId, clientId, credential, scope } = source
  // Loads MSAL, which takes its time.
  const { createAppOnlyTokens } = await import('../auth/app-only-token-source.ts')
  try {
    return await createAppOnlyTokens({
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
