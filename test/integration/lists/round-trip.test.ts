import { describe, expect, test } from 'vitest'
import { counterparts, kindsOf, listsWorld, readLists, restoreLists } from './lists-fixture.ts'
import { comparable, fillLists, fillPeople, isSchema } from './scenario.ts'

const fabrikam = { host: 'fabrikam.sharepoint.com', users: ['grace@fabrikam.example', 'edsger@fabrikam.example'] }

describe('lists, from one tenant to another', () => {
  test('everything comes back equal, field by field', async () => {
    const source = await listsWorld()
    const target = await listsWorld(fabrikam)
    fillLists(source)
    fillPeople(target)
    const held = await readLists(source)
    expect(held.unread.size).toBe(0)
    expect(held.items.filter(isSchema)).toHaveLength(4)
    expect(held.items).toHaveLength(4 + 6 + 2 + 1)
    const restored = await restoreLists(target, held)
    expect(restored.error).toBeUndefined()
    expect(kindsOf(restored)).toEqual({ created: 12, skipped: 1 })
    expect(comparable(await readLists(target))).toEqual(comparable(held, true))
    expect(restored.remarks.get('Orders')).toEqual([
      { code: 'list-column-not-restored', detail: 'Department' },
      { code: 'list-authors-lost' },
    ])
    expect(target.simulator.log.unknown).toEqual([])
    expect(source.simulator.log.unknown).toEqual([])
    expect(target.simulator.errors).toEqual([])
  })

  test('the same after an incremental read, and a second restore creates nothing', async () => {
    const source = await listsWorld()
    const target = await listsWorld(fabrikam)
    fillLists(source)
    fillPeople(target)
    const { lists, site } = source
    const before = await readLists(source)
    lists.setFields(site.id, 'Orders', '2', { Amount: 4, Parent: undefined, Customer: 2 })
    lists.deleteItem(site.id, 'Orders', '4')
    lists.addItem(site.id, 'Customers', { Title: 'Wingtip', Latest: 2 })
    lists.addColumn(site.id, 'Customers', { name: 'Country', kind: 'text' })
    lists.renameList(site.id, 'Empty', 'Still empty')
    const held = await readLists(source, { before })
    expect(comparable(held)).toEqual(comparable(await readLists(source)))
    await restoreLists(target, held, { together: 4 })
    expect(comparable(await readLists(target))).toEqual(comparable(held, true))
    const again = await restoreLists(target, held, { together: 4 })
    expect(kindsOf(again)).toEqual({ duplicate: held.items.length - 1, skipped: 1 })
    expect(comparable(await readLists(target))).toEqual(comparable(held, true))
  })

  test('into a named folder: lists beside those that are there, which are not touched', async () => {
    const world = await listsWorld()
    fillLists(world)
    const held = await readLists(world)
    const self = ({ address = '' }: { readonly address?: string | undefined }) => ({ id: address, address })
    await restoreLists(world, held, { targetFolder: 'Restored', people: self })
    const names = world.lists.lists(world.site.id).map(({ displayName, items }) => [displayName, items.size])
    expect(names.slice(4)).toEqual([
      ['Customers (Restored)', 2],
      ['Empty (Restored)', 0],
      ['Orders (Restored)', 5],
      ['To do (Restored)', 1],
    ])
    const orders = world.lists.list(world.site.id, 'Orders (Restored)')
    const customers = world.lists.list(world.site.id, 'Customers (Restored)')
    expect(orders.column('Customer')?.facet.listId).toBe(customers.id)
    expect(customers.column('Latest')?.facet.listId).toBe(orders.id)
    const again = await restoreLists(world, held, { targetFolder: 'Restored', people: self })
    expect(kindsOf(again)).toEqual({ duplicate: held.items.length - 1, skipped: 1 })
  })

  test('in place: what is there is left alone, what is missing comes back into the same list', async () => {
    const world = await listsWorld()
    fillLists(world)
    const held = await readLists(world)
    world.lists.deleteItem(world.site.id, 'Orders', '2')
    const people = ({ address = '' }: { readonly address?: string | undefined }) => ({ id: address, address })
    const restored = await restoreLists(world, held, { people })
    expect(kindsOf(restored)).toEqual({ created: 1, duplicate: held.items.length - 2, skipped: 1 })
    const items = world.lists.items(world.site.id, 'Orders')
    expect(items.map(({ id }) => id)).toEqual(['1', '3', '4', '5', '6', '7'])
    expect(items.at(-1)?.fields).toMatchObject({ Title: 'Tape', Amount: 3, Parent: [1], Customer: [3] })
    // What looked it up looks it up again.
    expect(items[1]?.fields).toMatchObject({ Title: 'Tape', Parent: [7] })
    expect(world.lists.items(world.site.id, 'Customers')[0]?.fields).toMatchObject({ Latest: [7] })
  })

  test('persons without a counterpart, and those who have never been there, are left out and told', async () => {
    const source = await listsWorld()
    const target = await listsWorld(fabrikam)
    fillLists(source)
    const held = await readLists(source)
    const onlyAda = (person: { readonly address?: string | undefined }) =>
      person.address === 'ada@contoso.example' ? counterparts(person) : undefined
    const { outcomes } = await restoreLists(target, held, { people: onlyAda, graphOnly: true })
    const [orders] = held.containers.filter(({ name }) => name === 'Orders')
    expect(outcomes.get(`${orders?.id ?? ''}:1`)).toMatchObject({
      remarks: [
        { code: 'person-not-in-site', detail: 'Assignee' },
        { code: 'person-not-in-site', detail: 'Watchers' },
        { code: 'person-unmapped', detail: 'Watchers' },
        { code: 'field-refused', detail: 'Link' },
        { code: 'field-refused', detail: 'Place' },
        { code: 'field-refused', detail: 'Photo' },
        { code: 'attachments-need-sharepoint' },
      ],
    })
  })

  test('a dry run counts and changes nothing', async () => {
    const source = await listsWorld()
    const target = await listsWorld(fabrikam)
    fillLists(source)
    fillPeople(target)
    const held = await readLists(source)
    const dry = await restoreLists(target, held, { dryRun: true })
    expect(kindsOf(dry)).toEqual({ created: 12, skipped: 1 })
    expect(target.lists.lists(target.site.id)).toEqual([])
    await restoreLists(target, held)
    target.simulator.log.clear()
    expect(kindsOf(await restoreLists(target, held, { dryRun: true }))).toEqual({ duplicate: 12, skipped: 1 })
    for (const method of ['POST', 'PATCH', 'DELETE'])
      expect(target.simulator.log.count({ method, route: 'sites/{site}/lists/{list}/items' })).toBe(0)
  })
})
