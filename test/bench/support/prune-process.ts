// A process of its own for each measured step, as restic is one: start, key, index and all.
import { createLocalFolder } from '../../../src-main/destinations/local-folder/local-folder.ts'
import { prune } from '../../../src-main/engine/operations/prune/prune.ts'
import { initRepository } from '../../../src-main/engine/repository/init.ts'
import { acquireLock } from '../../../src-main/engine/repository/locks.ts'
import { openRepository } from '../../../src-main/engine/repository/repository.ts'
import { listSnapshots, removeSnapshot } from '../../../src-main/engine/repository/snapshots.ts'
import { snapshotFolder } from '../../support/folder-snapshot.ts'
import { systemClock } from '../../support/system-clock.ts'
import { peakMiB } from './peak-memory.ts'

const [step = '', place = '', folder = ''] = process.argv.slice(2)
const passphrase = process.env.HOLDFAST_PASSPHRASE ?? ''
const store = createLocalFolder(place)

async function run(): Promise<object> {
  if (step === 'init') {
    await initRepository({ store, passphrase })
    return {}
  }
  const repository = await openRepository({ store, passphrase })
  if (step === 'snapshot') {
    await repository.loadIndex()
    return snapshotFolder(repository, folder)
  }
  if (step === 'forget') {
    const { snapshots } = await listSnapshots(store, repository.sealer)
    const gone = snapshots.filter((_, at) => at % 2 === 0)
    for (const { id } of gone) await removeSnapshot(store, id)
    return { forgotten: gone.length }
  }
  const lock = await acquireLock({ store, sealer: repository.sealer, clock: systemClock, exclusive: true })
  try {
    const { packs, bytes } = await prune({ repository, confirmLock: () => lock.confirm() })
    return { ...packs, repackedBytes: bytes.repacked, freed: bytes.freed }
  } finally {
    await lock.release()
  }
}

const figures = await run()
console.log(JSON.stringify({ ...figures, peakMiB: peakMiB() }))
