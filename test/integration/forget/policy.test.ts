import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  applyPolicy,
  isEmptyPolicy,
  periods,
  type RetentionPolicy,
  type Span,
} from '../../../src-main/engine/operations/forget/policy.ts'
import type { SavedSnapshot } from '../../../src-main/engine/model/snapshot.ts'
import { listSnapshots, saveSnapshot } from '../../../src-main/engine/repository/snapshots.ts'
import { BackupScene, PASSPHRASE } from '../../support/backup-scene.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { hasRestic, restic } from '../repository/restic.ts'

const random = seededRandom(20_261_121)
const below = (limit: number): number => Math.floor(random() * limit)
const DAY = 86_400_000
const end = Date.UTC(2026, 10, 21, 12)

const scene = new BackupScene()
let snapshots: readonly SavedSnapshot[]

/** Different moments of three years, many on the same day or in the same hour. */
function moments(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => {
    const time = new Date(end - below(3 * 365) * DAY - below(4) * 3_600_000 - at)
    const offset = below(4)
    if (offset > 1) return time.toISOString()
    const zone = offset === 0 ? 2 : -5
    const wall = new Date(time.getTime() + zone * 3_600_000).toISOString().slice(0, -1)
    return `${wall}${zone > 0 ? '+' : '-'}0${Math.abs(zone)}:00`
  })
}

beforeAll(async () => {
  await scene.init()
  const { store, sealer } = await scene.open()
  const tree = 'a'.repeat(64) as SavedSnapshot['tree']
  for (const time of moments(1_000)) {
    const tags = below(10) === 0 ? ['holdfast', 'kept'] : ['holdfast']
    await saveSnapshot(store, sealer, { time, tree, paths: ['/users'], hostname: 'contoso', username: 'ada', tags })
  }
  snapshots = (await listSnapshots(store, sealer)).snapshots
})
afterAll(() => {
  scene.remove()
})

function span(): Span {
  return { years: below(2), months: below(12), days: below(40), hours: below(30) }
}

function randomPolicy(): RetentionPolicy {
  const count = () => (below(8) === 0 ? ('all' as const) : below(30))
  const some = <T>(make: () => T) =>
    Object.fromEntries(periods.flatMap((one) => (below(3) === 0 ? [[one, make()]] : [])))
  return {
    ...(below(3) === 0 ? { last: below(20) } : {}),
    ...(below(5) === 0 ? { within: span() } : {}),
    ...(below(6) === 0 ? { tags: [['kept', 'holdfast']] } : {}),
    periods: some(count),
    periodsWithin: below(2) === 0 ? some(span) : {},
  }
}

const spanArgument = ({ years, months, days, hours }: Span): string => `${years}y${months}m${days}d${hours}h`

function resticArguments({
  last,
  within,
  tags = [],
  periods: counts = {},
  periodsWithin = {},
}: RetentionPolicy): string[] {
  return [
    ...(last === undefined ? [] : [`--keep-last=${last}`]),
    ...(within === undefined ? [] : [`--keep-within=${spanArgument(within)}`]),
    ...tags.map((list) => `--keep-tag=${list.join(',')}`),
    ...Object.entries(counts).map(([period, count]) => `--keep-${period}=${count === 'all' ? 1_000_000 : count}`),
    ...Object.entries(periodsWithin).map(([period, one]) => `--keep-within-${period}=${spanArgument(one)}`),
  ]
}

interface ResticGroup {
  readonly keep: readonly { readonly id: string }[]
}

describe.runIf(hasRestic)('a retention policy', () => {
  it.each(Array.from({ length: 25 }, (_, at) => at))('keeps the snapshots that restic keeps, policy %i', async () => {
    let policy = randomPolicy()
    while (isEmptyPolicy(policy)) policy = randomPolicy()
    const command = ['forget', '--dry-run', '--json', ...resticArguments(policy)]
    const [group] = JSON.parse(await restic(scene.repository, command, { passphrase: PASSPHRASE })) as ResticGroup[]
    const { keep, remove } = applyPolicy(snapshots, policy, Date.now())
    expect(keep.map(({ snapshot }) => snapshot.id).sort(), JSON.stringify(policy)).toEqual(
      (group?.keep ?? []).map(({ id }) => id).sort(),
    )
    expect(keep.length + remove.length).toBe(1_000)
  })
})
