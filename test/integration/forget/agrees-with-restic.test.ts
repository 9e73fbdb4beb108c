import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forgetSnapshots } from '../../../src-main/engine/operations/forget/forget.ts'
import { prune } from '../../../src-main/engine/operations/prune/prune.ts'
import { listSnapshots } from '../../../src-main/engine/repository/snapshots.ts'
import type { HexId } from '../../../src-main/engine/model/ids.ts'
import { systemClock } from '../../support/system-clock.ts'
import { AgingRepository, expectIntact } from '../prune/aging-repository.ts'
import { hasRestic, restic } from '../repository/restic.ts'

let original: AgingRepository
const copies: AgingRepository[] = []

beforeAll(async () => {
  original = new AgingRepository(17)
  await original.init()
  await original.age(15)
})
afterAll(() => {
  for (const one of [original, ...copies]) one.remove()
})

function copy(): AgingRepository {
  const made = original.copy()
  copies.push(made)
  return made
}

async function idsIn(aging: AgingRepository): Promise<ReadonlySet<HexId>> {
  const { store, sealer } = await aging.open()
  return new Set((await listSnapshots(store, sealer)).snapshots.map(({ id }) => id))
}

const none = { years: 0, months: 0, days: 0, hours: 0 }

describe.runIf(hasRestic)('forget and prune', () => {
  it.each([
    { policy: { last: 1 }, flags: ['--keep-last=1'] },
    { policy: { periods: { weekly: 2, monthly: 3 } }, flags: ['--keep-weekly=2', '--keep-monthly=3'] },
    { policy: { within: { ...none, days: 4 }, last: 2 }, flags: ['--keep-within=4d', '--keep-last=2'] },
  ] as const)('keep what restic keeps and as little else: $flags', async ({ policy, flags }) => {
    const [ours, theirs] = [copy(), copy()]
    await forgetSnapshots({ repository: await ours.open(), policy, clock: systemClock })
    const report = await prune({ repository: await ours.open(), maxUnused: { bytes: 0 } })
    await restic(theirs.place, ['forget', ...flags, '--prune', '--max-unused=0'])
    const kept = await idsIn(theirs)
    expect(await idsIn(ours)).toEqual(kept)
    for (const id of original.contents.keys()) if (!kept.has(id)) ours.contents.delete(id)
    await expectIntact(ours, { snapshots: kept })
    // Neither finds anything to do after the other.
    const after = await prune({ repository: await theirs.open(), dryRun: true, maxUnused: { bytes: 0 } })
    expect(after).toMatchObject({ packs: { removed: 0, unnamed: 0 }, bytes: { unusedAfter: 0 } })
    expect(after.blobs.total).toBe(report.blobs.used)
    expect(after.blobs.used).toBe(report.blobs.used)
    const said = await restic(ours.place, ['prune', '--dry-run', '--max-unused=0'])
    // (It may want to put small packs together.)
    expect(said).toMatch(/this removes: +0 blobs/)
    expect(said).toMatch(/total prune: +0 blobs/)
    expect(said).toMatch(/unused size after prune: 0 B/)
  })

  it('works on a repository that restic has pruned, and the other way round', async () => {
    const aging = copy()
    for (const [round, keep] of [10, 7, 4, 2].entries()) {
      if (round % 2 === 0) await restic(aging.place, ['forget', `--keep-last=${String(keep)}`, '--prune'])
      else {
        const policy = { last: keep }
        await forgetSnapshots({ repository: await aging.open(), policy, clock: systemClock })
        await prune({ repository: await aging.open() })
      }
      const kept = new Set([...original.contents.keys()].slice(-keep))
      for (const id of [...aging.contents.keys()]) if (!kept.has(id)) aging.contents.delete(id)
      await expectIntact(aging, { snapshots: kept })
    }
  })
})
