import { describe, expect, test } from 'vitest'
import type { ChangePage, Root } from '../../../src-main/engine/ports/data-type.ts'
import { propertiesOf } from '../../../src-main/graph/item/metadata.ts'
import { listsDescriber, listsReader } from '../../../src-main/graph/lists/reader.ts'
import { siteDirectory } from '../../support/graph-simulator/services/sites/state.ts'
import { drivesOf } from '../../support/graph-simulator/services/drive/index.ts'
import { ada, alan, listsWorld, readLists } from './lists-fixture.ts'
import type { ListsWorld } from './lists-fixture.ts'
import { comparable, fillLists, isSchema } from './scenario.ts'

const signal = new AbortController().signal

/** Requests that Graph counts; what a batch carries counts one by one. */
function counted({ simulator }: ListsWorld): number {
  const { log } = simulator
  return log.count({}) - log.count({ route: '$batch' }) - log.count({ route: '{tenant}/token' })
}

describe('reading the lists of a site', () => {
  test('libraries and what SharePoint has for itself are left out, other generated lists are told of', async () => {
    const world = await listsWorld()
    const { site, lists } = world
    lists.addList(site.id, { displayName: 'Mine' })
    lists.addList(site.id, { displayName: 'Workflow History', template: 'workflowHistory' })
    lists.addList(site.id, { displayName: 'Hidden by an app', hidden: true })
    siteDirectory(world.simulator.tenant).addLibrary(site.id, 'Contracts')
    expect(drivesOf(world.simulator.tenant).ofSite(site.id)).toHaveLength(2)
    const held = await readLists(world)
    expect(held.containers.map(({ name }) => name).sort()).toEqual([
      'Hidden by an app',
      'Mine',
      'Workflow History',
      'items',
    ])
    const notices = held.items.map(({ metadata }) => [metadata['o365:Name'], listsDescriber.notices?.(metadata)])
    expect(Object.fromEntries(notices)).toEqual({
      Mine: [],
      'Workflow History': ['list-generated'],
      'Hidden by an app': ['list-generated'],
    })
  })

  test('an unchanged site costs one request, and one for each list', async () => {
    const world = await listsWorld()
    world.simulator.log.clear()
    const empty = await readLists(world)
    expect([empty.containers, world.requests()]).toEqual([[], 1])
    fillLists(world)
    const before = await readLists(world)
    world.simulator.log.clear()
    const after = await readLists(world, { before })
    expect(counted(world)).toBe(1 + 4)
    expect(comparable(after)).toEqual(comparable(before))
  })

  test('many items come in few requests, with lookups and persons', async () => {
    const world = await listsWorld()
    const { site, lists } = world
    const ids = [lists.person(site.id, ada), lists.person(site.id, alan)]
    const other = lists.addList(site.id, { displayName: 'Others' })
    lists.addItems(site.id, other, 500, (index) => ({ Title: `Other ${String(index)}` }))
    const large = lists.addList(site.id, {
      displayName: 'Large',
      columns: [
        { name: 'Other', kind: 'lookup', facet: { listId: other, columnName: 'Title' } },
        { name: 'Who', kind: 'personOrGroup' },
      ],
    })
    const who = (index: number): number => ids[index % 2] ?? 0
    lists.addItems(site.id, large, 2_500, (index) => ({
      Title: `Item ${String(index)}`,
      Other: (index % 500) + 1,
      Who: who(index),
    }))
    world.simulator.log.clear()
    const held = await readLists(world)
    expect(held.items).toHaveLength(3_002)
    expect(counted(world)).toBeLessThanOrEqual(0.02 * 3_000)
    const last = held.items.find(({ metadata }) => metadata['o365:Name'] === 'Item 2499')
    expect(propertiesOf(last?.metadata ?? {})).toMatchObject({
      'o365:Lookups': { Other: { list: other, column: 'Title', values: [{ id: 500, value: 'Other 499' }] } },
      'o365:People': { Who: [{ id: ids[1], name: alan, email: alan, account: `i:0#.f|membership|${alan}` }] },
    })
  })

  test('what changed is read and nothing else; schemas only of lists that changed', async () => {
    const world = await listsWorld()
    fillLists(world)
    const { site, lists, simulator } = world
    const before = await readLists(world)
    lists.setFields(site.id, 'Orders', '2', { Customer: 2, Amount: 7 })
    lists.deleteItem(site.id, 'Orders', '4')
    simulator.log.clear()
    const after = await readLists(world, { before })
    expect(simulator.log.count({ route: 'sites/{site}/lists/{list}' })).toBeLessThanOrEqual(1)
    // The item itself tells what its lookups show.
    expect(simulator.log.count({ route: 'sites/{site}/lists/{list}/items/{listItem}' })).toBe(1)
    expect(counted(world)).toBeLessThanOrEqual(1 + 4 + 6)
    expect(comparable(after)).toEqual(comparable(await readLists(world)))
    expect(after.items).toHaveLength(before.items.length - 1)
  })

  test('lists that are renamed, changed and deleted', async () => {
    const world = await listsWorld()
    fillLists(world)
    const { site, lists } = world
    const before = await readLists(world)
    lists.renameList(site.id, 'Empty', 'Nothing')
    lists.addColumn(site.id, 'Nothing', { name: 'Something', kind: 'boolean' })
    lists.removeList(site.id, 'To do')
    const after = await readLists(world, { before })
    expect(after.containers.map(({ name }) => name).sort()).toEqual([
      'Customers',
      'Nothing',
      'Orders',
      'items',
      'items',
      'items',
    ])
    expect(comparable(after)).toEqual(comparable(await readLists(world)))
  })

  test('a dead cursor is told, and the whole list read then', async () => {
    const world = await listsWorld()
    fillLists(world)
    const before = await readLists(world)
    const orders = world.lists.list(world.site.id, 'Orders').id
    world.lists.breakCursors(world.site.id, 'Orders')
    await expect(readLists(world, { before })).rejects.toMatchObject({ code: 'graph.cursor-lost' })
    const cursors = new Map([...before.cursors].filter(([id]) => !id.startsWith(orders)))
    const after = await readLists(world, { before: { ...before, cursors } })
    expect(comparable(after)).toEqual(comparable(before))
  })

  test('an interrupted listing goes on where it stopped', async () => {
    const world = await listsWorld()
    const { site, lists } = world
    const id = lists.addList(site.id, { displayName: 'Long' })
    lists.largestDeltaPage = 10
    lists.addItems(site.id, id, 95, (index) => ({ Title: `Item ${String(index)}` }))
    const reader = listsReader(world.client)
    const { containers } = await reader.containers(site, undefined, signal)
    const items = containers.find(({ name }) => name === 'items')
    if (items === undefined) throw new Error('no items')
    const seen = new Set<string>()
    const take = ({ changes }: ChangePage): void => {
      for (const change of changes) seen.add(change.id)
    }
    let next: string | undefined
    for await (const page of reader.changes(site, items, {}, signal)) {
      take(page)
      next = page.next
      if (seen.size >= 30) break
    }
    for await (const page of reader.changes(site, items, { next }, signal)) take(page)
    expect(seen.size).toBe(95)
  })

  test('subsites have the people of the topmost site', async () => {
    const world = await listsWorld()
    const { lists, simulator } = world
    const below = siteDirectory(simulator.tenant).add({
      path: 'sites/team/below',
      displayName: 'Below',
      parent: world.site.id,
    })
    const site: Root = { kind: 'site', id: below.id, name: 'contoso.sharepoint.com/sites/team/below' }
    const id = lists.addList(below.id, { displayName: 'Mine', columns: [{ name: 'Who', kind: 'personOrGroup' }] })
    lists.addItem(below.id, id, { Title: 'x', Who: lists.person(below.id, alan) }, { by: ada })
    const held = await readLists(world, { site })
    const item = held.items.find((one) => !isSchema(one))
    expect(propertiesOf(item?.metadata ?? {})['o365:People']).toMatchObject({
      Who: [{ email: alan }],
      Author: [{ email: ada }],
    })
    expect(listsDescriber.row(item?.metadata ?? {}, 0)).toMatchObject({ title: 'x', from: ada, to: alan })
  })

  test.each([
    ['locked', 'graph.locked'],
    ['denied', 'graph.forbidden'],
  ] as const)('a site that is %s says so', async (lock, code) => {
    const world = await listsWorld()
    siteDirectory(world.simulator.tenant).lock(world.site.id, lock)
    await expect(readLists(world)).rejects.toMatchObject({ code })
  })

  test('a site that was deleted says so', async () => {
    const world = await listsWorld()
    siteDirectory(world.simulator.tenant).remove(world.site.id)
    await expect(readLists(world)).rejects.toMatchObject({ code: 'graph.root-gone' })
  })

  test('a list whose schema cannot be read fails by itself, and is made good by the next run', async () => {
    const world = await listsWorld()
    fillLists(world)
    const { simulator, site } = world
    const { id } = world.lists.list(site.id, 'Customers')
    const match = { route: 'sites/{site}/lists/{list}', path: new RegExp(`lists/${id}\\?`) }
    simulator.faults.add({ kind: 'status', status: 403, code: 'accessDenied', match })
    const reader = listsReader(world.client)
    const first = await reader.containers(site, undefined, signal)
    expect(first.containers).toHaveLength(8)
    const failing = first.containers.filter((one) => one.id.startsWith(id))
    for (const container of failing) {
      const read = async (): Promise<void> => {
        for await (const { changes } of reader.changes(site, container, {}, signal))
          for (const change of changes)
            if (change.kind === 'put') await reader.body(site, container, { ...change, previous: undefined }, signal)
      }
      await expect(read()).rejects.toMatchObject({ code: 'graph.forbidden' })
    }
    simulator.faults.clear()
    const second = await reader.containers(site, first, signal)
    expect(second.containers).toEqual((await readLists(world)).containers)
  })
})

describe('files attached to items', () => {
  test('without a token for SharePoint the item says that they are missing; with one they are read the next time', async () => {
    const world = await listsWorld()
    fillLists(world)
    const first = await readLists(world, { graphOnly: true })
    const [item] = first.items.filter(({ metadata }) => metadata['o365:Name'] === 'Boxes')
    expect(listsDescriber.notices?.(item?.metadata ?? {})).toEqual(['attachments-need-sharepoint'])
    expect(item?.parts.size).toBe(0)
    await expect(readLists(world, { before: first })).rejects.toMatchObject({ code: 'graph.cursor-lost' })
    const anew = await readLists(world, { before: { ...first, cursors: new Map() } })
    const [now] = anew.items.filter(({ metadata }) => metadata['o365:Name'] === 'Boxes')
    expect([...(now?.parts.keys() ?? [])]).toEqual(['offer.pdf', "it's 100% #1.txt"])
    expect(listsDescriber.notices?.(now?.metadata ?? {})).toEqual([])
  })

  test('what was read with a token stays without one, as long as the item is the same', async () => {
    const world = await listsWorld()
    fillLists(world)
    const first = await readLists(world)
    const again = await readLists(world, { before: { ...first, cursors: new Map() }, graphOnly: true })
    expect(again.items.find(({ metadata }) => metadata['o365:Name'] === 'Boxes')?.parts.size).toBe(2)
    world.lists.setFields(world.site.id, 'Orders', '1', { Amount: 1 })
    const changed = await readLists(world, { before: first, graphOnly: true })
    const [item] = changed.items.filter(({ metadata }) => metadata['o365:Name'] === 'Boxes')
    expect(listsDescriber.notices?.(item?.metadata ?? {})).toEqual(['attachments-need-sharepoint'])
  })

  test('an application with a secret gets no token; SharePoint refuses one that it would get', async () => {
    const world = await listsWorld()
    expect(world.withSecret.access('contoso.sharepoint.com')).toBeUndefined()
  })

  test('a file that cannot be read is missing, its neighbours are not', async () => {
    const world = await listsWorld()
    fillLists(world)
    world.simulator.faults.add({ kind: 'status', status: 404, code: 'itemNotFound', match: { path: /offer\.pdf/ } })
    const held = await readLists(world)
    const [item] = held.items.filter(({ metadata }) => metadata['o365:Name'] === 'Boxes')
    expect(item?.unreadParts).toEqual(['graph.not-found'])
    expect([...(item?.parts.keys() ?? [])]).toEqual(["it's 100% #1.txt"])
  })
})
