import type { RouteCall } from '../../routes/context.ts'
import { refuseLocked, siteNotFound } from './errors.ts'
import { siteDirectory } from './state.ts'
import type { SiteDirectory } from './state.ts'
import type { StoredSite } from './stored.ts'

/** A call about a site that exists and is open. */
export interface SiteCall extends RouteCall {
  readonly directory: SiteDirectory
  readonly site: StoredSite
}

/** The site that the path names, by any of its addresses, or that of the group that it names. */
export function withSite(call: RouteCall): SiteCall {
  const directory = siteDirectory(call.context.tenant)
  const { group, site: address = '' } = call.parameters
  const isGroupsRoot = group !== undefined && address.toLowerCase() === 'root'
  const site = isGroupsRoot ? directory.ofGroup(group) : directory.find(address)
  if (site === undefined) throw siteNotFound()
  if (group !== undefined && site.group !== group.toLowerCase()) throw siteNotFound()
  refuseLocked(site, call.request.method)
  return { ...call, directory, site }
}
