import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BackupReport } from '../../../src-main/engine/operations/backup/model.ts'
import { walkTree } from '../../../src-main/engine/operations/restore/walk-tree.ts'
import { drivesOf } from '../../support/graph-simulator/services/drive/index.ts'
import { siteDirectory } from '../../support/graph-simulator/services/sites/state.ts'
import { withNewRepository } from '../everything/tenants.ts'
import {
  closeShared,
  sharedKinds,
  snapshotShared,
  startSharedSource,
  type SharedKind,
  type SharedTenant,
} from './tenants.ts'

const group = 'groups/engines@contoso.example/files/Documents/files'
const site = 'sites/contoso.sharepoint.com/sites/engines/libraries'
const MiB = 1024 * 1024

let from: SharedTenant

beforeAll(async () => {
  from = await startSharedSource()
})

afterAll(closeShared)

const runOver = (kinds: readonly SharedKind[], tenant = from): Promise<BackupReport> =>
  snapshotShared(tenant, { kinds, series: { host: 'contoso', paths: kinds.map((kind) => `/${kind}s`) } })

/** Folders that hold the large file of a library, and their blobs. */
async function largeFiles(
  { scene }: SharedTenant,
  { tree }: BackupReport,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>()
  for await (const { path, node } of walkTree(await scene.open(), tree))
    if (node.name === 'large.bin') found.set(path.slice(0, -'/large.bin'.length), node.content ?? [])
  return found
}

it.each([
  ['groups and sites', sharedKinds, [group, `${site}/Papers/files`]],
  ['groups alone', ['group'], [group]],
  ['sites alone', ['site'], [`${site}/Documents/files`, `${site}/Papers/files`]],
] as const)('a library is stored once when %s are read', async (_what, kinds, folders) => {
  const tenant = await withNewRepository(from)
  const files = await largeFiles(tenant, await runOver(kinds, tenant))
  expect([...files.keys()].sort()).toEqual([...folders].sort())
  const blobs = [...files.values()].flat()
  expect(new Set(blobs).size).toBe(blobs.length)
})

it('is not stored again when the other way leads to it', async () => {
  const tenant = await withNewRepository(from)
  const ofGroup = await largeFiles(tenant, await runOver(['group'], tenant))
  const bySite = await runOver(['site'], tenant)
  const ofSite = await largeFiles(tenant, bySite)
  expect(ofSite.get(`${site}/Documents/files`)).toEqual(ofGroup.get(group))
  // The other library of the site, and nothing of the group's.
  expect(bySite.added).toBeGreaterThan(5 * MiB)
  expect(bySite.added).toBeLessThan(6 * MiB)
  const both = await runOver(sharedKinds, tenant)
  expect(both.added).toBeLessThan(MiB)
})

it('moves between the two as they are chosen, and changes are found either way', async () => {
  const tenant = await withNewRepository(from)
  const series = { host: 'contoso', paths: ['/'] }
  const run = (kinds: readonly SharedKind[]): Promise<BackupReport> => snapshotShared(tenant, { kinds, series })
  await run(sharedKinds)
  expect([...(await largeFiles(tenant, await run(['site']))).keys()]).toContain(`${site}/Documents/files`)
  const { tenant: state } = from.simulator
  const sites = siteDirectory(state)
  const [library] = drivesOf(state).ofSite(sites.known(`${sites.host}:/sites/engines`).id)
  drivesOf(state).rename(library?.id ?? '', 'large.bin', 'huge.bin')
  const last = await run(sharedKinds)
  const files = [...(await largeFiles(tenant, last)).keys()]
  expect(files).toEqual([`${site}/Papers/files`])
  expect(last.notRefreshed).toEqual([])
  expect(last.added).toBeLessThan(MiB)
})
