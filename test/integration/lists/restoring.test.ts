import { describe, expect, test } from 'vitest'
import type { FaultRule } from '../../support/graph-simulator/index.ts'
import { kindsOf, listsWorld, readLists, restoreLists } from './lists-fixture.ts'
import type { ListsWorld } from './lists-fixture.ts'
import { comparable, fillLists, fillPeople } from './scenario.ts'

const fabrikam = { host: 'fabrikam.sharepoint.com', users: ['grace@fabrikam.example', 'edsger@fabrikam.example'] }
const self = ({ address = '' }: { readonly address?: string | undefined }) => ({ id: address, address })

async function pair(): Promise<{ readonly source: ListsWorld; readonly target: ListsWorld }> {
  const source = await listsWorld()
  const target = await listsWorld(fabrikam)
  fillLists(source)
  fillPeople(target)
  return { source, target }
}

const creations = [
  'sites/{site}/lists',
  'sites/{site}/lists/{list}/columns',
  'sites/{site}/lists/{list}/items',
  'sharepoint/AttachmentFiles/add',
]

describe('a restore of lists that meets faults', () => {
  test.each(
    creations.flatMap((route) => (['reset-after', 'done-but-failed'] as const).map((kind) => [route, kind] as const)),
  )('POST %s, %s: nothing is made twice', async (route, kind) => {
    const { source, target } = await pair()
    const held = await readLists(source)
    const rule: FaultRule = { kind, match: { method: 'POST', route }, skip: 1, count: 2 }
    target.simulator.faults.add(rule)
    const restored = await restoreLists(target, held, { together: 4 })
    expect(restored.error).toBeUndefined()
    expect(kindsOf(restored)).toEqual({ created: 12, skipped: 1 })
    expect(comparable(await readLists(target))).toEqual(comparable(held, true))
  })

  test('killed after any number of changes, the next one brings it to the same end', async () => {
    const source = await listsWorld()
    fillLists(source)
    const held = await readLists(source)
    const whole = await listsWorld(fabrikam)
    fillPeople(whole)
    await restoreLists(whole, held)
    const undisturbed = comparable(await readLists(whole))
    const changes = whole.simulator.log.count({ method: 'POST' }) + whole.simulator.log.count({ method: 'PATCH' })
    expect(changes).toBeGreaterThan(20)
    for (let skip = 0; skip < changes; skip += 3) {
      const target = await listsWorld(fabrikam)
      fillPeople(target)
      const refuses: FaultRule = {
        kind: 'status',
        status: 507,
        code: 'quotaLimitReached',
        skip,
        match: { method: ['POST', 'PATCH'], path: /\/sites\// },
      }
      target.simulator.faults.add(refuses)
      await restoreLists(target, held)
      target.simulator.faults.clear()
      const { error } = await restoreLists(target, held)
      expect(error).toBeUndefined()
      expect(comparable(await readLists(target)), `after ${String(skip)} changes`).toEqual(undisturbed)
    }
  })

  test('one item that Graph refuses does not stop its neighbours', async () => {
    const { source, target } = await pair()
    source.lists.addColumn(source.site.id, 'Customers', { name: 'Motto', kind: 'text' })
    const held = await readLists(source)
    target.simulator.faults.add({
      kind: 'status',
      status: 400,
      code: 'invalidRequest',
      match: { method: 'POST', route: 'sites/{site}/lists/{list}/items' },
      count: 1,
    })
    const restored = await restoreLists(target, held)
    expect(kindsOf(restored)).toEqual({ created: 11, failed: 1, skipped: 1 })
  })
})

describe('where lists come back', () => {
  test('a list of the same name with other columns is left alone, the restored one gets a number', async () => {
    const { source, target } = await pair()
    const held = await readLists(source)
    target.lists.addList(target.site.id, { displayName: 'Customers', columns: [{ name: 'City', kind: 'number' }] })
    await restoreLists(target, held)
    const names = target.lists.lists(target.site.id).map(({ displayName, items }) => [displayName, items.size])
    expect(names).toContainEqual(['Customers', 0])
    expect(names).toContainEqual(['Customers (2)', 2])
    const orders = target.lists.list(target.site.id, 'Orders')
    expect(orders.column('Customer')?.facet.listId).toBe(target.lists.list(target.site.id, 'Customers (2)').id)
  })

  test('a list that fits gets the columns that it lacks, and keeps its own', async () => {
    const { source, target } = await pair()
    const held = await readLists(source)
    target.lists.addList(target.site.id, { displayName: 'Customers', columns: [{ name: 'Own', kind: 'number' }] })
    target.lists.addItem(target.site.id, 'Customers', { Title: 'Northwind', Own: 5 })
    const restored = await restoreLists(target, held)
    // One of that name says nothing of a city: it is another one.
    expect(kindsOf(restored)).toEqual({ created: 11, duplicate: 1, skipped: 1 })
    const { columns } = target.lists.list(target.site.id, 'Customers')
    expect(columns.slice(-4).map(({ name }) => name)).toEqual(['Own', 'City', 'Owner', 'Latest'])
    expect(target.lists.items(target.site.id, 'Customers').map(({ fields }) => fields.Title)).toEqual([
      'Northwind',
      'Northwind',
      'Tailspin',
    ])
  })

  test('a library of the same name is in nobody’s way', async () => {
    const { source, target } = await pair()
    source.lists.renameList(source.site.id, 'Empty', 'Documents')
    await restoreLists(target, await readLists(source))
    expect(target.lists.lists(target.site.id).map(({ displayName }) => displayName)).toContain('Documents (2)')
  })

  test('one list alone: what it looks up is found by what is shown', async () => {
    const { source, target } = await pair()
    const held = await readLists(source)
    await restoreLists(target, held)
    const { id } = source.lists.list(source.site.id, 'Orders')
    const alone = {
      ...held,
      containers: held.containers.filter((one) => one.id.startsWith(id)),
      items: held.items.filter((one) => one.id.startsWith(id)),
    }
    const { remarks } = await restoreLists(target, alone, { targetFolder: 'Again' })
    expect(remarks.get('Orders (Again)')).toEqual([
      { code: 'lookup-value-lost', detail: 'Customer' },
      { code: 'lookup-value-lost', detail: 'Others' },
      { code: 'list-column-not-restored', detail: 'Department' },
      { code: 'list-lookup-lost', detail: 'Customer' },
      { code: 'list-lookup-lost', detail: 'Others' },
      { code: 'list-authors-lost' },
    ])
    const same = await listsWorld()
    fillLists(same)
    const own = await readLists(same)
    const orders = same.lists.list(same.site.id, 'Orders').id
    const only = {
      ...own,
      containers: own.containers.filter((one) => one.id.startsWith(orders)),
      items: own.items.filter((one) => one.id.startsWith(orders)),
    }
    await restoreLists(same, only, { targetFolder: 'Again', people: self })
    const [first] = same.lists.items(same.site.id, 'Orders (Again)')
    expect(first?.fields).toMatchObject({ Customer: [2], Others: [2, 3] })
  })

  test('a generated list is not made', async () => {
    const { source, target } = await pair()
    source.lists.addList(source.site.id, { displayName: 'Flow', hidden: true })
    const held = await readLists(source)
    const { outcomes } = await restoreLists(target, held)
    expect([...outcomes.values()]).toContainEqual({ kind: 'skipped', code: 'list-generated' })
    expect(target.lists.lists(target.site.id).map(({ displayName }) => displayName)).not.toContain('Flow')
  })

  test('twins stay two, and are known again', async () => {
    const { source, target } = await pair()
    for (const files of [[], ['a.txt'], ['a.txt', 'b.txt'], []]) {
      const id = source.lists.addItem(source.site.id, 'Empty', { Title: 'Twin', Anything: 1 })
      for (const name of files) source.lists.attach(source.site.id, 'Empty', id, name, name)
    }
    const held = await readLists(source)
    await restoreLists(target, held, { together: 4 })
    const files = (): readonly number[] =>
      target.lists
        .items(target.site.id, 'Empty')
        .map(({ attachments }) => attachments.size)
        .sort()
    expect(files()).toEqual([0, 0, 1, 2])
    expect(kindsOf(await restoreLists(target, held, { together: 4 }))).toMatchObject({ duplicate: 16 })
    expect(files()).toEqual([0, 0, 1, 2])
    await restoreLists(target, held, { ignoreExisting: true })
    expect(files()).toEqual([0, 0, 0, 0, 1, 1, 2, 2])
  })

  test('empty fields stay empty where a column has a default', async () => {
    const { source, target } = await pair()
    await restoreLists(target, await readLists(source))
    const colors = target.lists.items(target.site.id, 'Orders').map(({ fields }) => fields.Color)
    expect(colors).toEqual(['Blue', undefined, undefined, undefined, undefined])
  })
})
