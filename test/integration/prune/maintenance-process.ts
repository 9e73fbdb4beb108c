// Forget and prune, a copy, or writing and pruning in turn: in a process of its own, which may end itself with SIGKILL.
import { setTimeout as delay } from 'node:timers/promises'
import { createLocalFolder } from '../../../src-main/destinations/local-folder/local-folder.ts'
import { copySnapshots } from '../../../src-main/engine/operations/copy/copy-snapshots.ts'
import { forgetSnapshots } from '../../../src-main/engine/operations/forget/forget.ts'
import { prune } from '../../../src-main/engine/operations/prune/prune.ts'
import type { Clock } from '../../../src-main/engine/ports/clock.ts'
import type { DestinationStore } from '../../../src-main/engine/ports/destination-store.ts'
import type { HeldLock } from '../../../src-main/engine/repository/lock-watch.ts'
import { acquireLock } from '../../../src-main/engine/repository/locks.ts'
import { openRepository, type OpenRepository } from '../../../src-main/engine/repository/repository.ts'
import { saveSnapshot } from '../../../src-main/engine/repository/snapshots.ts'
import { RepositoryWriter } from '../../../src-main/engine/repository/writer.ts'
import { storeFolder, type Spec } from '../../unit/engine/operations/snapshot-scene.ts'
import { noise } from '../../unit/engine/repository/writer-scene.ts'
import type { MaintenanceOptions, MaintenanceReport, Turn } from './maintenance.ts'

const options = JSON.parse(process.env.MAINTENANCE ?? '') as MaintenanceOptions
let writes = 0

/** Time as it is, but waiting for a lock is shorter. */
const clock: Clock = {
  now: () => Date.now(),
  wait: async (milliseconds, signal) => {
    await delay(milliseconds / 20, undefined, signal === undefined ? {} : { signal })
  },
}

function die(): never {
  process.kill(process.pid, 'SIGKILL')
  // The signal is on its way.
  for (;;);
}

/** Dies around the n-th file that is written or removed. */
function deadly(store: DestinationStore): DestinationStore {
  const { kill } = options
  const write = async (work: () => Promise<void>): Promise<void> => {
    const isLast = ++writes === kill?.n
    if (isLast && kill.at === 'before') die()
    const done = work()
    if (isLast && kill.at === 'in') setImmediate(die)
    await done
    if (isLast && kill.at === 'after') die()
  }
  return {
    location: store.location,
    prepare: (signal) => store.prepare(signal),
    put: (name, parts, signal) => write(() => store.put(name, parts, signal)),
    get: (name, range, signal, memory) => store.get(name, range, signal, memory),
    size: (name, signal) => store.size(name, signal),
    list: (folder, signal) => store.list(folder, signal),
    remove: (name, signal) => write(() => store.remove(name, signal)),
  }
}

const open = (place: string): Promise<OpenRepository> =>
  openRepository({ store: deadly(createLocalFolder(place)), passphrase: options.passphrase })

async function locked<T>(
  { store, sealer }: OpenRepository,
  exclusive: boolean,
  work: (lock: HeldLock) => Promise<T>,
): Promise<T> {
  const lock = await acquireLock({ store, sealer, clock, exclusive, retryFor: 10 * 60_000 })
  try {
    return await work(lock)
  } finally {
    await lock.release()
  }
}

async function forgetAndPrune(
  repository: OpenRepository,
  lock: HeldLock,
  keepLast: number,
): Promise<readonly string[]> {
  const confirmLock = (): Promise<void> => lock.confirm()
  const policy = { last: keepLast }
  const { removed } = await forgetSnapshots({ repository, policy, clock, countBytes: false, confirmLock })
  await prune({ repository, maxUnused: { bytes: 0 }, packSize: 100_000, confirmLock })
  return removed
}

async function copy(from: OpenRepository, to: OpenRepository): Promise<void> {
  await locked(from, false, () =>
    locked(to, false, async (lock) => {
      const confirmLock = (): Promise<void> => lock.confirm()
      const report = await copySnapshots({ from, to, packSize: 100_000, checkpointBytes: 300_000, confirmLock })
      if (report.failed.length > 0) throw new Error('a snapshot was not copied')
    }),
  )
}

/** A snapshot of some files that are its own and some that others have, too. */
async function writeOne(repository: OpenRepository, name: string, round: number): Promise<string> {
  await repository.loadIndex()
  const files: Record<string, Uint8Array> = {}
  for (let i = 0; i < 6; i++) files[`own ${String(i)}`] = noise(15_000, `${name} ${String(round)} ${String(i)}`)
  for (let i = 0; i < 6; i++) files[`shared ${String(i)}`] = noise(15_000, `shared ${String(round + i)}`)
  const writer = new RepositoryWriter(repository, { packSize: 60_000 }, 1)
  try {
    const tree = await storeFolder(writer, { [name]: files } satisfies Spec)
    await writer.checkpoint()
    const fields = { time: new Date().toISOString(), tree, paths: [`/${name}`], hostname: name, username: 'test' }
    return await saveSnapshot(repository.store, repository.sealer, fields)
  } finally {
    await writer.close()
  }
}

/** Takes turns with other processes; each turn works on the repository as it is then. */
async function takeTurns(role: 'write' | 'prune', name: string, rounds: number): Promise<readonly Turn[]> {
  const turns: Turn[] = []
  for (let round = 0; round < rounds; round++) {
    const repository = await open(options.place)
    const turn = await locked(repository, role === 'prune', async (lock) => {
      const from = Number(process.hrtime.bigint())
      const made = role === 'write' ? [await writeOne(repository, name, round)] : []
      const removed = role === 'prune' ? await forgetAndPrune(repository, lock, 2) : []
      return { from, to: Number(process.hrtime.bigint()), made, removed }
    })
    turns.push(turn)
  }
  return turns
}

const turns: Turn[] = []
const { step } = options
if (step.kind === 'forget-and-prune') {
  const repository = await open(options.place)
  await locked(repository, true, (lock) => forgetAndPrune(repository, lock, step.keepLast))
} else if (step.kind === 'copy') await copy(await open(step.from), await open(options.place))
else turns.push(...(await takeTurns(step.role, step.name, step.rounds)))
const report: MaintenanceReport = { writes, turns }
console.log(JSON.stringify(report))
