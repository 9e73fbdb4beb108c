import { expect, onTestFinished, test } from 'vitest'
import { resolveSnapshot } from '../../../src-main/engine/repository/snapshots.ts'
import { restoreToTenant } from '../../../src-main/engine/operations/restore/to-tenant.ts'
import { listTree } from '../../../src-main/engine/operations/restore/list-tree.ts'
import { listsDescriber, listsReader } from '../../../src-main/graph/lists/reader.ts'
import { listsRestorer } from '../../../src-main/graph/lists/restorer.ts'
import { plainRestore } from '../../support/adapter-round.ts'
import { BackupScene } from '../../support/backup-scene.ts'
import { counterparts, listsWorld, readLists } from './lists-fixture.ts'
import type { ListsWorld } from './lists-fixture.ts'
import { comparable, fillLists, fillPeople } from './scenario.ts'

const signal = new AbortController().signal

async function run(scene: BackupScene, world: ListsWorld): ReturnType<BackupScene['backUp']> {
  const reader = listsReader(world.client, { sharePoint: world.sharePoint.access })
  return await scene.backUp(world.client, { roots: [world.site], readers: [reader] })
}

test('through the engine into a repository and back, lists with their schema and items in their places', async () => {
  const source = await listsWorld()
  const target = await listsWorld({
    host: 'fabrikam.sharepoint.com',
    users: ['grace@fabrikam.example', 'edsger@fabrikam.example'],
  })
  fillLists(source)
  fillPeople(target)
  source.lists.addList(source.site.id, { displayName: 'Flow', hidden: true })
  const scene = new BackupScene(undefined, undefined, [listsDescriber])
  onTestFinished(() => {
    scene.remove()
  })
  await scene.init()
  const first = await run(scene, source)
  expect(first.unread).toEqual([])
  expect(first.notRefreshed).toEqual([])
  expect(first.notices.map(({ code }) => code)).toEqual(['list-generated'])
  source.lists.setFields(source.site.id, 'Orders', '2', { Amount: 9 })
  source.lists.deleteItem(source.site.id, 'Orders', '4')
  const second = await run(scene, source)
  expect(second.notRefreshed).toEqual([])
  source.simulator.log.clear()
  await run(scene, source)
  expect(source.requests()).toBeLessThanOrEqual(1 + 4)

  const repository = await scene.open()
  const { tree } = await resolveSnapshot(repository.store, repository.sealer, 'latest')
  const place = 'sites/contoso.sharepoint.com/sites/team/lists'
  const names = async (path: string): Promise<readonly string[]> =>
    (await listTree(repository, tree, `${place}${path}`)).map(({ name }) => name)
  expect(await names('')).toEqual(['Customers', 'Empty', 'Flow', 'Orders', 'To do'])
  expect(await names('/Orders')).toEqual(['.folder.json', 'items', 'schema.json'])
  expect((await names('/Orders/items')).slice(0, 3)).toEqual(['.folder.json', '2025-11', expect.stringMatching(/^20/)])

  const report = await restoreToTenant({
    ...plainRestore,
    targetFolder: '/',
    people: counterparts,
    repository,
    tree,
    paths: [place],
    target: target.site,
    restorers: [listsRestorer(target.client, { sharePoint: target.sharePoint.access })],
    describers: [listsDescriber],
    signal,
  })
  expect(report.failures).toEqual([])
  expect(report.created).toBe(11)
  expect(comparable(await readLists(target))).toEqual(comparable(await withoutFlow(source), true))
})

async function withoutFlow(world: ListsWorld): ReturnType<typeof readLists> {
  world.lists.removeList(world.site.id, 'Flow')
  return await readLists(world)
}
