import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { HexId } from '../../../src-main/engine/model/ids.ts'
import { describers } from '../../../src-main/commands/parts/data-types.ts'
import { BackupScene, sceneClient } from '../../support/backup-scene.ts'
import { startGraphSimulator, syntheticMailbox, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { ACCOUNT, BrowsedHost, foldersIn } from './browse-scene.ts'

const MANY = 10_000
const user = 'ada@contoso.example'
const other = 'grace@contoso.example'

let simulator: GraphSimulator
let scene: BackupScene
let host: BrowsedHost
let snapshot: HexId

beforeAll(async () => {
  simulator = await startGraphSimulator({
    tenant: [
      syntheticMailbox({ messages: MANY + 50, userPrincipalName: user, folders: 1 }),
      { kind: 'inline', users: [{ userPrincipalName: other }] },
    ],
    throttling: { requestsPerWindow: Number.MAX_SAFE_INTEGER, uploadBytesPerWindow: Number.MAX_SAFE_INTEGER },
  })
  scene = new BackupScene(undefined, undefined, describers)
  await scene.init()
  const client = await sceneClient(simulator, { limits: { pools: { mailbox: { concurrency: 4, budgets: [] } } } })
  snapshot = (await scene.backUp(client)).snapshot
  await client.close()
  host = await BrowsedHost.open(scene, simulator)
})

afterAll(async () => {
  await host.close()
  scene.remove()
  await simulator.close()
})

async function someItems(path = `users/${user}/mailbox`): Promise<string[]> {
  const paths: string[] = []
  for (const folder of await foldersIn(host, snapshot, path)) {
    for (let offset = 0; offset < (folder.items ?? 0); offset += 500) {
      const page = { offset, limit: 500, order: 'newest' } as const
      const { rows } = await host.ask('browse.items', { place: host.place, snapshot, path: folder.path, ...page })
      paths.push(...rows.map((row) => row.path))
    }
    paths.push(...(await someItems(folder.path)))
  }
  return paths.slice(0, MANY)
}

it('ten thousand single items are restored to a folder and counted for a user', async () => {
  const paths = await someItems()
  expect(new Set(paths).size).toBe(MANY)
  const folder = join(host.folder, 'many')
  const start = async (target: Parameters<typeof host.ask<'restore.start'>>[1]['target'], dryRun: boolean) => {
    const { operation } = await host.ask('restore.start', { place: host.place, snapshot, paths, target, dryRun })
    return await host.ended(operation)
  }
  const written = await start({ kind: 'folder', path: folder }, false)
  expect(written).toMatchObject({ outcome: 'done', problem: null, figures: { files_restored: 2 * MANY } })
  for (const path of paths) if (!existsSync(join(folder, `${path}.eml`))) throw new Error(`${path} is missing`)
  const root = { kind: 'user', name: other } as const
  const into = { kind: 'root', account: ACCOUNT, root, targetFolder: 'Restored', ignoreExisting: false } as const
  const counted = await start({ ...into, also: [], people: [] }, true)
  expect(counted).toMatchObject({ outcome: 'done', problem: null, figures: { items_created: MANY } })
})
