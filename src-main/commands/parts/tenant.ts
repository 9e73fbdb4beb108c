import { clouds } from '../../graph/client/clouds.ts'
import type { GraphClient } from '../../graph/client/types.ts'
import { createGroupLister } from '../../graph/directory/groups.ts'
import { createSiteLister } from '../../graph/directory/sites.ts'
import { createUserLister } from '../../graph/directory/users.ts'
import { createSharePointHosts } from '../../graph/lists/share-point-hosts.ts'
import type { SharePointAccess } from '../../graph/lists/share-point.ts'
import type { RootListers } from './choose-roots.ts'
import { closeLeftChannels } from './close-left-channels.ts'
import { withService } from './error-place.ts'
import { withOwnName } from './own-root.ts'
import type { Session } from './session.ts'
import { clientParts, signIn, type SignIn } from './sign-in.ts'
import type { SourceOptions } from './source-options.ts'

/** A tenant that can be asked: whoever opened it closes it. */
export interface Tenant extends SignIn {
  readonly client: GraphClient
  readonly listers: RootListers
  /** SharePoint's own endpoints, where the sign-in can have a token for them. */
  readonly sharePoint: SharePointAccess
  /** Adds to an error where it came from (context: service). */
  explain(error: unknown): unknown
  close(): Promise<void>
}

/**
 * Gets ready to sign in. Nothing is sent yet, unless a restore that was interrupted has left channels locked: they are
 * opened first. Rejects like signIn.
 */
export async function openTenant(session: Session, source: SourceOptions): Promise<Tenant> {
  const tenant = makeTenant(await signIn(session, source), source)
  try {
    await closeLeftChannels(session, tenant)
    return tenant
  } catch (error) {
    await tenant.close()
    throw tenant.explain(error)
  }
}

function makeTenant(signedIn: SignIn, source: SourceOptions): Tenant {
  const { client, tokens, tenantId: tenant, graphBaseUrl, loginBaseUrl } = signedIn
  const address = source.sharePointBaseUrl ?? sharePointAddress(graphBaseUrl)
  const sharePoint = createSharePointHosts({
    ...clientParts(),
    tokens: (host) => (SHAREPOINT_HOST.test(host) && address !== undefined ? tokens.sharePoint(host) : undefined),
    baseUrl: (host) => (address ?? '').replaceAll('{host}', host),
  })
  const users = createUserLister(client, { tenant })
  return {
    ...signedIn,
    listers: {
      user: signedIn.as === 'person' ? withOwnName(users, client) : users,
      group: createGroupLister(client, { tenant }),
      site: createSiteLister(client, { tenant }),
    },
    sharePoint: sharePoint.access,
    explain: (error) => withService(error, graphBaseUrl, loginBaseUrl),
    close: () => sharePoint.close(),
  }
}

/** Hosts of SharePoint in Microsoft's clouds: a token goes nowhere else. */
const SHAREPOINT_HOST = /^[a-z0-9-]+\.(sharepoint\.(com|us|cn)|sharepoint-mil\.us)$/i

/** Where SharePoint's hosts are; beside a Graph that is not Microsoft's there is none, unless one is named. */
function sharePointAddress(graphBaseUrl: string): string | undefined {
  const base = graphBaseUrl.replace(/\/+$/, '')
  return Object.values(clouds).some((cloud) => cloud.graphBaseUrl === base) ? 'https://{host}' : undefined
}
