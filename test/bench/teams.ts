// Requests for a team of 10,000 messages in 40 channels, first and unchanged: node test/bench/teams.ts [messages] [channels]
import { teamsDescriber, teamsReader } from '../../src-main/graph/teams/reader.ts'
import { BackupScene, sceneClient } from '../support/backup-scene.ts'
import { startGraphSimulator, type GraphSimulator } from '../support/graph-simulator/index.ts'
import { groupDirectory } from '../support/graph-simulator/services/groups/state.ts'
import { teamDirectory, type StoredChannel } from '../support/graph-simulator/services/teams/state.ts'
import { impatientClock } from '../support/impatient-clock.ts'

const [messages = 10_000, channels = 40] = process.argv.slice(2).map(Number)
const ada = 'ada@contoso.example'
/** A fifth of the messages are answers, every fiftieth shows a picture; some channels are private. */
const answers = 5
const pictures = 50
const privates = 8

const simulator = await startGraphSimulator({ tenant: { kind: 'inline', users: [{ userPrincipalName: ada }] } })
const scene = new BackupScene(undefined, undefined, [teamsDescriber])
try {
  await scene.init()
  const team = groupDirectory(simulator.tenant).add({ displayName: 'Bench', owners: [ada], team: true }).id
  seed(simulator, team)
  const first = await run(team)
  const unchanged = await run(team)
  console.log(
    JSON.stringify({
      messages,
      channels,
      requestsPerMessage: Number((first.requests / messages).toFixed(4)),
      roundTripsPerMessage: Number((first.roundTrips / messages).toFixed(4)),
      unchangedRequests: unchanged.requests,
      unchangedRoundTrips: unchanged.roundTrips,
      seconds: first.seconds,
      unchangedSeconds: unchanged.seconds,
      peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    }),
  )
} finally {
  scene.remove()
  await simulator.close()
}

function seed({ tenant }: GraphSimulator, team: string): void {
  const teams = teamDirectory(tenant)
  const all: StoredChannel[] = [teams.channel(team, 'General')]
  while (all.length < channels) {
    const membershipType = all.length % privates === 0 ? 'private' : 'standard'
    const owners = membershipType === 'private' ? [ada] : []
    all.push(teams.addChannel(team, { displayName: `Channel ${String(all.length)}`, membershipType, owners }))
  }
  const start = Date.now() - messages * 60_000
  for (let number = 0; number < messages; number++) {
    const channel = all[number % all.length]
    if (channel === undefined) continue
    const text = `message ${String(number)} `.repeat(10)
    const at = new Date(start + number * 60_000).toISOString()
    const picture = {
      html: `<p>${text}</p><img src="hosted:a">`,
      hosted: { a: { type: 'image/png', bytes: `\x89PNG${text}` } },
    }
    const isAnswer = Math.floor(number / all.length) % answers === answers - 1
    const content = Math.floor(number / all.length) % pictures === 0 ? picture : { html: `<p>${text}</p>` }
    teams.post(channel, ada, { ...content, at }, isAnswer ? channel.messages.at(-1) : undefined)
  }
}

/** One run of a process that knows nothing but the repository. Members of batches are counted one by one. */
async function run(
  team: string,
): Promise<{ readonly requests: number; readonly roundTrips: number; readonly seconds: number }> {
  const limits = { pools: { teams: { concurrency: 4, budgets: [] } } }
  const client = await sceneClient(simulator, { clock: impatientClock(1_000), limits })
  simulator.log.clear()
  const began = performance.now()
  try {
    const report = await scene.backUp(client, {
      roots: [{ kind: 'group', id: team, name: 'bench' }],
      readers: [teamsReader(client)],
    })
    if (report.unread.length > 0 || report.notRefreshed.length > 0) throw new Error('the run was not complete')
    const entries = simulator.log.entries().filter(({ route }) => route !== '{tenant}/token')
    return {
      requests: entries.filter(({ route }) => route !== '$batch').length,
      roundTrips: entries.filter(({ batched }) => !batched).length,
      seconds: Number(((performance.now() - began) / 1_000).toFixed(1)),
    }
  } finally {
    await client.close()
  }
}
