// A drive of a hundred thousand files and one of 4 GB, through the whole engine: npm run bench:drive
import { resolveSnapshot } from '../../src-main/engine/repository/snapshots.ts'
import type { BackupReport } from '../../src-main/engine/operations/backup/model.ts'
import { restoreToTenant } from '../../src-main/engine/operations/restore/to-tenant.ts'
import type { Root } from '../../src-main/engine/ports/data-type.ts'
import { driveDescriber, driveReader } from '../../src-main/graph/drive/reader.ts'
import { driveRestorer } from '../../src-main/graph/drive/restorer.ts'
import { userDriveId, userDrives } from '../../src-main/graph/drive/user-drives.ts'
import { plainRestore } from '../support/adapter-round.ts'
import { BackupScene, sceneClient } from '../support/backup-scene.ts'
import { spawnGraphSimulator } from '../support/graph-simulator/index.ts'
import { peakMiB } from './support/peak-memory.ts'

const user = 'large@contoso.example'
const other = 'other@contoso.example'
const files = Number(process.env.BENCH_FILES ?? 100_000)
const largeBytes = Number(process.env.BENCH_LARGE_BYTES ?? 4 * 1024 ** 3)
const folders = 100
const limitMiB = 512

const signal = new AbortController().signal
/** The pace that Graph allows would take hours; what counts here is not time at Graph. */
const unlimited = { concurrency: 8, budgets: [] }

const simulator = await spawnGraphSimulator({
  tenant: [
    { kind: 'inline', users: [user, other].map((userPrincipalName) => ({ userPrincipalName })) },
    {
      kind: 'drive',
      user,
      folders: Array.from({ length: folders }, (_, index) => ({
        path: `Top/Folder ${String(index)}`,
        count: files / folders,
        size: 400,
        seed: index * files,
      })),
    },
    { kind: 'drive', user: other },
  ],
  log: { keep: 'counters' },
  throttling: { requestsPerWindow: Number.MAX_SAFE_INTEGER },
})
const client = await sceneClient(simulator, { limits: { pools: { drive: unlimited, content: unlimited } } })
const scene = new BackupScene(undefined, undefined, [driveDescriber])
const roots: Root[] = []
for (const { id, userPrincipalName: name } of await simulator.tenant.users()) roots.push({ kind: 'user', id, name })
const [root, target] = [user, other].map((name) => roots.find((one) => one.name === name))

interface Run {
  readonly report: BackupReport
  readonly requests: number
  readonly seconds: number
}

/** Requests to Graph while the work is done, without signing in. */
async function counted(work: () => Promise<unknown>): Promise<number> {
  await simulator.log.clear()
  await work()
  const signIns = await simulator.log.count({ route: '{tenant}/token' })
  return (await simulator.log.count({})) - signIns
}

async function run(name: string): Promise<Run> {
  if (root === undefined) throw new Error('no user')
  const start = performance.now()
  const reports: BackupReport[] = []
  const requests = await counted(async () => {
    const reader = driveReader(client, { folder: driveDescriber.folder, drives: userDrives(client) })
    reports.push(await scene.backUp(client, { roots: [root], readers: [reader] }))
  })
  const seconds = (performance.now() - start) / 1000
  const [report] = reports
  if (report === undefined) throw new Error('no report')
  const { changed, contentRead } = report
  console.log(
    `${name}: ${requests} requests, ${changed} changed, ${contentRead} contents read, ${seconds.toFixed(1)} s, peak ${peakMiB()} MiB`,
  )
  expect(report.unread.length + report.notRefreshed.length === 0, 'the run was not complete')
  return { report, requests, seconds }
}

/** The large file into the drive of another user. */
async function restoreLarge(): Promise<number> {
  if (root === undefined || target === undefined) throw new Error('no user')
  const repository = await scene.open()
  const { tree } = await resolveSnapshot(repository.store, repository.sealer, 'latest')
  const start = performance.now()
  const { created, failures } = await restoreToTenant({
    ...plainRestore,
    repository,
    tree,
    paths: [`users/${root.name}/onedrive/OneDrive/files/large.bin`],
    target,
    restorers: [driveRestorer(client, { folder: driveDescriber.folder, drive: userDriveId(client) })],
    describers: [driveDescriber],
    signal,
  })
  expect(created === 1, `the large file was not restored: ${JSON.stringify(failures)}`)
  const seconds = (performance.now() - start) / 1000
  console.log(`large file restored in ${seconds.toFixed(1)} s, peak ${peakMiB()} MiB`)
  return seconds
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

try {
  await scene.init()
  console.log(`${files} files in ${folders} folders, then one of ${largeBytes} bytes`)
  const first = await run('first run')
  expect(first.report.contentRead === files, 'not all files were read')
  const unchanged = await run('unchanged')
  await simulator.drives.rename(user, 'Top', 'Renamed')
  const renamed = await run('renamed top folder')
  expect(renamed.report.contentRead === 0, 'a renamed folder made contents be read')
  await simulator.drives.addFile(user, 'large.bin', { size: largeBytes, seed: 1 })
  const large = await run('large file')
  expect(large.report.contentBytes === largeBytes, 'the large file is not all there')
  const restoreSeconds = await restoreLarge()
  const figures = {
    requestsPerFile: Number((first.requests / files).toFixed(4)),
    unchangedRequests: unchanged.requests,
    renamedRequests: renamed.requests,
    largeMiBPerSecond: Math.round(largeBytes / 1024 ** 2 / large.seconds),
    restoreMiBPerSecond: Math.round(largeBytes / 1024 ** 2 / restoreSeconds),
    peakMiB: peakMiB(),
  }
  console.log(JSON.stringify(figures))
  expect(figures.requestsPerFile <= 1.01, 'more than 1.01 requests per file')
  expect(figures.unchangedRequests === 1 && figures.renamedRequests === 1, 'more than one request for nothing')
  expect(figures.peakMiB < limitMiB, `more than ${limitMiB} MiB`)
} finally {
  await client.close()
  await simulator.close()
  scene.remove()
}
