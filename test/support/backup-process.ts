// A backup in a process of its own, which ends itself with SIGKILL at a point that it is told.
import { sceneClient, BackupScene, type SimulatorAddress } from './backup-scene.ts'
import type { Clock } from '../../src-main/engine/ports/clock.ts'
import type { DestinationStore } from '../../src-main/engine/ports/destination-store.ts'
import { systemClock } from './system-clock.ts'

/** Where the process dies: at its n-th request to Graph, or around its n-th file at the destination. */
export interface KillPoint {
  readonly at: 'request' | 'before-put' | 'in-put' | 'after-put'
  readonly n: number
}

export interface BackupProcessOptions {
  readonly folder: string
  readonly address: SimulatorAddress
  readonly kill?: KillPoint
}

/** What a run that came to its end prints. */
export interface BackupProcessReport {
  readonly tree: string
  readonly requests: number
  readonly puts: number
  readonly contentRead: number
  readonly items: number
  readonly problems: number
}

const { folder, address, kill } = JSON.parse(process.env.BACKUP_PROCESS ?? '') as BackupProcessOptions
const counts = { request: 0, puts: 0 }

function die(): never {
  process.kill(process.pid, 'SIGKILL')
  // The signal is on its way.
  for (;;);
}

/** Dies around the n-th put. In the middle of it: once it has begun to write. */
function deadly(store: DestinationStore): DestinationStore {
  return {
    location: store.location,
    prepare: (signal) => store.prepare(signal),
    put: async (name, parts, signal) => {
      const isLast = ++counts.puts === kill?.n
      if (isLast && kill.at === 'before-put') die()
      const put = store.put(name, parts, signal)
      if (isLast && kill.at === 'in-put') setImmediate(die)
      await put
      if (isLast && kill.at === 'after-put') die()
    },
    get: (name, range, signal) => store.get(name, range, signal),
    size: (name, signal) => store.size(name, signal),
    list: (place, signal) => store.list(place, signal),
    remove: (name, signal) => store.remove(name, signal),
  }
}

const scene = new BackupScene(folder, deadly)
const client = await sceneClient(address, {
  onRequest: () => {
    if (++counts.request === kill?.n && kill.at === 'request') die()
  },
})
const started = Date.now()
/** A millisecond for each request: how many checkpoints there are does not depend on how busy the machine is. */
const clock: Clock = { ...systemClock, now: () => started + counts.request }
// Checkpoints and packs as often as in a long run.
const report = await scene.backUp(client, { clock, checkpointEvery: 10, seal: { packSize: 48 << 10 } })
await client.close()
const { tree, contentRead, items, unread, notRefreshed } = report
const printed: BackupProcessReport = {
  tree,
  requests: counts.request,
  puts: counts.puts,
  contentRead,
  items,
  problems: unread.length + notRefreshed.length,
}
console.log(JSON.stringify(printed))
