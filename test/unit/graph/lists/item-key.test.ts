import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import { columnJson, fits } from '../../../../src-main/graph/lists/column-json.ts'
import { asColumn, columnsOf, ownColumns } from '../../../../src-main/graph/lists/columns.ts'
import { targetFields } from '../../../../src-main/graph/lists/item-fields.ts'
import type { FieldMapping } from '../../../../src-main/graph/lists/item-fields.ts'
import { itemKey } from '../../../../src-main/graph/lists/item-key.ts'

const definitions: JsonObject[] = [
  { id: '1', name: 'Title', text: {} },
  { id: '2', name: 'Notes', text: { textType: 'richText' } },
  { id: '3', name: 'Amount', number: {} },
  { id: '4', name: 'Due', dateTime: {} },
  { id: '5', name: 'Done', boolean: {} },
  { id: '6', name: 'Tags', choice: { displayAs: 'checkBoxes' }, defaultValue: { value: 'a' } },
  { id: '7', name: 'Total', calculated: { formula: '=1' }, readOnly: true },
  { id: '8', name: 'Who', displayName: 'Who is it', personOrGroup: { allowMultipleSelection: true } },
  { id: '9', name: 'Customer', lookup: { listId: 'c', columnName: 'Title' } },
  { id: '10', name: 'Author', personOrGroup: {}, readOnly: true },
]

const columns = ownColumns(columnsOf({ columns: definitions }))

const key = (fields: JsonObject): string =>
  itemKey(
    fields,
    columns.map((column) => ({ column, field: column.name })),
  )

describe('what makes two items the same', () => {
  const item = { Title: 'Boxes', Notes: '<p>a  b</p>', Amount: 1, Due: '2026-01-01T00:00:00Z', Tags: ['a'] }

  test.each([
    ['line ends and spaces at the end', { Title: 'Boxes\r\n' }],
    ['HTML that says the same', { Notes: '<div class="ExternalClass1"><p>a b</p></div>' }],
    ['another form of the time', { Due: '2026-01-01T00:00:00.000Z' }],
    ['nothing and false', { Done: false }],
    ['what is calculated', { Total: 5 }],
    ['fields of the system', { Modified: '2026-05-05T00:00:00Z', id: '7' }],
  ])('%s make no difference', (_what, change) => {
    expect(key({ ...item, ...change })).toBe(key(item))
  })

  test.each([
    { Title: 'boxes' },
    { Amount: 2 },
    { Due: '2026-01-02T00:00:00Z' },
    { Tags: ['a', 'b'] },
    { Done: true },
    { Notes: '' },
  ])('%j does', (change) => {
    expect(key({ ...item, ...change })).not.toBe(key(item))
  })
})

describe('fields for the target', () => {
  const mapping: FieldMapping = {
    columns,
    target: (stored) => ({ ...stored, name: `${stored.name}2` }),
    person: ({ id }) => Promise.resolve(id === 1 ? { id: 11 } : { missing: 'person-unmapped' }),
    restored: (list, item) => (list === 'c' && item === 5 ? 50 : undefined),
  }
  const properties = (fields: JsonObject, customer: number): JsonObject => ({
    fields,
    'o365:People': { Who: [{ id: 1 }, { id: 2 }], Author: [{ id: 1 }] },
    'o365:Lookups': { Customer: { list: 'c', column: 'Title', values: [{ id: customer, value: 'x' }] } },
  })

  test('values go under the names of the target, with types where they are lists', async () => {
    const { json, remarks, open } = await targetFields(
      properties({ Title: 'a', Tags: ['b'], Total: 3, Modified: 'x' }, 5),
      mapping,
    )
    expect(json).toEqual({
      Title2: 'a',
      'Tags2@odata.type': 'Collection(Edm.String)',
      Tags2: ['b'],
      'Who2LookupId@odata.type': 'Collection(Edm.Int32)',
      Who2LookupId: [11],
      Customer2LookupId: 50,
    })
    expect(remarks).toEqual([{ code: 'person-unmapped', detail: 'Who is it' }])
    expect(open).toEqual([])
  })

  test('an empty field with a default is sent as empty, a lookup to what is not there waits', async () => {
    const { json, open } = await targetFields(properties({}, 6), mapping)
    expect(json).toMatchObject({ Tags2: null })
    expect(json).not.toHaveProperty('Customer2LookupId')
    expect(open).toMatchObject([{ list: 'c', values: [{ id: 6, value: 'x' }] }])
  })
})

describe('columns', () => {
  test('are made with what they had, without what belongs to the source', () => {
    const column = asColumn({
      id: '1',
      name: 'Customer',
      displayName: 'The customer',
      description: '',
      required: true,
      enforceUniqueValues: true,
      readOnly: false,
      columnGroup: 'Custom Columns',
      lookup: { listId: 'old', columnName: 'Title', allowMultipleValues: true, primaryLookupColumnId: null },
    })
    expect(columnJson(column, { listId: 'new', columnName: 'Name' })).toEqual({
      name: 'Customer',
      displayName: 'The customer',
      required: true,
      indexed: true,
      enforceUniqueValues: true,
      lookup: { allowMultipleValues: true, listId: 'new', columnName: 'Name' },
    })
  })

  test('fit if they hold the same, or nobody knows', () => {
    const column = (definition: JsonObject) => asColumn({ name: 'X', ...definition })
    expect(fits(column({ text: {} }), column({ text: { maxLength: 5 } }))).toBe(true)
    expect(fits(column({ text: {} }), column({}))).toBe(true)
    expect(fits(column({ currency: {} }), column({ number: {} }))).toBe(true)
    expect(fits(column({ number: {} }), column({ text: {} }))).toBe(false)
    expect(fits(column({ choice: {} }), column({ choice: { displayAs: 'checkBoxes' } }))).toBe(false)
  })

  test('those that every list has are nobody’s', () => {
    expect(columns.map(({ name }) => name)).not.toContain('Author')
  })
})
