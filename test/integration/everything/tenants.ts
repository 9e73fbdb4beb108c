import { rootPath } from '../../../src-main/engine/model/root-path.ts'
import type {
  RemarkedContainer,
  RestoredItem,
  TenantRestoreOptions,
  TenantRestoreReport,
} from '../../../src-main/engine/operations/restore/tenant-model.ts'
import { restoreToTenant } from '../../../src-main/engine/operations/restore/to-tenant.ts'
import type { BackupReport } from '../../../src-main/engine/operations/backup/model.ts'
import type { ByRootKind, Root } from '../../../src-main/engine/ports/data-type.ts'
import type { DataTypeRestorer, OnRequest, PersonMap } from '../../../src-main/engine/ports/restore-target.ts'
import type { RestoreParts } from '../../../src-main/commands/parts/data-type.ts'
import { describers, readersOf, restorersOf } from '../../../src-main/commands/parts/data-types.ts'
import type { GraphClient } from '../../../src-main/graph/client/types.ts'
import { BackupScene, sceneClient, type SceneBackup } from '../../support/backup-scene.ts'
import { startGraphSimulator, type GraphSimulator, type SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { tenantNotes } from '../../support/graph-simulator/services/onenote/state.ts'
import { plannerState } from '../../support/graph-simulator/services/planner/state.ts'
import { impatientClock } from '../../support/impatient-clock.ts'
import { HeldLedger } from '../../support/held-ledger.ts'
import { fillEverything, people, source } from './scenario.ts'

const clock = impatientClock(2_000)
export const types = describers.user.map(({ folder }) => folder)

/** Earlier versions of each file that are kept. */
export const fileVersions = 10

const allWords: ReadonlySet<OnRequest> = new Set([
  'permissions',
  'sharing-links',
  'versions',
  'rules',
  'automatic-replies',
  'time-zone',
  'language',
  'working-hours',
  'profile',
  'photo',
])

/** A tenant on a simulator of its own with the user whose data it is about, a client of it, and a repository. */
export interface Tenant {
  readonly simulator: GraphSimulator
  readonly client: GraphClient
  readonly scene: BackupScene
  readonly root: Root
  /** Where plans are made that have to be. */
  readonly group: string
  /** Told of every request that the client sends. */
  onRequest: () => void
}

const running: Tenant[] = []
const further: BackupScene[] = []

/** To be done when a test is through with all that it started. */
export async function closeTenants(): Promise<void> {
  for (const { client, simulator, scene } of running.splice(0)) {
    await client.close()
    scene.remove()
    await simulator.close()
  }
  for (const scene of further.splice(0)) scene.remove()
}

/** The same tenant with a repository that has nothing yet. */
export async function withNewRepository<T extends Tenant>(tenant: T): Promise<T> {
  const scene = await newScene()
  further.push(scene)
  return { ...tenant, scene }
}

async function newScene(): Promise<BackupScene> {
  const scene = new BackupScene(undefined, undefined, describers)
  await scene.init()
  return scene
}

/** A tenant with the same people as the source under another domain, all of them without any data. */
export async function startTenant(
  domain: string,
  options: Omit<SimulatorOptions, 'tenant'> = {},
  language: 'en' | 'de' = 'en',
): Promise<Tenant> {
  const users = people.map((name) => ({
    userPrincipalName: `${name}@${domain}`,
    displayName: name,
    mailbox: { language },
  }))
  const simulator = await startGraphSimulator({ tenant: { kind: 'inline', users }, ...options })
  tenantNotes(simulator.tenant).appOnly = 'allow'
  const client = await sceneClient(simulator, {
    clock,
    onRequest: () => {
      tenant.onRequest()
    },
    limits: { attempts: 3, pools: { onenote: { concurrency: 2, budgets: [] } } },
  })
  const scene = await newScene()
  const name = `ada@${domain}`
  const root: Root = { kind: 'user', id: simulator.tenant.findUser(name)?.id ?? '', name }
  const group = simulator.tenant.service(plannerState).addGroup(`everybody of ${domain}`)
  const tenant: Tenant = { simulator, client, scene, root, group, onRequest: () => undefined }
  running.push(tenant)
  return tenant
}

/** The tenant in which Ada has everything. */
export async function startSource(options: Omit<SimulatorOptions, 'tenant'> = {}): Promise<Tenant> {
  const tenant = await startTenant(source, options)
  fillEverything(tenant.simulator.tenant)
  return tenant
}

/** One run over the user, with all data types. */
export async function snapshot(tenant: Tenant, options: SceneBackup = {}): Promise<BackupReport> {
  const readers = readersOf(ofUsers(types), { client: tenant.client, fileVersions })
  return await tenant.scene.backUp(tenant.client, { roots: [tenant.root], readers, ...options })
}

export interface Restored {
  readonly report: TenantRestoreReport
  readonly items: readonly RestoredItem[]
  readonly containers: readonly RemarkedContainer[]
}

/** Restores everything of a snapshot of the source into the user of another tenant, to where it was. */
export async function restoreInto(
  target: Tenant,
  from: Tenant,
  { tree }: Pick<BackupReport, 'tree'>,
  more: Partial<TenantRestoreOptions> = {},
): Promise<Restored> {
  const restorers = restorersOf('user', restoreParts(target))
  const places = { of: from.root, into: target.root, restorers }
  return await restoreRoot(target, from, tree, places, { onRequest: allWords, ...more })
}

export interface RestorePlaces {
  /** What is restored. */
  readonly of: Root
  readonly into: Root
  readonly restorers: readonly DataTypeRestorer[]
}

/** Restores what a snapshot of the source has of a root into one of another tenant, to where it was. */
export async function restoreRoot(
  target: Tenant,
  from: Tenant,
  tree: BackupReport['tree'],
  { of, into, restorers }: RestorePlaces,
  more: Partial<TenantRestoreOptions> = {},
): Promise<Restored> {
  const items: RestoredItem[] = []
  const containers: RemarkedContainer[] = []
  const report = await restoreToTenant({
    repository: await from.scene.open(),
    tree,
    paths: [rootPath(of)],
    target: into,
    restorers,
    describers: describers[into.kind],
    dryRun: false,
    ignoreExisting: false,
    targetFolder: '/',
    onRequest: new Set(),
    people: peopleBetween(from, target),
    signal: new AbortController().signal,
    onItem: (item) => {
      items.push(item)
    },
    onContainer: (container) => {
      containers.push(container)
    },
    ...more,
  })
  return { report, items, containers }
}

/** What restorers of a tenant need, with a ledger of their own unless told. */
export function restoreParts({ client, group, simulator }: Tenant, ledger = new HeldLedger()): RestoreParts {
  return { client, clock, ledger, planGroup: group, tenant: simulator.tenantId }
}

/** Nothing of groups and sites. */
export function ofUsers(folders: readonly string[]): ByRootKind<string> {
  return { user: folders, group: [], site: [] }
}

/** Everybody has a counterpart of the same name. */
function peopleBetween(from: Tenant, to: Tenant): PersonMap {
  const users = from.simulator.tenant.users()
  return ({ id, address }) => {
    const person = users.find(
      (user) => user.id === id || user.userPrincipalName.toLowerCase() === address?.toLowerCase(),
    )
    const name = person?.userPrincipalName.split('@')[0]
    const there = to.simulator.tenant.users().find((user) => user.userPrincipalName.split('@')[0] === name)
    return name === undefined || there === undefined ? undefined : { id: there.id, address: there.userPrincipalName }
  }
}
