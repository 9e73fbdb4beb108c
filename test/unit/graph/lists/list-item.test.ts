import { describe, expect, test } from 'vitest'
import { listItemId, isItemsId, itemsId, schemaId, splitId } from '../../../../src-main/graph/lists/ids.ts'
import { treatmentOf } from '../../../../src-main/graph/lists/list-kinds.ts'
import { listedProperties, schemaProperties } from '../../../../src-main/graph/lists/list-item.ts'
import { listsDescriber } from '../../../../src-main/graph/lists/reader.ts'

const entry = {
  '@odata.etag': '"a,3"',
  id: '12',
  eTag: '"a,3"',
  createdDateTime: '2026-01-31T10:00:00Z',
  lastModifiedDateTime: '2026-02-01T10:00:00Z',
  createdBy: { user: { displayName: 'Ada', email: 'ada@contoso.example' } },
  fields: {
    '@odata.etag': '"a,3"',
    id: '12',
    Title: 'Boxes',
    Notes: '<p>With <b>care</b></p>',
    Attachments: true,
    WhoLookupId: '7',
  },
  'o365:People': { Who: [{ id: 7, name: 'Alan', email: 'alan@contoso.example' }], Author: [{ id: 1, name: 'Ada' }] },
  'o365:Lookups': { Customer: { list: 'c', column: 'Title', values: [{ id: 1, value: 'Northwind' }] } },
  'o365:Attachments': ['offer.pdf'],
}

const stored = (files = true) => {
  const properties = listedProperties(entry, 'l1', files)
  const { id: _, ...reader } = { id: '', properties }
  return { 'o365:v': 1, 'o365:Type': 'listItem', 'o365:Id': listItemId('l1', '12'), 'o365:Name': 'Boxes', ...reader }
}

describe('what is stored of lists', () => {
  test('ids hold the list', () => {
    expect(splitId(listItemId('a-b', '5'))).toEqual({ list: 'a-b', item: '5' })
    expect(splitId(schemaId('a-b'))).toEqual({ list: 'a-b', item: undefined })
    expect(splitId(itemsId('a-b'))).toEqual({ list: 'a-b', item: undefined })
    expect([isItemsId(itemsId('x')), isItemsId(schemaId('x')), isItemsId('x')]).toEqual([true, false, false])
  })

  test('a row says who, what and when, and lies in the month of its making', () => {
    expect(listsDescriber.row(stored(), 0)).toEqual({
      name: expect.stringMatching(/^Boxes ~[a-z2-7]{10}$/) as string,
      shard: '2026-01',
      time: Date.parse('2026-02-01T10:00:00Z'),
      size: 0,
      title: 'Boxes',
      from: 'Ada',
      to: 'Alan <alan@contoso.example>',
      hasAttachments: true,
    })
  })

  test('the change key follows the item, and whether its files can be read', () => {
    expect(listsDescriber.identity(stored())).toEqual({ id: 'l1:12', changeKey: '"a,3" files' })
    expect(listsDescriber.identity(stored(false)).changeKey).toBe('"a,3" no files')
  })

  test('the text has what people entered, and none of the numbers', async () => {
    const text = await listsDescriber.searchText(stored(), new Uint8Array(0))
    for (const word of ['Boxes', 'With care', 'Northwind', 'offer.pdf']) expect(text).toContain(word)
    expect(text).not.toContain('7')
  })

  test('a schema is called so, and its key changes with it', () => {
    const properties = schemaProperties({
      id: 'l1',
      displayName: 'Orders',
      columns: [{ name: 'Color', displayName: 'Color' }],
    })
    const metadata = { 'o365:Id': 'l1:schema', 'o365:Name': 'Orders', properties }
    expect(listsDescriber.row(metadata, 0)).toMatchObject({ name: 'schema', shard: '', title: 'Orders' })
    const other = schemaProperties({ id: 'l1', displayName: 'Orders', columns: [] })
    expect(listsDescriber.identity({ properties: other }).changeKey).not.toBe(
      listsDescriber.identity(metadata).changeKey,
    )
  })

  test.each([
    {},
    { properties: 5 },
    { properties: { fields: [], 'o365:People': 1, 'o365:Lookups': 'x', 'o365:Notices': {} } },
  ])('foreign metadata does no harm: %j', async (metadata) => {
    expect(listsDescriber.row(metadata, 0)).toMatchObject({ title: '', from: '', to: '', time: 0 })
    expect(listsDescriber.identity(metadata)).toEqual({ id: '', changeKey: '' })
    expect(listsDescriber.notices?.(metadata)).toEqual([])
    expect(typeof (await listsDescriber.searchText(metadata, new Uint8Array(0)))).toBe('string')
  })
})

describe('which lists are read', () => {
  const list = (template: string, more: object = {}) => ({ list: { template, hidden: false }, ...more })

  test.each([
    [list('genericList'), 'read'],
    [list('tasks'), 'read'],
    [list('announcements'), 'read'],
    [{}, 'read'],
    [list('documentLibrary'), 'left-out'],
    [list('webPageLibrary'), 'left-out'],
    [list('genericList', { system: {} }), 'left-out'],
    [list('designCatalog'), 'left-out'],
    [{ list: { template: 'genericList', hidden: true } }, 'told'],
    [list('workflowHistory'), 'told'],
    [list('accessRequest'), 'told'],
  ] as const)('%j: %s', (entryOfList, treatment) => {
    expect(treatmentOf(entryOfList)).toBe(treatment)
  })
})
