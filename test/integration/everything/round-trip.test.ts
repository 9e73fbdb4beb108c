import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BackupReport } from '../../../src-main/engine/operations/backup/model.ts'
import { profilesState } from '../../support/graph-simulator/services/profile/state.ts'
import { comparable, comparedTypes, tableRows } from './comparison.ts'
import { changeEverything } from './scenario.ts'
import { sideEffects } from './side-effects.ts'
import { expectCatalogAsRebuilt, expectSound, storedTree } from './soundness.ts'
import { closeTenants, restoreInto, snapshot, startSource, startTenant, type Restored, type Tenant } from './tenants.ts'

/** What becomes of the source's second run is restored into a tenant that has seen nothing of the first. */
const runs = [
  { run: 'the first snapshot', domain: 'fabrikam.example', tenantId: '9d4f3c11-0a52-4f0e-8e39-4b1f5c1c6d77' },
  { run: 'the second, incremental one', domain: 'litware.example', tenantId: '1c0b7a7e-6a2f-4d6e-9a55-0f2b4a8f9c31' },
] as const

let from: Tenant
const reports: BackupReport[] = []
/** Rows of the table of what the server assigns that were of use. */
const used = new Set<string>()

beforeAll(async () => {
  from = await startSource()
  reports.push(await snapshot(from))
  changeEverything(from.simulator.tenant)
  reports.push(await snapshot(from))
})

afterAll(closeTenants)

it('reads everything, in the second run only what is new', () => {
  for (const { unread, notRefreshed } of reports)
    expect({ unread, notRefreshed }).toEqual({ unread: [], notRefreshed: [] })
  // Two things of the drive are no files.
  expect(reports[0]?.notices.map(({ code }) => code).sort()).toEqual(['package', 'shortcut'])
  const [first, second] = reports
  expect(first?.changed).toBe(first?.items)
  expect(second?.changed).toBeLessThan(60)
  expect(from.simulator.log.unknown).toEqual([])
})

describe.each(runs)('a user from $run, in another tenant', ({ run, domain, tenantId }) => {
  let to: Tenant
  let stored: BackupReport
  let empty: BackupReport
  let looked: Restored
  let lookedAt: BackupReport
  let restored: Restored
  let there: BackupReport
  let again: Restored

  beforeAll(async () => {
    stored = reports[run === runs[0].run ? 0 : 1] ?? fail()
    to = await startTenant(domain, { app: { tenantId } })
    empty = await snapshot(to)
    to.simulator.log.clear()
    looked = await restoreInto(to, from, stored, { dryRun: true })
    lookedAt = await snapshot(to)
    restored = await restoreInto(to, from, stored)
    there = await snapshot(to)
    again = await restoreInto(to, from, stored)
  })

  it.each(comparedTypes)('has it back field by field: %s', async (type) => {
    const before = await comparable({ tenant: from, tree: stored.tree, isOriginal: true, used }, type)
    const after = await comparable({ tenant: to, tree: there.tree, isOriginal: false, used }, type)
    expect(after).toEqual(before)
    expect(Object.keys(before).length).toBeGreaterThan(1)
  })

  it('gets every item, or a reason why not', () => {
    expect(restored.report.failures).toEqual([])
    expect(restored.items.map(({ outcome: { kind } }) => kind).filter((kind) => kind === 'duplicate')).toEqual([])
    const left = restored.items.flatMap(({ path, outcome }) =>
      outcome.kind === 'skipped' ? [`${path.split('/')[2] ?? ''} ${outcome.code}`] : [],
    )
    expect(new Set(left)).toEqual(
      new Set(['chats chats-are-not-restorable', 'onedrive notebook-not-restored', 'onedrive shortcut-not-restored']),
    )
  })

  it('mails nobody, touches no account and asks nothing that Graph does not know', () => {
    expect(sideEffects(to)).toEqual({})
    expect(profilesState(to.simulator.tenant).accountChanges).toEqual([])
    expect(to.simulator.log.unknown).toEqual([])
  })

  it('had been told before what would happen, without anything happening', async () => {
    const { created, duplicates, skipped, failed, bytes, requests } = restored.report
    expect(looked.report).toMatchObject({ created, duplicates, skipped, failed, bytes, requests })
    expect(lookedAt).toMatchObject({ changed: 0, removed: 0 })
    const own = `users/${to.root.name}`
    expect(await storedTree(to, lookedAt, own)).toBe(await storedTree(to, empty, own))
  })

  it('gets nothing twice', async () => {
    expect(again.items.filter(({ outcome }) => outcome.kind === 'created')).toEqual([])
    expect(again.report).toMatchObject({ created: 0, skipped: restored.report.skipped, failed: 0 })
    const after = await snapshot(to)
    expect(after.items).toBe(there.items)
    expect(after.changed).toBe(0)
  })

  it('lies in a sound repository', async () => {
    for (const tenant of [from, to]) {
      expectSound(tenant)
      await expectCatalogAsRebuilt(tenant)
    }
  })
})

it('leaves no field out of the comparison without need', () => {
  expect(tableRows().filter((row) => !used.has(row))).toEqual([])
})

function fail(): never {
  throw new Error('no snapshot')
}
