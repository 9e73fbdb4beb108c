import { describers, readersOf, restorersOf } from '../../../src-main/commands/parts/data-types.ts'
import type { BackupReport } from '../../../src-main/engine/operations/backup/model.ts'
import type { TenantRestoreOptions } from '../../../src-main/engine/operations/restore/tenant-model.ts'
import type {
  ByRootKind,
  DataTypeReader,
  Root,
  RootKind,
  UnlistedRoots,
} from '../../../src-main/engine/ports/data-type.ts'
import type { OnRequest } from '../../../src-main/engine/ports/restore-target.ts'
import type { SignedIn } from '../../../src-main/graph/calendar/calendar-owner.ts'
import { createGroupLister } from '../../../src-main/graph/directory/groups.ts'
import { createSiteLister } from '../../../src-main/graph/directory/sites.ts'
import type { SharePointHosts } from '../../../src-main/graph/lists/share-point-hosts.ts'
import type { SceneBackup } from '../../support/backup-scene.ts'
import type { SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { calendarState } from '../../support/graph-simulator/services/calendar/state.ts'
import { groupConversations } from '../../support/graph-simulator/services/conversations/state.ts'
import { siteDirectory } from '../../support/graph-simulator/services/sites/state.ts'
import { HeldLedger } from '../../support/held-ledger.ts'
import { source } from '../everything/scenario.ts'
import {
  closeTenants,
  fileVersions,
  restoreParts,
  restoreRoot,
  startTenant,
  type Restored,
  type Tenant,
} from '../everything/tenants.ts'
import { certificate, sharePointHosts } from '../lists/share-point-fixture.ts'
import { fillShared, fillTarget } from './scenario.ts'

const signal = new AbortController().signal

/** A tenant whose groups and sites it is about. */
export interface SharedTenant extends Tenant {
  readonly sharePoint: SharePointHosts
  /** Graph takes events of groups from people alone. */
  readonly signedIn: SignedIn
  /** Channels that are in migration mode, as a file would remember them. */
  readonly ledger: HeldLedger
}

export const sharedKinds = ['group', 'site'] as const
export type SharedKind = (typeof sharedKinds)[number]

/** What a restore may change when it is asked to. */
const allWords: ReadonlySet<OnRequest> = new Set([
  'permissions',
  'sharing-links',
  'versions',
  'photo',
  'members',
  'group-settings',
])

const open: SharePointHosts[] = []

/** To be done when a test is through with all that it started. */
export async function closeShared(): Promise<void> {
  for (const hosts of open.splice(0)) await hosts.close()
  await closeTenants()
}

/** A tenant with a group and a site that have everything, and some beside them. */
export async function startSharedSource(): Promise<SharedTenant> {
  const tenant = await start(source)
  fillShared(tenant.simulator.tenant)
  return tenant
}

/** A tenant with groups and sites of the same kinds, all of them empty. `signedIn`: who restores into groups' calendars. */
export async function startSharedTarget(
  domain: string,
  app: SimulatorOptions['app'] = {},
  signedIn: SignedIn = 'person',
): Promise<SharedTenant> {
  const tenant = await start(domain, app, signedIn)
  fillTarget(tenant.simulator.tenant)
  return tenant
}

async function start(
  domain: string,
  app: SimulatorOptions['app'] = {},
  signedIn: SignedIn = 'person',
): Promise<SharedTenant> {
  const tenant = await startTenant(domain, { app: { ...app, certificates: [certificate] } })
  const { tenant: state } = tenant.simulator
  siteDirectory(state).host = hostOf(domain)
  groupConversations(state).applicationsReadAttachments = true
  state.service(calendarState).caller = signedIn
  const sharePoint = await sharePointHosts(tenant.simulator, 'certificate')
  open.push(sharePoint)
  return Object.assign(tenant, { sharePoint, signedIn, ledger: new HeldLedger() })
}

function hostOf(domain: string): string {
  return `${domain.split('.')[0] ?? ''}.sharepoint.com`
}

/** All roots of some kinds, as the command line finds them. */
export async function listRoots(
  { client }: SharedTenant,
  kinds: readonly SharedKind[] = sharedKinds,
): Promise<readonly (Root | UnlistedRoots)[]> {
  const listers = {
    group: createGroupLister(client, { tenant: source }),
    site: createSiteLister(client, { tenant: source }),
  }
  const all: (Root | UnlistedRoots)[] = []
  for (const kind of kinds) for await (const root of listers[kind].roots(signal)) all.push(root)
  return all
}

/** A root by its name, or the last part of it. */
export async function rootNamed(tenant: SharedTenant, kind: SharedKind, name: string): Promise<Root> {
  for (const root of await listRoots(tenant, [kind]))
    if ('name' in root && (root.name === name || root.name.endsWith(`/${name}`) || root.name.startsWith(`${name}@`)))
      return root
  throw new Error(`no ${kind} ${name}`)
}

/** One run over all groups and sites, with all data types. `kinds`: which of them are read. */
export async function snapshotShared(
  tenant: SharedTenant,
  { kinds = sharedKinds, ...options }: SceneBackup & { readonly kinds?: readonly SharedKind[] } = {},
): Promise<BackupReport> {
  const roots = options.roots ?? (await listRoots(tenant, kinds))
  const readers = options.readers ?? sharedReaders(tenant, kinds)
  return await tenant.scene.backUp(tenant.client, { ...options, roots, readers })
}

/** Readers of all data types of groups and sites. */
export function sharedReaders(
  { client, sharePoint }: SharedTenant,
  kinds: readonly SharedKind[] = sharedKinds,
): ByRootKind<DataTypeReader> {
  const folders = (kind: RootKind): readonly string[] =>
    kinds.some((one) => one === kind) ? describers[kind].map(({ folder }) => folder) : []
  return readersOf(
    { user: [], group: folders('group'), site: folders('site') },
    { client, fileVersions, sharePoint: sharePoint.access, hasGroup: () => kinds.includes('group') },
  )
}

/** Restores what a snapshot of the source has of a root into one of another tenant, to where it was. */
export async function restoreShared(
  target: SharedTenant,
  from: SharedTenant,
  { tree }: Pick<BackupReport, 'tree'>,
  { of, into }: { readonly of: Root; readonly into: Root },
  more: Partial<TenantRestoreOptions> = {},
): Promise<Restored> {
  const { sharePoint, signedIn, ledger } = target
  const parts = { ...restoreParts(target, ledger), planGroup: undefined, sharePoint: sharePoint.access, signedIn }
  const restorers = restorersOf(into.kind, parts)
  return await restoreRoot(target, from, tree, { of, into, restorers }, { onRequest: allWords, ...more })
}
