import { afterEach } from 'vitest'
import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import type {
  ItemOutcome,
  RestoreOptions,
  RestoreRemark,
  TargetContainer,
} from '../../../src-main/engine/ports/restore-target.ts'
import { listsReader } from '../../../src-main/graph/lists/reader.ts'
import { listsRestorer } from '../../../src-main/graph/lists/restorer.ts'
import type { SharePointHosts } from '../../../src-main/graph/lists/share-point-hosts.ts'
import { asRestoreItem, plainRestore, readHeld } from '../../support/adapter-round.ts'
import type { HeldType } from '../../support/adapter-round.ts'
import type { SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { listDirectory } from '../../support/graph-simulator/services/lists/state.ts'
import type { ListDirectory } from '../../support/graph-simulator/services/lists/state.ts'
import { siteDirectory } from '../../support/graph-simulator/services/sites/state.ts'
import { tenantWorld } from '../../support/tenant-pair.ts'
import type { TenantWorld } from '../../support/tenant-pair.ts'
import { certificate, sharePointHosts } from './share-point-fixture.ts'

const signal = new AbortController().signal

/** A tenant with one site, and its lists. */
export interface ListsWorld extends TenantWorld {
  readonly site: Root
  readonly lists: ListDirectory
  /** SharePoint's own endpoint, signed in with a certificate. */
  readonly sharePoint: SharePointHosts
  /** The same with the client's secret. */
  readonly withSecret: SharePointHosts
}

const open: SharePointHosts[] = []

afterEach(async () => {
  for (const hosts of open.splice(0)) await hosts.close()
})

export interface WorldOptions {
  readonly host?: string
  readonly users?: readonly string[]
  readonly simulator?: Omit<SimulatorOptions, 'tenant'>
}

export const ada = 'ada@contoso.example'
export const alan = 'alan@contoso.example'
export const grace = 'grace@fabrikam.example'
export const edsger = 'edsger@fabrikam.example'

export async function listsWorld({
  host = 'contoso.sharepoint.com',
  users = [ada, alan],
  simulator: more = {},
}: WorldOptions = {}): Promise<ListsWorld> {
  const world = await tenantWorld(users, { app: { certificates: [certificate] }, ...more })
  const { tenant } = world.simulator
  const sites = siteDirectory(tenant)
  sites.host = host
  const stored = sites.add({ path: 'sites/team', displayName: 'Team' })
  const site: Root = {
    kind: 'site',
    id: stored.id,
    name: `${host}/sites/team`,
    properties: { id: stored.id, webUrl: stored.webUrl },
  }
  const hosts = async (credential: 'certificate' | 'secret'): Promise<SharePointHosts> => {
    const made = await sharePointHosts(world.simulator, credential)
    open.push(made)
    return made
  }
  return {
    ...world,
    site,
    lists: listDirectory(tenant),
    sharePoint: await hosts('certificate'),
    withSecret: await hosts('secret'),
  }
}

export interface ReadOptions {
  /** Without SharePoint's own endpoint. */
  readonly graphOnly?: boolean
  readonly before?: HeldType
  readonly site?: Root
}

export function readLists(
  world: ListsWorld,
  { graphOnly = false, before, site = world.site }: ReadOptions = {},
): Promise<HeldType> {
  const sharePoint = graphOnly ? undefined : world.sharePoint.access
  return readHeld(listsReader(world.client, { sharePoint }), site, before)
}

export interface Restored {
  readonly outcomes: ReadonlyMap<string, ItemOutcome>
  /** What was said of lists, by their names in the target. */
  readonly remarks: ReadonlyMap<string, readonly RestoreRemark[]>
  /** Why the restore ended early, if it did. */
  readonly error: unknown
}

export interface RestoreHow extends Partial<RestoreOptions> {
  readonly graphOnly?: boolean
  readonly signal?: AbortSignal
  /** Items at the same time. */
  readonly together?: number
}

/** Who stands for whom in the other tenant. */
export const counterparts: RestoreOptions['people'] = ({ address }) => {
  const other = { [ada]: grace, [alan]: edsger }[address ?? '']
  return other === undefined ? undefined : { id: other, address: other }
}

/** Restores everything as the engine does: lists by their names, items in their order, then the end. */
export async function restoreLists(world: ListsWorld, held: HeldType, how: RestoreHow = {}): Promise<Restored> {
  const { graphOnly = false, together = 1, signal: stop = signal, ...options } = how
  const sharePoint = graphOnly ? undefined : world.sharePoint.access
  const restorer = listsRestorer(world.client, { sharePoint })
  const reader = listsReader(world.client)
  const outcomes = new Map<string, ItemOutcome>()
  const remarks = new Map<string, readonly RestoreRemark[]>()
  try {
    const top = await restorer.begin(
      world.site,
      { ...plainRestore, targetFolder: '/', people: counterparts, ...options },
      stop,
    )
    const targets = new Map<string, TargetContainer>()
    const byName = held.containers.toSorted((one, other) => (pathOf(held, one.id) < pathOf(held, other.id) ? -1 : 1))
    for (const { id, parentId, name, properties } of byName) {
      const parent = (parentId === undefined ? undefined : targets.get(parentId)) ?? top
      const target = await restorer.container(parent, { dirName: name, metadata: properties }, stop)
      targets.set(id, target)
      const items = held.items.filter(({ container }) => container === id)
      const order = (metadata: JsonObject): number => restorer.order?.(metadata) ?? 0
      const sorted = items.toSorted((one, other) => order(one.metadata) - order(other.metadata))
      for (let at = 0; at < sorted.length; at += together) {
        const now = sorted.slice(at, at + together)
        const done = await Promise.all(now.map((item) => restorer.item(target, asRestoreItem(reader, item), stop)))
        for (const [index, outcome] of done.entries()) outcomes.set(now[index]?.id ?? '', outcome)
      }
    }
    for (const { path, remarks: told } of (await restorer.finished?.(top, stop)) ?? []) remarks.set(path, told)
    return { outcomes, remarks, error: undefined }
  } catch (error) {
    return { outcomes, remarks, error }
  }
}

function pathOf(held: HeldType, id: string): string {
  const container = held.containers.find((one) => one.id === id)
  if (container === undefined) return ''
  return container.parentId === undefined ? container.name : `${pathOf(held, container.parentId)}/${container.name}`
}

export function kindsOf({ outcomes }: Restored): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { kind } of outcomes.values()) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}
