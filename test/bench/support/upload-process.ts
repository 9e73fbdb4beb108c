// Uploads packs in a process of its own, so that its peak memory is its own.
import { randomFillSync } from 'node:crypto'
import { initRepository } from '../../../src-main/engine/repository/init.ts'
import { openRepository } from '../../../src-main/engine/repository/repository.ts'
import { RepositoryWriter } from '../../../src-main/engine/repository/writer.ts'
import { createGraphDrive } from '../../../src-main/destinations/graph-drive/graph-drive.ts'
import type { DestinationStore } from '../../../src-main/engine/ports/destination-store.ts'
import { createGraphClient } from '../../../src-main/graph/client/client.ts'
import { systemClock } from '../../../src-main/graph/client/system-clock.ts'
import { createAppOnlyTokenSource } from '../../../src-main/auth/app-only-token-source.ts'
import type { SimulatorAddress } from '../../support/backup-scene.ts'
import { bytesOf, contentFrom } from '../../support/graph-simulator/services/drive/index.ts'
import { linkedDispatcher } from './linked-dispatcher.ts'
import { peakMiB } from './peak-memory.ts'

interface Order {
  readonly address: SimulatorAddress
  readonly port: number
  readonly user: string
  readonly packs: number
  readonly packBytes: number
  /** Packs on their way at the same time; 0: as the engine does it. */
  readonly parallel: number
}

const order = JSON.parse(process.env.UPLOAD ?? '{}') as Order
const { address, packs, packBytes, parallel } = order
const { graphBaseUrl, loginBaseUrl, tenantId, clientId, clientSecret } = address
const tokens = await createAppOnlyTokenSource({
  tenantId,
  clientId,
  secret: clientSecret,
  loginBaseUrl,
  graphBaseUrl,
  clock: systemClock,
})
const dispatcher = linkedDispatcher(order.port)
const client = createGraphClient({ baseUrl: graphBaseUrl, tokens, clock: systemClock, random: Math.random, dispatcher })
const drive = createGraphDrive({
  client,
  clock: systemClock,
  random: Math.random,
  place: { kind: 'onedrive', user: order.user, folder: ['Backups', 'Holdfast'] },
})
let putMs = 0
/** Adds up how long writes take: how many are on their way at the same time, on average. */
const store: DestinationStore = {
  location: drive.location,
  prepare: (signal) => drive.prepare(signal),
  put: async (name, parts, signal) => {
    const from = performance.now()
    await drive.put(name, parts, signal)
    putMs += performance.now() - from
  },
  get: (...all) => drive.get(...all),
  size: (...all) => drive.size(...all),
  list: (...all) => drive.list(...all),
  remove: (...all) => drive.remove(...all),
}
await store.prepare()

/** As the names of packs are: spread over the folders. */
function packName(number: number): string {
  const two = ((number * 97) % 256).toString(16).padStart(2, '0')
  return `data/${two}/${two}${String(number).padStart(62, '0')}`
}

/** What a backup does: contents are cut, sealed and stored as packs by the engine's threads. */
async function writeByEngine(): Promise<void> {
  const { N, r, p } = { N: 1024, r: 8, p: 1 }
  await initRepository({ store, passphrase: 'bench', key: { cost: { N, r, p } } })
  const repository = await openRepository({ store, passphrase: 'bench' })
  await repository.loadIndex()
  const writer = new RepositoryWriter(repository)
  const contentBytes = 1024 ** 2
  try {
    const added: Promise<unknown>[] = []
    for (let left = packs * packBytes; left > 0; left -= contentBytes) {
      await writer.ready()
      added.push(writer.fill(false, contentBytes, (target) => randomFillSync(target)))
    }
    await Promise.all(added)
    await writer.checkpoint()
  } finally {
    await writer.close()
  }
}

let next = 0

async function work(): Promise<void> {
  for (let number = next++; number < packs; number = next++) {
    // The server knows such a content again and need not hold it.
    const pack = bytesOf(contentFrom({ size: packBytes, seed: number + 1 }))
    await store.put(packName(number), [pack])
  }
}

putMs = 0
const before = performance.now()
if (parallel === 0) await writeByEngine()
else await Promise.all(Array.from({ length: parallel }, work))
const seconds = (performance.now() - before) / 1000
const inFlight = Number((putMs / 1000 / seconds).toFixed(2))
const { requests } = client.accounting()
let stored = 0
for await (const { size } of store.list('data')) stored += size
await client.close()
await dispatcher.close()
console.log(JSON.stringify({ seconds, requests, inFlight, stored, peakMiB: peakMiB() }))
