// A list of twenty thousand items that look each other up and name people, through the whole engine: node test/bench/lists.ts
import type { BackupReport } from '../../src-main/engine/operations/backup/model.ts'
import type { Root } from '../../src-main/engine/ports/data-type.ts'
import { listsDescriber, listsReader } from '../../src-main/graph/lists/reader.ts'
import { BackupScene, sceneClient } from '../support/backup-scene.ts'
import { startGraphSimulator } from '../support/graph-simulator/index.ts'
import { listDirectory } from '../support/graph-simulator/services/lists/state.ts'
import { siteDirectory } from '../support/graph-simulator/services/sites/state.ts'

const items = Number(process.env.BENCH_ITEMS ?? 20_000)
const people = ['ada', 'alan', 'grace'].map((name) => `${name}@contoso.example`)

const unlimited = { concurrency: 8, budgets: [] }

const simulator = await startGraphSimulator({
  tenant: {
    kind: 'inline',
    users: people.map((userPrincipalName) => ({ userPrincipalName, displayName: userPrincipalName })),
  },
  throttling: { requestsPerWindow: Number.MAX_SAFE_INTEGER },
})
const client = await sceneClient(simulator, { limits: { pools: { drive: unlimited } } })
const scene = new BackupScene(undefined, undefined, [listsDescriber])

const site = siteDirectory(simulator.tenant).add({ path: 'sites/large', displayName: 'Large' })
const lists = listDirectory(simulator.tenant)
const numbers = people.map((name) => lists.person(site.id, name))
const list = lists.addList(site.id, {
  displayName: 'Large',
  columns: [
    { name: 'Amount', kind: 'number' },
    { name: 'Notes', kind: 'text', facet: { allowMultipleLines: true } },
    { name: 'Who', kind: 'personOrGroup' },
  ],
})
lists.addColumn(site.id, list, { name: 'Before', kind: 'lookup', facet: { listId: list, columnName: 'Title' } })
lists.addItems(site.id, list, items, (index) => ({
  Title: `Item ${String(index)}`,
  Amount: index,
  Notes: 'Something that is somewhat longer than a title. '.repeat(5),
  Who: numbers[index % numbers.length],
  ...(index === 0 ? {} : { Before: index }),
}))

const root: Root = {
  kind: 'site',
  id: site.id,
  name: `${site.host}/${site.path}`,
  properties: { id: site.id, webUrl: site.webUrl },
}

/** Requests to Graph, those in batches one by one. */
async function run(name: string): Promise<number> {
  simulator.log.clear()
  const start = performance.now()
  const report: BackupReport = await scene.backUp(client, {
    roots: [root],
    readers: { user: [], group: [], site: [listsReader(client)] },
  })
  const seconds = (performance.now() - start) / 1000
  const { log } = simulator
  const requests = log.count({}) - log.count({ route: '{tenant}/token' }) - log.count({ route: '$batch' })
  const peak = Math.round(process.resourceUsage().maxRSS / 1024)
  console.log(
    `${name}: ${requests} requests, ${report.changed} changed, ${seconds.toFixed(1)} s, peak ${peak} MiB with the simulator`,
  )
  if (report.unread.length + report.notRefreshed.length > 0) throw new Error('the run was not complete')
  return requests
}

try {
  await scene.init()
  const first = await run('first run')
  const unchangedRequests = await run('unchanged')
  lists.setFields(site.id, list, '5', { Amount: 0 })
  await run('one item changed')
  const requestsPerItem = Number((first / items).toFixed(4))
  console.log(JSON.stringify({ requestsPerItem, unchangedRequests }))
  if (requestsPerItem > 0.02) throw new Error('more than 0.02 requests per item')
  if (unchangedRequests > 2) throw new Error('more than one request for the site and one for its list')
} finally {
  await client.close()
  await simulator.close()
  scene.remove()
}
