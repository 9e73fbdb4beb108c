import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BackupReport } from '../../../src-main/engine/operations/backup/model.ts'
import { rootOf, rootPath } from '../../../src-main/engine/model/root-path.ts'
import { reasonText } from '../../../src-shared/text/reasons.ts'
import { siteDirectory } from '../../support/graph-simulator/services/sites/state.ts'
import { storedTree } from '../everything/soundness.ts'
import { withNewRepository } from '../everything/tenants.ts'
import { comparableShared } from './rules.ts'
import { changeShared } from './scenario.ts'
import {
  closeShared,
  listRoots,
  rootNamed,
  sharedReaders,
  snapshotShared,
  startSharedSource,
  type SharedTenant,
} from './tenants.ts'
import { trouble, troubledRoots, type TroubledRoot } from './troubles.ts'

afterAll(closeShared)

/** What a run says, by root. */
function said({ notRefreshed, notices, unread }: BackupReport): ReadonlyMap<string, ReadonlySet<string>> {
  expect(unread).toEqual([])
  const all = Map.groupBy([...notRefreshed, ...notices], ({ path }) => rootOf(path)?.root ?? path)
  return new Map([...all].map(([root, entries]) => [root, new Set(entries.map(({ code }) => code))]))
}

/** Everything of the roots that nothing is wrong with. */
async function engines(tenant: SharedTenant, { tree }: BackupReport): Promise<unknown> {
  const { group, site } = sharedReaders(tenant)
  const all: Record<string, unknown> = {}
  for (const [kind, readers] of [
    ['group', group],
    ['site', site],
  ] as const) {
    const root = await rootNamed(tenant, kind, 'engines')
    for (const { folder } of readers)
      all[`${kind} ${folder}`] = await comparableShared({ tenant, tree, root, isOriginal: false }, folder)
  }
  return all
}

function expectEach(report: BackupReport, codesOf: (root: TroubledRoot) => readonly string[]): void {
  const codes = said(report)
  for (const root of troubledRoots)
    expect([root.path, codes.get(root.path)]).toEqual([root.path, new Set(codesOf(root))])
  const others = [...codes.keys()].filter((path) => !troubledRoots.some((root) => root.path === path))
  // These never had a site or a team.
  for (const path of others)
    expect([...(codes.get(path) ?? [])].join()).toMatch(/^(graph\.no-site,graph\.no-team|library-with-group)$/)
  for (const code of [...codes.values()].flatMap((all) => [...all])) expect(reasonText(code)).not.toContain('it failed')
}

describe('roots that cannot be read any more', () => {
  let from: SharedTenant
  let first: BackupReport
  let second: BackupReport
  let third: BackupReport

  beforeAll(async () => {
    from = await startSharedSource()
    first = await snapshotShared(from)
    changeShared(from.simulator.tenant)
    const roots = await listRoots(from)
    const heal = trouble(from.simulator)
    second = await snapshotShared(from, { roots })
    heal()
    third = await snapshotShared(from)
  })

  it('are named, each in a plain sentence', () => {
    expectEach(second, ({ later }) => later)
  })

  it('keep what is stored of them', async () => {
    for (const { path } of troubledRoots)
      expect([path, await storedTree(from, second, path)]).toEqual([path, await storedTree(from, first, path)])
  })

  it('do not keep the others from being read', async () => {
    const fresh = await withNewRepository(from)
    const whole = await snapshotShared(fresh)
    expect(await engines(from, second)).toEqual(await engines(fresh, whole))
    expect(await engines(from, second)).not.toEqual(await engines(from, first))
  })

  it('are read again when they can be, and those that are gone leave a notice', async () => {
    expect(third.notRefreshed).toEqual([])
    const gone = troubledRoots.filter(({ isGone }) => isGone).map(({ path }) => path)
    const codes = said(third)
    for (const path of gone) expect([path, codes.get(path)]).toEqual([path, new Set(['root-gone'])])
    for (const path of gone)
      await expect(storedTree(from, third, path)).rejects.toMatchObject({ code: 'repository.path-not-found' })
  })
})

describe('roots that could never be read', () => {
  let from: SharedTenant
  let first: BackupReport
  let second: BackupReport

  beforeAll(async () => {
    from = await startSharedSource()
    const roots = await listRoots(from)
    const heal = trouble(from.simulator)
    first = await snapshotShared(from, { roots })
    heal()
    second = await snapshotShared(from)
  })

  it('are named, each in a plain sentence', () => {
    expectEach(first, ({ firstly }) => firstly)
  })

  it('do not keep the others from being read, and are read when they can be', async () => {
    const fresh = await withNewRepository(from)
    const whole = await snapshotShared(fresh)
    expect(await engines(from, first)).toEqual(await engines(fresh, whole))
    expect(second).toMatchObject({ notRefreshed: [], unread: [], items: whole.items })
  })
})

describe('a site that is locked before it is listed', () => {
  it('keeps what is stored of it and of the sites below it, which nobody can list then', async () => {
    const from = await startSharedSource()
    const first = await snapshotShared(from)
    const sites = siteDirectory(from.simulator.tenant)
    const locked = sites.known(`${sites.host}:/sites/engines`).id
    sites.lock(locked, 'locked')
    const second = await snapshotShared(from)
    const own = rootPath(await rootNamed(from, 'site', 'engines'))
    const codes = said(second)
    expect(codes.get(own)).toEqual(new Set(['graph.locked']))
    expect([...codes.values()].some((all) => all.has('root-gone'))).toBe(false)
    // With the subsite, whose folder is in it.
    expect(await storedTree(from, second, own)).toBe(await storedTree(from, first, own))
    sites.lock(locked, undefined)
    const third = await snapshotShared(from)
    expect(third.notRefreshed).toEqual([])
    expect(await storedTree(from, third, own)).toBe(await storedTree(from, first, own))
  })
})
