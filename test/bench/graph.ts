// Requests, throughput and manners of a run at a Graph that takes 50 ms for everything: npm run bench:graph
import { BackupScene, sceneClient } from '../support/backup-scene.ts'
import { spawnGraphSimulator, type LogEntry, type SpawnedSimulator } from '../support/graph-simulator/index.ts'
import { realMailbox } from './support/graph-mailbox.ts'
import { changeMailbox } from './support/mixed-changes.ts'
import { throttledRun } from './support/throttled-run.ts'

const user = 'ada@contoso.example'
const messages = Number(process.env.BENCH_MESSAGES ?? 3_200)
const folders = 30
const latencyMs = 50
const inFlight = 4

interface Run {
  readonly seconds: number
  /** HTTP requests to Graph; those of the sign-in are not among them. */
  readonly requests: number
  /** Requests inside batches, which come on top. */
  readonly members: number
  readonly contentReads: number
}

/** One run of a process that knows nothing: sign-in, opening, reading, snapshot. */
async function run(simulator: SpawnedSimulator, scene: BackupScene): Promise<Run> {
  await simulator.log.clear()
  const client = await sceneClient(simulator)
  const start = performance.now()
  const report = await scene.backUp(client)
  const seconds = (performance.now() - start) / 1000
  await client.close()
  if (report.unread.length > 0 || report.notRefreshed.length > 0) throw new Error('the run was not complete')
  return { seconds, ...requestCounts(await simulator.log.entries()) }
}

function requestCounts(entries: readonly LogEntry[]): Omit<Run, 'seconds'> {
  const graph = entries.filter(({ path }) => path.startsWith('/v1.0/'))
  const members = graph.filter(({ batched }) => batched).length
  return { requests: graph.length - members, members, contentReads: graph.filter(({ content }) => content).length }
}

function print(name: string, { seconds, requests, members, contentReads }: Run): void {
  const figures = `${seconds.toFixed(1)} s, ${requests} requests (and ${members} inside batches), ${contentReads} contents`
  console.log(`${name}: ${figures}`)
}

async function measure(simulator: SpawnedSimulator, scene: BackupScene): Promise<Record<string, number>> {
  const first = await run(simulator, scene)
  print('first snapshot', first)
  if (first.contentReads !== messages) throw new Error(`${first.contentReads} contents read of ${messages} messages`)
  const ideal = (first.requests * latencyMs) / inFlight / 1000
  console.log(`ideal with ${inFlight} in flight: ${ideal.toFixed(1)} s`)
  const unchanged = await run(simulator, scene)
  print('unchanged', unchanged)
  if (unchanged.contentReads > 0) throw new Error('contents were read although nothing had changed')
  const counts = { added: 30, moved: 20, deleted: 15, flagged: 15, read: 10, categorised: 10 }
  const changes = await changeMailbox(simulator, user, counts)
  const changed = await run(simulator, scene)
  print(`${changes} changes`, changed)
  if (changed.contentReads !== counts.added) throw new Error(`${changed.contentReads} contents read`)
  return {
    requestsPerMessage: rounded(first.requests / messages, 4),
    unchangedRequests: unchanged.requests,
    hundredChangesRequests: changed.requests,
    throughputShare: rounded(ideal / first.seconds, 3),
    maxInFlight: await simulator.controls.maxInFlight(user),
  }
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

const simulator = await spawnGraphSimulator({ tenant: realMailbox({ user, messages, folders }), latencyMs })
const scene = new BackupScene()
try {
  console.log(`${messages} real mails in ${folders} folders, ${latencyMs} ms per request`)
  await scene.init()
  const figures = await measure(simulator, scene)
  console.log(JSON.stringify({ ...figures, ...(await throttledRun()) }))
} finally {
  scene.remove()
  await simulator.close()
}
