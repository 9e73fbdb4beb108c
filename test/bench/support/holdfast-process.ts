// A process of its own for each measured step, as restic is one: start, key, index and all.
import { createLocalFolder } from '../../../src-main/destinations/local-folder/local-folder.ts'
import { checkRepository } from '../../../src-main/engine/operations/check/check.ts'
import { restoreToFolder } from '../../../src-main/engine/operations/restore/to-folder.ts'
import { initRepository } from '../../../src-main/engine/repository/init.ts'
import { openRepository } from '../../../src-main/engine/repository/repository.ts'
import { resolveSnapshot } from '../../../src-main/engine/repository/snapshots.ts'
import { scanFolder, snapshotFolder } from '../../support/folder-snapshot.ts'
import { peakMiB } from './peak-memory.ts'

const [step = '', place = '', folder = '', option = ''] = process.argv.slice(2)
const passphrase = process.env.HOLDFAST_PASSPHRASE ?? ''
const store = createLocalFolder(place)

async function run(): Promise<object> {
  if (step === 'init') {
    await initRepository({ store, passphrase })
    return {}
  }
  // Looking through the folder needs no key: it is done while the key is derived.
  const scanning = step === 'backup' ? scanFolder(folder) : undefined
  const repository = await openRepository({ store, passphrase })
  if (step === 'check') {
    const report = await checkRepository({ repository, readData: true })
    if (report.findings.length > 0) throw new Error(`check found ${JSON.stringify(report.findings[0])}`)
    return { packs: report.packs, blobs: report.blobs, bytes: report.bytesRead }
  }
  await repository.loadIndex()
  if (scanning !== undefined) return snapshotFolder(repository, await scanning, { selfCheck: option !== 'unchecked' })
  const { tree } = await resolveSnapshot(repository.store, repository.sealer, 'latest')
  const report = await restoreToFolder({ repository, tree, paths: [], target: folder })
  if (report.findings.length > 0) throw new Error(`restore found ${JSON.stringify(report.findings[0])}`)
  return { files: report.files, bytes: report.bytes }
}

const figures = await run()
// Kilobytes, the whole process with its threads.
console.log(JSON.stringify({ ...figures, peakMiB: peakMiB() }))
