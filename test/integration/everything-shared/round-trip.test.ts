import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BackupReport } from '../../../src-main/engine/operations/backup/model.ts'
import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import { plannerState } from '../../support/graph-simulator/services/planner/state.ts'
import { remarkTexts } from '../../../src-shared/text/restore-remarks.ts'
import { tableRows } from '../everything/comparison.ts'
import { sideEffects } from '../everything/side-effects.ts'
import { expectCatalogAsRebuilt, expectSound, storedTree } from '../everything/soundness.ts'
import { withNewRepository, type Restored } from '../everything/tenants.ts'
import { changedOnTheWay, leftOut } from './losses.ts'
import { comparableShared } from './rules.ts'
import { changeShared } from './scenario.ts'
import { sharedAssigned } from './server-assigned.ts'
import {
  closeShared,
  restoreShared,
  rootNamed,
  snapshotShared,
  startSharedSource,
  startSharedTarget,
  type SharedTenant,
} from './tenants.ts'

/** What becomes of the source's second run is restored into a tenant that has seen nothing of the first. */
const runs = [
  { run: 'the first snapshot', domain: 'fabrikam.example', tenantId: '9d4f3c11-0a52-4f0e-8e39-4b1f5c1c6d77' },
  { run: 'the second, incremental one', domain: 'litware.example', tenantId: '1c0b7a7e-6a2f-4d6e-9a55-0f2b4a8f9c31' },
] as const

/** What is restored, and into what. */
const places = [
  ['group', 'engines', 'machines'],
  ['group', 'oldtalk', 'newtalk'],
  ['site', 'engines', 'machines'],
  ['site', 'labs', 'labs'],
] as const

/** Data types that come back; conversations do not. */
const compared = [
  ...['group', 'calendar', 'files', 'teams', 'planner', 'notes'].map((type) => [type, places[0]] as const),
  ...['site', 'libraries', 'lists', 'pages'].flatMap((type) => [
    [type, places[2]] as const,
    [type, places[3]] as const,
  ]),
]

let from: SharedTenant
const reports: BackupReport[] = []
/** Rows of the tables that were of use. */
const used = new Set<string>()

beforeAll(async () => {
  from = await startSharedSource()
  reports.push(await snapshotShared(from))
  changeShared(from.simulator.tenant)
  reports.push(await snapshotShared(from))
})

afterAll(closeShared)

it('reads everything, in the second run only what is new', () => {
  for (const { unread, notRefreshed } of reports)
    expect({ unread, notRefreshed }).toEqual({ unread: [], notRefreshed: [] })
  const [first, second] = reports
  expect(first?.changed).toBe(first?.items)
  expect(second?.changed).toBeLessThan(30)
  expect(from.simulator.log.unknown).toEqual([])
})

it('says of each root what it does not have', () => {
  const said = reports[0]?.notices.map(({ path, code }) => `${path.replace(/@.*\//, ' ').replace(/ ~.*/, '')} ${code}`)
  expect(said?.sort()).toEqual([
    ...['club', 'everybodyofcontoso.example', 'quiet'].flatMap((name) => [
      `groups/${name} files graph.no-site`,
      `groups/${name} teams graph.no-team`,
    ]),
    ...['engines', 'talk'].map((name) => `sites/contoso.sharepoint.com/sites/${name}/site/settings library-with-group`),
  ])
})

describe.each(runs)('groups and sites from $run, in another tenant', ({ run, domain, tenantId }) => {
  let to: SharedTenant
  /** The target with a repository that knows nothing of what it was before. */
  let later: SharedTenant
  let stored: BackupReport
  let empty: BackupReport
  let looked: readonly Restored[]
  let lookedAt: BackupReport
  let restored: readonly Restored[]
  let there: BackupReport
  let again: readonly Restored[]

  const restoreAll = async (dryRun = false): Promise<readonly Restored[]> => {
    const all: Restored[] = []
    for (const [kind, of, into] of places) {
      const roots = { of: await rootNamed(from, kind, of), into: await rootNamed(to, kind, into) }
      all.push(await restoreShared(to, from, stored, roots, { dryRun }))
    }
    return all
  }

  beforeAll(async () => {
    stored = reports[run === runs[0].run ? 0 : 1] ?? fail()
    to = await startSharedTarget(domain, { tenantId })
    empty = await snapshotShared(to)
    to.simulator.log.clear()
    looked = await restoreAll(true)
    lookedAt = await snapshotShared(to)
    restored = await restoreAll()
    later = await withNewRepository(to)
    there = await snapshotShared(later)
    again = await restoreAll()
  })

  it.each(compared)('have it back field by field: %s of %s', async (type, [kind, of, into]) => {
    const side = async (tenant: SharedTenant, { tree }: BackupReport, name: string, isOriginal: boolean) => {
      const root: Root = await rootNamed(tenant, kind, name)
      return await comparableShared({ tenant, tree, root, isOriginal, used }, type)
    }
    const before = await side(from, stored, of, true)
    expect(await side(later, there, into, false)).toEqual(before)
    expect(Object.keys(before).length).toBeGreaterThan(1)
  })

  it('get every item, or a reason why not', () => {
    for (const { report } of restored) expect(report.failures).toEqual([])
    const items = restored.flatMap((each) => each.items)
    const skipped = items.flatMap(({ outcome }) => (outcome.kind === 'skipped' ? [outcome.code] : []))
    const remarks = items.flatMap(({ outcome }) => ('remarks' in outcome ? (outcome.remarks ?? []) : []))
    const ofContainers = restored.flatMap(({ containers }) => containers.flatMap((container) => container.remarks))
    expect([...new Set(skipped)].sort()).toEqual(Object.keys(leftOut).sort())
    const codes = [...new Set([...remarks, ...ofContainers].map(({ code }) => code))]
    expect(codes.sort()).toEqual(Object.keys(changedOnTheWay).sort())
    for (const code of [...skipped, ...codes]) expect(Object.keys(remarkTexts)).toContain(code)
  })

  it('mail, invite and tell nobody, and ask nothing that Graph does not know', () => {
    expect(sideEffects(to)).toEqual({})
    expect(to.simulator.log.unknown).toEqual([])
    expect(to.simulator.errors).toEqual([])
    // But for this, and only with the word for it: who is assigned to a task is told so by Planner.
    const { tasks, notified, shares } = to.simulator.tenant.service(plannerState)
    const assigned = tasks.flatMap(({ assignments }) => Object.keys(assignments))
    expect({ notified, shares }).toEqual({ notified: assigned.length, shares: 0 })
    expect(to.ledger.entries).toEqual([])
  })

  it('had been told before what would happen, without anything happening', async () => {
    const told = ({ report }: Restored): unknown => {
      const { created, duplicates, skipped, failed, bytes, requests } = report
      return { created, duplicates, skipped, failed, bytes, requests }
    }
    expect(looked.map(told)).toEqual(restored.map(told))
    expect(lookedAt).toMatchObject({ changed: 0, removed: 0 })
    for (const path of ['groups', 'sites'])
      expect(await storedTree(to, lookedAt, path)).toBe(await storedTree(to, empty, path))
  })

  it('get nothing twice', async () => {
    for (const [index, { report, items }] of again.entries()) {
      expect(items.filter(({ outcome }) => outcome.kind === 'created')).toEqual([])
      expect(report).toMatchObject({ created: 0, skipped: restored[index]?.report.skipped, failed: 0 })
    }
    const after = await snapshotShared(later)
    expect(after.items).toBe(there.items)
    expect(after.changed).toBe(0)
  })

  it('lie in a sound repository', async () => {
    for (const tenant of [from, to, later]) {
      expectSound(tenant)
      await expectCatalogAsRebuilt(tenant)
    }
  })
})

it('leaves no field out of the comparison without need', () => {
  expect(tableRows(sharedAssigned).filter((row) => !used.has(row))).toEqual([])
})

function fail(): never {
  throw new Error('no snapshot')
}
