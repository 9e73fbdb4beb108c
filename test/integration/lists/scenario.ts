import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import { propertiesOf } from '../../../src-main/graph/item/metadata.ts'
import type { HeldItem, HeldType } from '../../support/adapter-round.ts'
import { ada, alan, edsger, grace } from './lists-fixture.ts'
import type { ListsWorld } from './lists-fixture.ts'

/** The lists of one site. */
type ListsPlace = Pick<ListsWorld, 'site' | 'lists'>

const columns = [
  {
    name: 'Color',
    kind: 'choice',
    facet: { choices: ['Red', 'Blue'], allowTextEntry: true },
    defaultValue: { value: 'Red' },
  },
  { name: 'Tags', kind: 'choice', facet: { choices: ['a', 'b', 'c'], displayAs: 'checkBoxes' } },
  { name: 'Notes', kind: 'text', facet: { allowMultipleLines: true, textType: 'richText' } },
  { name: 'Plain', kind: 'text', facet: { allowMultipleLines: true } },
  { name: 'Amount', kind: 'number', facet: { minimum: 0 }, displayName: 'How many', indexed: true },
  { name: 'Price', kind: 'currency' },
  { name: 'Total', kind: 'calculated', facet: { formula: '=[Amount]*[Price]', outputType: 'currency' } },
  { name: 'Done', kind: 'boolean' },
  { name: 'Due Date', kind: 'dateTime', facet: { format: 'dateTime' } },
  { name: 'Assignee', kind: 'personOrGroup', required: true },
  { name: 'Watchers', kind: 'personOrGroup', facet: { allowMultipleSelection: true } },
  { name: 'Link', kind: 'hyperlinkOrPicture' },
  { name: 'Place', kind: 'geolocation' },
  { name: 'Photo', kind: 'thumbnail' },
  { name: 'Department', kind: 'term' },
] as const

/** Lists with every kind of column, lookups to each other in a circle, persons, files and a folder. */
export function fillLists(world: ListsPlace): void {
  const { site, lists } = world
  const adaId = lists.person(site.id, ada)
  const alanId = lists.person(site.id, alan)
  const members = lists.group(site.id, 'Team Members')
  const orders = lists.addList(site.id, { displayName: 'Orders', description: 'What was ordered', columns })
  const customers = lists.addList(site.id, { displayName: 'Customers', columns: [{ name: 'City', kind: 'text' }] })
  const lookup = (listId: string, more: JsonObject = {}): JsonObject => ({ listId, columnName: 'Title', ...more })
  lists.addColumn(site.id, orders, { name: 'Customer', kind: 'lookup', facet: lookup(customers) })
  lists.addColumn(site.id, orders, {
    name: 'Others',
    kind: 'lookup',
    facet: lookup(customers, { allowMultipleValues: true }),
  })
  lists.addColumn(site.id, orders, { name: 'Parent', kind: 'lookup', facet: lookup(orders) })
  lists.addColumn(site.id, customers, { name: 'Latest', kind: 'lookup', facet: lookup(orders) })
  lists.addColumn(site.id, customers, { name: 'Owner', kind: 'personOrGroup' })

  const empty = lists.addItem(site.id, customers, { Title: 'Deleted since' })
  const first = lists.addItem(site.id, customers, { Title: 'Northwind', City: 'Oslo', Owner: adaId })
  const second = lists.addItem(site.id, customers, { Title: 'Tailspin', City: '', Owner: alanId })
  lists.deleteItem(site.id, customers, empty)

  fillOrders(world, orders, [first, second], [adaId, alanId, members])

  lists.addList(site.id, { displayName: 'Empty', columns: [{ name: 'Anything', kind: 'number' }] })
  const tasks = lists.addList(site.id, { displayName: 'To do', template: 'tasks' })
  lists.addItem(site.id, tasks, { Title: 'Call', Status: 'In Progress', PercentComplete: 0.5, AssignedTo: [adaId] })
}

function fillOrders(
  { site, lists }: ListsPlace,
  orders: string,
  [first = '', second = '']: readonly string[],
  [adaId = 0, alanId = 0, members = 0]: readonly number[],
): void {
  const one = lists.addItem(
    site.id,
    orders,
    {
      Title: 'Boxes',
      Color: 'Blue',
      Tags: ['a', 'c'],
      Notes: '<div><p>With <b>care</b> &amp; love</p></div>',
      Plain: 'first line\nsecond line',
      Amount: 12.5,
      Price: 2,
      Done: true,
      Due_x0020_Date: '2026-03-01T09:30:00Z',
      Assignee: adaId,
      Watchers: [adaId, alanId, members],
      Link: { Description: 'Offer', Url: 'https://contoso.example/offer' },
      Place: { Latitude: 59.9, Longitude: 10.7 },
      Photo: '{"fileName":"Reserved_ImageAttachment.png"}',
      Department: { Label: 'Sales', TermGuid: 'd2f6b1c4-0000-4000-8000-000000000001', WssId: 3 },
      Customer: Number(first),
      Others: [Number(first), Number(second)],
    },
    { by: ada, created: '2025-11-05T08:00:00Z', modified: '2026-01-02T03:04:05Z' },
  )
  lists.attach(site.id, orders, one, 'offer.pdf', 'an offer')
  lists.attach(site.id, orders, one, "it's 100% #1.txt", 'odd name')
  const two = lists.addItem(
    site.id,
    orders,
    { Title: 'Tape', Amount: 3, Price: 1, Parent: Number(one), Customer: Number(second) },
    { by: alan },
  )
  lists.addItem(site.id, orders, { Title: 'Tape', Amount: 3, Price: 1, Parent: Number(two), Customer: Number(first) })
  lists.addItem(site.id, orders, {})
  lists.addItem(site.id, orders, { Title: 'Archive' }, { contentType: 'Folder' })
  lists.addItem(site.id, orders, { Title: 'Old', Assignee: members }, { folder: 'Archive' })
  lists.setFields(site.id, 'Customers', first, { Latest: Number(two) }, alan)
}

/** Persons and groups that have been to the target site. */
export function fillPeople({ site, lists }: ListsPlace, persons = [grace, edsger]): void {
  lists.group(site.id, 'Team Members', 'c:0o.c|federateddirectoryclaimprovider|other')
  for (const person of persons) lists.person(site.id, person)
}

const people: Readonly<Record<string, string>> = { [ada]: grace, [alan]: edsger }

/** Properties that a service assigns, or that Graph takes back from nobody, with the reason. */
const assigned: Readonly<Record<string, string>> = {
  id: 'numbers and GUIDs are given by the site',
  changeKey: 'made of the eTag',
  eTag: 'counts changes of the new item',
  createdDateTime: 'Graph does not set it',
  lastModifiedDateTime: 'Graph does not set it',
  createdBy: 'Graph does not set it',
  lastModifiedBy: 'Graph does not set it',
  webUrl: 'is that of the new item',
  parentReference: 'is that of the new list',
  contentType: 'has another id in every list; its name is compared',
  'o365:List': 'is that of the new list',
}

const assignedFields: Readonly<Record<string, string>> = {
  id: 'the number of the item',
  Created: 'Graph does not set it',
  Modified: 'Graph does not set it',
  AuthorLookupId: 'Graph does not set it',
  EditorLookupId: 'Graph does not set it',
  _UIVersionString: 'counts changes of the new item',
  Link: 'Graph takes no values of links',
  Place: 'Graph takes no values of places',
  Photo: 'Graph takes no values of pictures',
  Department: 'terms belong to the sets of a tenant',
}

/** What of all items has to be equal, without what depends on the site. `map`: persons as the other tenant has them. */
export function comparable(held: HeldType, map = false): unknown {
  const items = held.items.filter((item) => !isSchema(item) && !isFolder(item))
  return {
    lists: held.containers
      .filter(({ parentId }) => parentId === undefined)
      .map(({ properties, name }) => schemaOf(name, properties))
      .sort(byText),
    items: items.map((item) => comparableItem(held, item, map)).sort(byText),
  }
}

export const isSchema = (item: HeldItem): boolean => item.metadata['o365:Type'] === 'list'

const isFolder = ({ metadata }: HeldItem): boolean =>
  (propertiesOf(metadata).contentType as { name: string }).name === 'Folder'

const byText = (one: unknown, other: unknown): number => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)

function comparableItem(held: HeldType, { metadata, container, parts }: HeldItem, map: boolean): unknown {
  const properties = propertiesOf(metadata)
  const kept = Object.entries(properties).filter(
    ([name]) => !(name in assigned) && !['fields', 'o365:People', 'o365:Lookups'].includes(name),
  )
  const fields = Object.entries(properties.fields as JsonObject).filter(
    ([name]) => !(name in assignedFields) && !isReference(name, properties),
  )
  const persons = Object.entries((properties['o365:People'] ?? {}) as JsonObject).filter(
    ([name]) => !['Author', 'Editor'].includes(name),
  )
  const lookups = Object.entries((properties['o365:Lookups'] ?? {}) as unknown as Readonly<Record<string, Lookup>>)
  return {
    list: held.containers.find(({ id }) => container.startsWith(id))?.name,
    name: metadata['o365:Name'],
    contentType: (properties.contentType as { name: string }).name,
    ...Object.fromEntries(kept),
    fields: Object.fromEntries(fields.sort(byText)),
    persons: Object.fromEntries(
      persons
        .map(([name, all]) => [name, (all as unknown as readonly Person[]).map((one) => personName(one, map))] as const)
        .sort(byText),
    ),
    lookups: Object.fromEntries(
      lookups
        .map(
          ([name, { list, column, values }]) =>
            [
              name,
              {
                column,
                list: held.containers.find(({ id }) => id === list)?.name,
                values: values.map(({ value }) => value),
              },
            ] as const,
        )
        .sort(byText),
    ),
    parts: [...parts].map(([name, bytes]) => [name, Buffer.from(bytes).toString()]).sort(byText),
  }
}

interface Person {
  readonly name?: string
  readonly email?: string
}

interface Lookup {
  readonly list: string
  readonly column: string
  readonly values: readonly { readonly value?: string }[]
}

function personName({ name, email }: Person, map: boolean): string | undefined {
  if (email === undefined) return name
  return map ? people[email] : email
}

/** Numbers of persons and lookups differ from site to site: who and what they stand for is compared instead. */
function isReference(name: string, properties: JsonObject): boolean {
  const base = name.replace(/LookupId$/, '')
  return [properties['o365:People'], properties['o365:Lookups']].some((all) => base in ((all ?? {}) as object))
}

/** What of a list's schema has to be equal: columns that people made, with what they hold. */
function schemaOf(name: string, metadata: JsonObject): unknown {
  const { description, list, columns: all = [], contentTypes = [] } = propertiesOf(metadata)
  const own = (all as readonly JsonObject[]).filter(
    ({ readOnly, name: column }) => readOnly !== true || column === 'Total',
  )
  return {
    name,
    description,
    list,
    // Terms belong to the sets of a tenant.
    columns: own
      .filter((column) => column.name !== 'Department')
      .map(comparableColumn)
      .sort(byText),
    contentTypes: (contentTypes as readonly JsonObject[]).map((type) => type.name),
  }
}

function comparableColumn({ id: _id, lookup, ...column }: JsonObject): unknown {
  if (lookup === undefined) return column
  const { listId: _list, ...more } = lookup as JsonObject
  return { ...column, lookup: more }
}
