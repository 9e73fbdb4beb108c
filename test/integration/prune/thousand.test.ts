import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HexId } from '../../../src-main/engine/model/ids.ts'
import { forgetSnapshots } from '../../../src-main/engine/operations/forget/forget.ts'
import type { RetentionPolicy } from '../../../src-main/engine/operations/forget/policy.ts'
import { prune } from '../../../src-main/engine/operations/prune/prune.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { systemClock } from '../../support/system-clock.ts'
import { hasRestic, restic } from '../repository/restic.ts'
import { AgingRepository, expectIntact } from './aging-repository.ts'

const SNAPSHOTS = 1_000
const random = seededRandom(1_000)
const upTo = (limit: number): number => 1 + Math.floor(random() * limit)
const aging = new AgingRepository(3)

beforeAll(async () => {
  await aging.init()
  await aging.age(SNAPSHOTS, 20)
})
afterAll(() => {
  aging.remove()
})

interface ResticGroup {
  readonly keep: readonly { readonly id: HexId }[]
}

describe.runIf(hasRestic)('a thousand snapshots, one a day', () => {
  it('are thinned out by rules again and again as restic would, and what is kept restores as it was', async () => {
    for (let round = 0; round < 3; round++) {
      const [last, daily, weekly, monthly, yearly] = [upTo(10), upTo(60), upTo(40), upTo(30), upTo(3)]
      const policy: RetentionPolicy = { last, periods: { daily, weekly, monthly, yearly } }
      const flags = [`--keep-last=${last}`, `--keep-daily=${daily}`, `--keep-weekly=${weekly}`]
      flags.push(`--keep-monthly=${monthly}`, `--keep-yearly=${yearly}`)
      const [group] = JSON.parse(
        await restic(aging.place, ['forget', '--dry-run', '--json', ...flags]),
      ) as ResticGroup[]
      const kept = new Set((group?.keep ?? []).map(({ id }) => id))
      await forgetSnapshots({ repository: await aging.open(), policy, clock: systemClock })
      await prune({ repository: await aging.open() })
      await expectIntact(aging, { snapshots: kept })
      expect(kept.size).toBeGreaterThan(0)
    }
  })
})
