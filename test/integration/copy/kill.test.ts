import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HexId } from '../../../src-main/engine/model/ids.ts'
import { prune } from '../../../src-main/engine/operations/prune/prune.ts'
import { listSnapshots } from '../../../src-main/engine/repository/snapshots.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { AgingRepository, expectIntact } from '../prune/aging-repository.ts'
import { drawKillPoint, runMaintenance } from '../prune/maintenance.ts'

const rounds = Number(process.env.KILL_ROUNDS ?? 50)
const seed = Number(process.env.KILL_SEED ?? 20_261_121)
const timeout = 45 * 60_000
/** Kills in a row of one copy, before it may come to its end. */
const inSequence = 5

let source: AgingRepository

beforeAll(async () => {
  source = new AgingRepository(5)
  await source.init()
  await source.age(8, 30)
  console.log(`kill points are drawn with KILL_SEED=${String(seed)}`)
})
afterAll(() => {
  source.remove()
})

async function target(): Promise<AgingRepository> {
  const made = new AgingRepository()
  await made.init()
  return made
}

/** The copies that are there, each with what its original holds. */
async function arrived(to: AgingRepository): Promise<ReadonlySet<HexId>> {
  const { store, sealer } = await to.open()
  const { snapshots } = await listSnapshots(store, sealer)
  for (const { id, original } of snapshots) {
    const contents = original === undefined ? undefined : source.contents.get(original)
    if (contents !== undefined) to.contents.set(id, contents)
  }
  return new Set(snapshots.map(({ id }) => id))
}

test('kill -9 at random points of a copy: what arrived is whole, the next one goes on', { timeout }, async () => {
  const step = { kind: 'copy', from: source.place } as const
  const undisturbed = await target()
  const { writes } = (await runMaintenance({ place: undisturbed.place, step })) ?? { writes: 0 }
  expect((await arrived(undisturbed)).size).toBe(source.contents.size)
  await expectIntact(undisturbed, { snapshots: await arrived(undisturbed) })
  undisturbed.remove()
  const random = seededRandom(seed)
  const seen: string[] = []
  for (let killed = 0; killed < rounds;) {
    const to = await target()
    // Killed again and again, until it is quicker than its killer; then it may come to its end.
    for (let time = 0; time < inSequence && killed < rounds; time++) {
      const isDone =
        (await runMaintenance({ place: to.place, step, kill: drawKillPoint(random, writes) })) !== undefined
      if (isDone) break
      killed++
      const there = await arrived(to)
      seen.push(String(there.size))
      await expectIntact(to, { snapshots: there, judge: killed % 5 === 0 ? 'all data' : 'structure' })
    }
    await runMaintenance({ place: to.place, step })
    const there = await arrived(to)
    expect(there.size).toBe(source.contents.size)
    // What the kills left behind goes with the next prune; nothing else does.
    const { packs } = await prune({ repository: await to.open(), maxUnused: { bytes: 0 } })
    await expectIntact(to, { snapshots: there })
    seen.push(`(done, ${String(packs.unnamed)} packs were left behind)`)
    to.remove()
  }
  console.log(`snapshots there when killed: ${seen.join(' ')}`)
})
