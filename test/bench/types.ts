// Requests of each data type: first run, unchanged run, after 100 changes: npm run bench:types
import { describers, readersOf } from '../../src-main/commands/parts/data-types.ts'
import { BackupScene, sceneClient } from '../support/backup-scene.ts'
import { startGraphSimulator, type GraphSimulator } from '../support/graph-simulator/index.ts'
import { tenantNotes } from '../support/graph-simulator/services/onenote/state.ts'
import { impatientClock } from '../support/impatient-clock.ts'
import { people, seededTypes, user, type SeededType } from './support/seeded-types.ts'

const changes = 100
/** A mailbox with so much less in the same folders tells which requests are for items and which for folders. */
const smaller = 10
const unlimited = { concurrency: 4, budgets: [] }
const clock = impatientClock(1_000)

/** Requests, members of a batch one by one; those of the sign-in and the batches themselves left out. */
interface Run {
  readonly requests: number
  readonly roundTrips: number
  readonly items: number
}

interface Figures {
  readonly items: number
  readonly first: Run
  readonly unchanged: Run
  readonly changed: Run
  readonly perItem: number
  readonly perUnchangedItem: number
  readonly perChange: number
}

async function runs(type: SeededType, items: number): Promise<readonly [Run, Run, Run]> {
  const simulator = await startGraphSimulator({
    tenant: { kind: 'inline', users: people },
    throttling: { requestsPerWindow: Number.MAX_SAFE_INTEGER },
  })
  tenantNotes(simulator.tenant).appOnly = 'allow'
  const scene = new BackupScene(undefined, undefined, describers)
  try {
    await scene.init()
    type.seed(simulator.tenant, items)
    const first = await run(simulator, scene, type)
    const unchanged = await run(simulator, scene, type)
    if (items === type.items) type.change(simulator.tenant, changes)
    return [first, unchanged, await run(simulator, scene, type)]
  } finally {
    scene.remove()
    await simulator.close()
  }
}

/** One run of a process that knows nothing but the repository. */
async function run(simulator: GraphSimulator, scene: BackupScene, { folder }: SeededType): Promise<Run> {
  const client = await sceneClient(simulator, {
    clock,
    limits: { pools: { onenote: unlimited, drive: unlimited, content: unlimited, teams: unlimited } },
  })
  const root = { kind: 'user' as const, id: simulator.tenant.findUser(user)?.id ?? '', name: user }
  simulator.log.clear()
  try {
    const report = await scene.backUp(client, {
      roots: [root],
      readers: readersOf({ user: [folder], group: [], site: [] }, { client, fileVersions: 0 }),
    })
    if (report.unread.length > 0 || report.notRefreshed.length > 0) throw new Error('the run was not complete')
    const entries = simulator.log.entries().filter(({ route }) => route !== '{tenant}/token')
    const requests = entries.filter(({ route }) => route !== '$batch').length
    return { requests, roundTrips: entries.filter(({ batched }) => !batched).length, items: report.items }
  } finally {
    await client.close()
  }
}

async function measure(type: SeededType): Promise<Figures> {
  const few = Math.floor(type.items / smaller)
  const [, unchangedOfFew] = await runs(type, few)
  const [first, unchanged, changed] = await runs(type, type.items)
  if (first.items < type.items)
    throw new Error(`${String(first.items)} of ${String(type.items)} ${type.name} were read`)
  return {
    items: first.items,
    first,
    unchanged,
    changed,
    perItem: first.requests / first.items,
    perUnchangedItem: (unchanged.requests - unchangedOfFew.requests) / (type.items - few),
    perChange: (changed.requests - unchanged.requests) / changes,
  }
}

const columns = [
  ['data type', 14],
  ['items', 6],
  ['first run', 17],
  ['unchanged', 13],
  [`${String(changes)} changes`, 13],
  ['per item', 9],
  ['per unchanged', 14],
  ['per change', 11],
  ['reference, each run', 20],
] as const

function row(cells: readonly string[]): string {
  return cells.map((cell, place) => cell.padStart(columns[place]?.[1] ?? 0)).join(' ')
}

const both = ({ requests, roundTrips }: Run): string => `${String(requests)} (${String(roundTrips)})`

function printed(type: SeededType, figures: Figures): string {
  const { items, first, unchanged, changed, perItem, perUnchangedItem, perChange } = figures
  const { reference } = type
  const theirs = reference === undefined ? '' : `${String(reference)} each: ${String(reference * items)}`
  const numbers = [perItem, perUnchangedItem, perChange].map((number) => number.toFixed(2))
  return row([type.name, String(items), both(first), both(unchanged), both(changed), ...numbers, theirs])
}

console.log('Requests to Graph, members of batches one by one (in brackets: round trips)')
console.log(row(columns.map(([title]) => title)))
const results: Record<string, object> = {}
const wasteful: string[] = []
for (const type of seededTypes) {
  const figures = await measure(type)
  console.log(printed(type, figures))
  const { items, first, unchanged, changed, perItem, perUnchangedItem, perChange } = figures
  results[type.folder] = {
    items,
    first: first.requests,
    unchanged: unchanged.requests,
    changed: changed.requests,
    perItem: rounded(perItem),
    perUnchangedItem: rounded(perUnchangedItem),
    perChange: rounded(perChange),
    ...(type.reference === undefined ? {} : { reference: type.reference }),
  }
  if (type.hasDelta && perUnchangedItem !== 0) wasteful.push(type.name)
}
if (wasteful.length > 0) {
  console.log(`Unchanged items cost requests: ${wasteful.join(', ')}`)
  process.exitCode = 1
}
console.log(JSON.stringify(results))

function rounded(number: number): number {
  return Number(number.toFixed(4))
}
