import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forgetSnapshots } from '../../../src-main/engine/operations/forget/forget.ts'
import type { RetentionPolicy } from '../../../src-main/engine/operations/forget/policy.ts'
import { prune } from '../../../src-main/engine/operations/prune/prune.ts'
import { systemClock } from '../../support/system-clock.ts'
import { AgingRepository, expectIntact } from './aging-repository.ts'

let original: AgingRepository
const copies: AgingRepository[] = []

beforeAll(async () => {
  original = new AgingRepository(7)
  await original.init()
  await original.age(12)
})
afterAll(() => {
  for (const one of [original, ...copies]) one.remove()
})

function copy(): AgingRepository {
  const made = original.copy()
  copies.push(made)
  return made
}

async function forget(aging: AgingRepository, policy: RetentionPolicy): Promise<Set<string>> {
  const { removed } = await forgetSnapshots({ repository: await aging.open(), policy, clock: systemClock })
  for (const id of removed) aging.contents.delete(id)
  return new Set(removed)
}

describe('a prune', () => {
  it('leaves what the kept snapshots need, and nothing else when nothing may stay unused', async () => {
    const aging = copy()
    expect((await forget(aging, { last: 3 })).size).toBe(9)
    const report = await prune({ repository: await aging.open(), maxUnused: { bytes: 0 } })
    await expectIntact(aging, { snapshots: new Set(aging.contents.keys()) })
    expect(report.bytes.freed).toBeGreaterThan(0)
    const again = await prune({ repository: await aging.open(), maxUnused: { bytes: 0 } })
    expect(again.packs).toMatchObject({ removed: 0, repacked: 0, unnamed: 0 })
    expect(again.bytes).toMatchObject({ unusedAfter: 0, freed: 0 })
    expect(again.blobs.total).toBe(again.blobs.used)
    expect(Math.abs(again.bytes.total - (report.bytes.total - report.bytes.freed))).toBeLessThan(20_000)
  })
})
