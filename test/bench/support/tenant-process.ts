// One backup of a whole tenant in a process of its own, so that its peak memory is its own.
import { chooseRoots } from '../../../src-main/commands/parts/choose-roots.ts'
import { describers, readersOf, chosenTypes } from '../../../src-main/commands/parts/data-types.ts'
import { groupTypes, userTypes } from '../../../src-main/commands/parts/included-types.ts'
import { rootKinds } from '../../../src-main/commands/parts/root-filter.ts'
import { createGroupLister } from '../../../src-main/graph/directory/groups.ts'
import { createSiteLister } from '../../../src-main/graph/directory/sites.ts'
import { createUserLister } from '../../../src-main/graph/directory/users.ts'
import type { ClientLimitOptions } from '../../../src-main/graph/client/limits.ts'
import { BackupScene, sceneClient, type SimulatorAddress } from '../../support/backup-scene.ts'
import { peakMiB } from './peak-memory.ts'

const [step = '', folder = ''] = process.argv.slice(2)
const address = JSON.parse(process.env.SIMULATOR ?? '{}') as SimulatorAddress
const scene = new BackupScene(folder, undefined, describers)
const signal = new AbortController().signal
/** What counts here is requests and memory, not the pace that Graph allows. */
const free = (concurrency: number) => ({ concurrency, budgets: [] })
const limits: ClientLimitOptions = {
  pools: { directory: free(8), drive: free(8), teams: free(4), planner: free(4), onenote: free(4), mailbox: free(4) },
}

async function backup(): Promise<Readonly<Record<string, number>>> {
  const client = await sceneClient(address, { limits })
  const tenant = { tenant: 'contoso' }
  const listers = {
    user: createUserLister(client, tenant),
    group: createGroupLister(client, tenant),
    site: createSiteLister(client, tenant),
  }
  const all = { names: [], patterns: [], all: true, isIncludedByPattern: () => true }
  const kinds = rootKinds.map((kind) => ({ kind, ...all }))
  const chosen = await chooseRoots({ kinds, isExcluded: () => false, shard: undefined }, listers, signal)
  const types = chosenTypes(
    { kinds: rootKinds, types: { user: userTypes, group: groupTypes } },
    { includedTypes: [], excludedTypes: [] },
  )
  const hasGroup = (id: string): boolean => chosen.groupName(id) !== undefined
  const report = await scene.backUp(client, {
    roots: chosen.roots,
    readers: readersOf(types, { client, fileVersions: 0, hasGroup }),
    series: { host: 'contoso', paths: chosen.paths },
  })
  const { requests, batchMembers } = client.accounting()
  await client.close()
  const { roots, items, changed, unread, notRefreshed, notices } = report
  for (const one of [...unread, ...notRefreshed].slice(0, 5)) console.error(JSON.stringify(one))
  return {
    requests,
    batchMembers,
    roots,
    items,
    changed,
    notices: notices.length,
    incomplete: unread.length + notRefreshed.length,
  }
}

const started = performance.now()
const figures = step === 'init' ? await scene.init().then(() => ({})) : await backup()
const seconds = Math.round((performance.now() - started) / 100) / 10
console.log(JSON.stringify({ seconds, peakMiB: peakMiB(), ...figures }))
