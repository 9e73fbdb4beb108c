import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HexId } from '../../../src-main/engine/model/ids.ts'
import { prune } from '../../../src-main/engine/operations/prune/prune.ts'
import { listSnapshots } from '../../../src-main/engine/repository/snapshots.ts'
import { listIds } from '../../../src-main/engine/repository/unpacked-file.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { AgingRepository, expectIntact } from './aging-repository.ts'
import { drawKillPoint, runMaintenance } from './maintenance.ts'

const rounds = Number(process.env.KILL_ROUNDS ?? 50)
const seed = Number(process.env.KILL_SEED ?? 20_261_121)
const timeout = 45 * 60_000
const days = 9
const keepLast = 3
const step = { kind: 'forget-and-prune', keepLast } as const

let original: AgingRepository
let kept: ReadonlySet<HexId>

beforeAll(async () => {
  original = new AgingRepository(3)
  await original.init()
  await original.age(days, 30)
  kept = new Set([...original.contents.keys()].slice(-keepLast))
  console.log(`kill points are drawn with KILL_SEED=${String(seed)}`)
})
afterAll(() => {
  original.remove()
})

async function snapshotsOf(aging: AgingRepository): Promise<ReadonlySet<HexId>> {
  const { store, sealer } = await aging.open()
  return new Set((await listSnapshots(store, sealer)).snapshots.map(({ id }) => id))
}

/** Nothing is left to do for a prune, and no lock behind. */
async function expectClean(aging: AgingRepository): Promise<void> {
  const { packs, blobs, bytes } = await prune({ repository: await aging.open(), dryRun: true, maxUnused: { bytes: 0 } })
  expect({ ...packs, total: 0 }).toEqual({ total: 0, removed: 0, repacked: 0, unnamed: 0 })
  expect(blobs).toEqual({ total: blobs.used, used: blobs.used, duplicates: 0 })
  expect(bytes).toMatchObject({ freed: 0, unusedAfter: 0 })
  expect(await listIds(aging.store, 'locks')).toEqual([])
}

test('kill -9 at random points of forget and prune: nothing is lost, the next run cleans up', { timeout }, async () => {
  const undisturbed = original.copy()
  const { writes } = (await runMaintenance({ place: undisturbed.place, step })) ?? { writes: 0 }
  await expectIntact(undisturbed, { snapshots: kept })
  await expectClean(undisturbed)
  undisturbed.remove()
  const random = seededRandom(seed)
  let killed = 0
  const left: string[] = []
  for (let round = 0; round < rounds; round++) {
    const aging = original.copy()
    const kill = drawKillPoint(random, writes)
    if ((await runMaintenance({ place: aging.place, step, kill })) === undefined) killed++
    const there = await snapshotsOf(aging)
    left.push(`${kill.at} ${String(kill.n)}/${String(writes)}: ${String(there.size)}`)
    expect([...kept].filter((id) => !there.has(id))).toEqual([])
    await expectIntact(aging, { snapshots: there, judge: round % 5 === 0 ? 'all data' : 'structure' })
    await runMaintenance({ place: aging.place, step })
    await expectIntact(aging, { snapshots: kept, judge: round % 5 === 0 ? 'all data' : 'nobody' })
    await expectClean(aging)
    aging.remove()
  }
  console.log(`snapshots left when killed: ${left.join(', ')}`)
  // Most points hit, or this test shows nothing.
  expect(killed).toBeGreaterThan(rounds * 0.8)
})
