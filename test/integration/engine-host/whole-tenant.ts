import { rootPath } from '../../../src-main/engine/model/root-path.ts'
import type { HexId } from '../../../src-main/engine/model/ids.ts'
import { readersOf } from '../../../src-main/commands/parts/data-types.ts'
import { fillEverything } from '../everything/scenario.ts'
import { fileVersions, ofUsers, types } from '../everything/tenants.ts'
import { listRoots, sharedReaders, startSharedSource, type SharedTenant } from '../everything-shared/tenants.ts'

/** A tenant whose user, groups and sites have something of every data type, and the snapshot of it. */
export interface WholeTenant {
  readonly tenant: SharedTenant
  readonly snapshot: HexId
  /** Folder of the user who has everything. */
  readonly user: string
}

export async function startWholeTenant(): Promise<WholeTenant> {
  const tenant = await startSharedSource()
  fillEverything(tenant.simulator.tenant)
  return { tenant, snapshot: await backUpAll(tenant), user: rootPath(tenant.root) }
}

export async function backUpAll(tenant: SharedTenant): Promise<HexId> {
  const ofUser = readersOf(ofUsers(types), { client: tenant.client, fileVersions })
  const readers = { ...sharedReaders(tenant), user: ofUser.user }
  const roots = [tenant.root, ...(await listRoots(tenant))]
  const report = await tenant.scene.backUp(tenant.client, { roots, readers })
  return report.snapshot
}
