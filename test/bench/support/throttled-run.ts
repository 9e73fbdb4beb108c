import { BackupScene, sceneClient } from '../../support/backup-scene.ts'
import { spawnGraphSimulator } from '../../support/graph-simulator/index.ts'
import { realMailbox } from './graph-mailbox.ts'
import { WireTimes } from './wire-times.ts'

const users = ['ada@contoso.example', 'bruno@contoso.example', 'chloe@contoso.example']
const latencyMs = 20
/** A 429 is written so long after the simulator decided on it; what arrives up to 20 ms later was on its way. */
const graceMs = latencyMs + 20

/**
 * A run against mailboxes that let through some 50 requests and then close for a second or two, told in seconds and as
 * a date, with 429 and with 503. Gives the number of requests that did not wait.
 */
export async function throttledRun(): Promise<{ readonly earlyRetries: number }> {
  const simulator = await spawnGraphSimulator({
    tenant: users.map((user, index) => realMailbox({ user, messages: 150, folders: 12, skip: index * 150 })),
    latencyMs,
    throttling: {
      requestsPerWindow: 50,
      windowMs: 20_000,
      retryAfterSeconds: 1,
      retryAfterForm: 'alternate',
      serviceUnavailableEvery: 3,
      graceMs,
    },
  })
  const scene = new BackupScene()
  const wire = new WireTimes()
  try {
    await scene.init()
    const client = await sceneClient(simulator)
    wire.start()
    const report = await scene.backUp(client)
    const { throttledMs } = client.accounting()
    await client.close()
    if (report.contentRead !== users.length * 150) throw new Error(`only ${report.contentRead} contents read`)
    const suspects = await simulator.throttling.earlyRequests()
    const early = suspects.filter(({ pool, arrivedAt }) => wire.leftTooEarly(pool.split(':')[1] ?? '', arrivedAt))
    const throttled = await simulator.throttling.throttled()
    if (throttled < users.length * 2) throw new Error('the throttled run was hardly throttled')
    console.log(
      `throttled: ${users.length} mailboxes, ${throttled} refusals, ${(throttledMs / 1000).toFixed(1)} s of waiting, ` +
        `${early.length} requests too early, ${suspects.length - early.length} more had left before the refusal was read`,
    )
    return { earlyRetries: early.length }
  } finally {
    wire.stop()
    scene.remove()
    await simulator.close()
  }
}
