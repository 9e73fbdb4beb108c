import { directoryIn } from '../../auth/token-claims.ts'
import type { Catalog } from '../../engine/index.ts'
import { clientParts, type SignIn } from './sign-in.ts'

/** Who is signed in, as far as the directory matters. */
type Directory = Pick<SignIn, 'tenantId' | 'loginBaseUrl' | 'tokens'>

/**
 * What the tenant is called in new snapshots: what it is called in the repository, so that its series go on, or else its
 * id, however it was typed. Rejects like a sign-in.
 */
export async function hostFor(directory: Directory, catalog: Catalog, signal: AbortSignal): Promise<string> {
  const hosts = hostsIn(catalog)
  if (hosts.includes(directory.tenantId)) return directory.tenantId
  const id = await directoryId(directory, signal)
  if (hosts.includes(id)) return id
  for (const host of hosts) if ((await idOfDomain(directory, host)) === id) return host
  return id
}

/** Whether the snapshots of a host are of this tenant, which may have been typed by id or by domain. Rejects alike. */
export async function isOfTenant(directory: Directory, host: string, signal: AbortSignal): Promise<boolean> {
  if (host === directory.tenantId) return true
  const id = await directoryId(directory, signal)
  return host === id || (await idOfDomain(directory, host)) === id
}

/** As the token has it; what was typed where that says nothing. */
async function directoryId({ tokens, tenantId }: Directory, signal: AbortSignal): Promise<string> {
  return directoryIn(await tokens.graph.token({ signal })) ?? tenantId
}

async function idOfDomain({ loginBaseUrl }: Directory, host: string): Promise<string | undefined> {
  // Loads what MSAL needs, which takes its time.
  const { directoryOfDomain } = await import('../../auth/domain-directory.ts')
  return await directoryOfDomain(host, { ...clientParts(), loginBaseUrl })
}

/** Of finished snapshots, the newest first. */
function hostsIn(catalog: Catalog): readonly string[] {
  const series = new Set(
    catalog
      .snapshots()
      .map((snapshot) => snapshot.series)
      .reverse(),
  )
  return [...new Set([...series].map((key) => catalog.seriesKey(key).host))]
}
