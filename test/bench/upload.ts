// A gigabyte of packs into a drive, over a line of 200 Mbit/s with 50 ms from question to answer: npm run bench:upload
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { spawnGraphSimulator } from '../support/graph-simulator/index.ts'
import { startLink } from './support/link.ts'

const user = 'backups@contoso.example'
const packBytes = 16 * 1024 ** 2
const packs = Number(process.env.BENCH_PACKS ?? 64)
/** Packs on their way at the same time. 0: through the engine, which has one for each of its threads. */
const parallel = Number(process.env.BENCH_PARALLEL ?? 4)
const bitsPerSecond = 200_000_000
const roundTripMs = 50
const limits = { lineShare: 0.9, peakMiB: 512 }

const simulator = await spawnGraphSimulator({
  tenant: [
    { kind: 'inline', users: [{ userPrincipalName: user }] },
    { kind: 'drive', user },
  ],
  log: { keep: 'counters' },
})
const link = await startLink({
  port: Number(new URL(simulator.graphBaseUrl).port),
  bytesPerSecond: bitsPerSecond / 8,
  delayMs: roundTripMs / 2,
})
const { graphBaseUrl, loginBaseUrl, tenantId, clientId, clientSecret } = simulator
const order = {
  address: { graphBaseUrl, loginBaseUrl, tenantId, clientId, clientSecret },
  port: Number(new URL(link.origin).port),
  user,
  packs,
  packBytes,
  parallel,
}
const file = join(import.meta.dirname, 'support/upload-process.ts')
const env = { ...process.env, UPLOAD: JSON.stringify(order) }
const { stdout } = await promisify(execFile)(process.execPath, [file], { env })
await link.close()
await simulator.close()

const measured = JSON.parse(stdout) as Readonly<
  Record<'seconds' | 'requests' | 'inFlight' | 'stored' | 'peakMiB', number>
>
const { seconds, requests, inFlight, stored, peakMiB } = measured
const lineShare = Number(((packs * packBytes * 8) / bitsPerSecond / seconds).toFixed(3))
console.log(JSON.stringify({ lineShare, peakMiB, seconds: Number(seconds.toFixed(1)), requests, packs, inFlight }))
if (stored < packs * packBytes || lineShare < limits.lineShare || peakMiB > limits.peakMiB) {
  console.error(`wanted: all stored, a share of ${limits.lineShare} or more, at most ${limits.peakMiB} MiB`)
  process.exitCode = 1
}
