import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import type { SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { drivesOf, type TenantDrives } from '../../support/graph-simulator/services/drive/index.ts'
import { groupDirectory, type GroupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import { siteDirectory, type SiteDirectory } from '../../support/graph-simulator/services/sites/index.ts'
import { tenantWorld, type TenantWorld } from '../../support/tenant-pair.ts'

export const signal = new AbortController().signal

export interface SiteWorld extends TenantWorld {
  readonly sites: SiteDirectory
  readonly drives: TenantDrives
  readonly groups: GroupDirectory
  /** The site as a root, without what a listing would tell of it. */
  siteRoot(id: string): Root
  /** Requests since the last call, members of a batch one by one and the batch itself left out. */
  asked(): readonly string[]
}

/** A tenant of its own: the users of two have no id in common. */
export async function siteWorld(
  name: 'contoso' | 'fabrikam' = 'contoso',
  options: Omit<SimulatorOptions, 'tenant'> = {},
): Promise<SiteWorld> {
  const world = await tenantWorld([`ada@${name}.example`], options)
  const { simulator } = world
  const sites = siteDirectory(simulator.tenant)
  sites.host = `${name}.sharepoint.com`
  return {
    ...world,
    sites,
    drives: drivesOf(simulator.tenant),
    groups: groupDirectory(simulator.tenant),
    siteRoot: (id) => ({ kind: 'site', id, name: `${sites.host}/${sites.known(id).path}` }),
    asked: () => {
      const routes = simulator.log
        .entries()
        .filter(({ route }) => route !== '{tenant}/token' && route !== '$batch')
        .map(({ method, route }) => `${method} ${route}`)
      simulator.log.clear()
      return routes
    },
  }
}
