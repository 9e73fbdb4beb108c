import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkRepository } from '../../../src-main/engine/operations/check/check.ts'
import { prune } from '../../../src-main/engine/operations/prune/prune.ts'
import { listSnapshots } from '../../../src-main/engine/repository/snapshots.ts'
import { listIds } from '../../../src-main/engine/repository/unpacked-file.ts'
import { hasRestic, restic } from '../repository/restic.ts'
import { AgingRepository, storedContents } from './aging-repository.ts'
import { runMaintenance, type MaintenanceReport, type Turn } from './maintenance.ts'

const rounds = Number(process.env.TOGETHER_ROUNDS ?? 190)
const timeout = 30 * 60_000

let aging: AgingRepository

beforeAll(async () => {
  aging = new AgingRepository()
  await aging.init()
})
afterAll(() => {
  aging.remove()
})

function run(role: 'write' | 'prune', name: string, turns: number): Promise<MaintenanceReport | undefined> {
  return runMaintenance({ place: aging.place, step: { kind: 'turns', role, name, rounds: turns } })
}

const turnsOf = (report: MaintenanceReport | undefined): readonly Turn[] => report?.turns ?? []

test('two writers and one pruner, and one killed while it prunes, leave each other alone', { timeout }, async () => {
  // Holds the repository when it is killed: the others take its lock for what it is.
  const killed = await runMaintenance({
    place: aging.place,
    step: { kind: 'forget-and-prune', keepLast: 1 },
    kill: { at: 'after', n: 1 },
  })
  expect(killed).toBeUndefined()
  expect(await listIds(aging.store, 'locks')).toHaveLength(1)
  const reports = await Promise.all([
    run('write', 'one', rounds),
    run('write', 'two', rounds),
    run('prune', '', rounds),
  ])
  const [one, two, pruned] = reports.map(turnsOf)
  const writing = [...(one ?? []), ...(two ?? [])]
  expect(writing).toHaveLength(2 * rounds)
  const overlap = writing.filter((turn) => pruned?.some((other) => other.from < turn.to && turn.from < other.to))
  expect(overlap).toEqual([])
  const removed = new Set(pruned?.flatMap((turn) => turn.removed))
  const expected = new Set(writing.flatMap(({ made }) => made).filter((id) => !removed.has(id)))
  const repository = await aging.open()
  const { snapshots } = await listSnapshots(repository.store, repository.sealer)
  expect(new Set(snapshots.map(({ id }) => id))).toEqual(expected)
  expect((await checkRepository({ repository, readData: true })).findings).toEqual([])
  for (const { tree } of snapshots) expect(Object.keys(await storedContents(repository, tree))).toHaveLength(12)
  expect(await listIds(aging.store, 'locks')).toEqual([])
  const { packs } = await prune({ repository, dryRun: true })
  expect(packs.unnamed).toBe(0)
  if (hasRestic) await restic(aging.place, ['check', '--read-data'])
  console.log(`${String(removed.size)} of ${String(writing.length)} snapshots were forgotten meanwhile`)
})
