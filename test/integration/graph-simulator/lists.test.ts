import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startGraphSimulator } from '../../support/graph-simulator/index.ts'
import type { GraphSimulator } from '../../support/graph-simulator/index.ts'
import { listDirectory } from '../../support/graph-simulator/services/lists/state.ts'
import type { ListDirectory } from '../../support/graph-simulator/services/lists/state.ts'
import { siteDirectory } from '../../support/graph-simulator/services/sites/state.ts'

let simulator: GraphSimulator
let lists: ListDirectory
let site: string
let token: string

const ada = 'ada@contoso.example'

beforeEach(async () => {
  simulator = await startGraphSimulator({
    tenant: { kind: 'inline', users: [{ userPrincipalName: ada, displayName: 'Ada' }] },
  })
  lists = listDirectory(simulator.tenant)
  site = siteDirectory(simulator.tenant).add({ path: 'sites/team', displayName: 'Team' }).id
  token = issue()
})

afterEach(() => simulator.close())

function issue(audience?: string, byCertificate?: boolean): string {
  return simulator.tokens.issue(Date.now(), 'https://sts.windows.net/x/', audience, byCertificate)
}

interface Answer {
  readonly status: number
  readonly json: Record<string, unknown>
  readonly location: string | null
}

async function ask(
  path: string,
  {
    method = 'GET',
    body,
    headers = {},
    as = token,
  }: {
    readonly method?: string
    readonly body?: object
    readonly headers?: Readonly<Record<string, string>>
    readonly as?: string
  } = {},
): Promise<Answer> {
  const url = path.startsWith('http')
    ? path
    : `${simulator.graphBaseUrl}${path.startsWith('/sharepoint') ? '' : '/v1.0'}${path}`
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${as}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
  return { status: response.status, json, location: response.headers.get('location') }
}

const values = ({ json }: Answer): readonly Record<string, unknown>[] =>
  json.value as readonly Record<string, unknown>[]
const codeOf = ({ json }: Answer): string => (json.error as { code: string }).code
const at = (path = ''): string => `/sites/${encodeURIComponent(site)}/lists${path}`

describe('lists', () => {
  test('hide what the system has, unless it is selected', async () => {
    lists.addList(site, { displayName: 'Mine' })
    const plain = values(await ask(at()))
    expect(plain.map(({ displayName }) => displayName)).toEqual(['Documents', 'Site Pages', 'Mine'])
    const all = values(await ask(at('?$select=id,name,system')))
    expect(all.map(({ name }) => name)).toContain('users')
    expect(
      all.every((list) => Object.keys(list).every((name) => ['@odata.etag', 'id', 'name', 'system'].includes(name))),
    ).toBe(true)
  })

  test('are found by id and title, with columns and content types where they are expanded', async () => {
    const id = lists.addList(site, {
      displayName: 'Mine',
      columns: [
        { name: 'Link', kind: 'hyperlinkOrPicture' },
        { name: 'Secret', kind: 'text', hidden: true },
      ],
    })
    expect((await ask(at('/Mine'))).json.id).toBe(id)
    const { json } = await ask(at(`/${id}?$select=id&$expand=columns,contentTypes`))
    const columns = json.columns as readonly Record<string, unknown>[]
    expect(columns.find(({ name }) => name === 'Link')).not.toHaveProperty('hyperlinkOrPicture')
    expect(columns.some(({ name }) => name === 'Secret')).toBe(false)
    const [type] = json.contentTypes as readonly { id: string }[]
    const told = values(await ask(at(`/${id}/contentTypes/${type?.id ?? ''}/columns`)))
    expect(told.find(({ name }) => name === 'Link')).toMatchObject({
      type: 'url',
      hyperlinkOrPicture: { isPicture: false },
    })
    expect((await ask(at('/nothing'))).status).toBe(404)
    expect((await ask(at(`/${id}?$expand=smell`))).status).toBe(400)
  })

  test('are made with their columns, or not at all', async () => {
    const body = {
      displayName: 'Books',
      columns: [{ name: 'Page Count', number: {} }],
      list: { template: 'genericList' },
    }
    const made = await ask(at(), { method: 'POST', body })
    expect(made.status).toBe(201)
    expect(lists.list(site, 'Books').column('Page_x0020_Count')?.displayName).toBe('Page Count')
    expect(codeOf(await ask(at(), { method: 'POST', body }))).toBe('nameAlreadyExists')
    const bad = { ...body, displayName: 'Bad', columns: [{ name: 'X', number: {}, text: {} }] }
    expect((await ask(at(), { method: 'POST', body: bad })).status).toBe(400)
    expect(lists.lists(site).map(({ displayName }) => displayName)).toEqual(['Books'])
    const library = { displayName: 'Contracts', list: { template: 'documentLibrary' } }
    expect((await ask(at(), { method: 'POST', body: library })).status).toBe(201)
    expect(values(await ask(at())).map(({ displayName }) => displayName)).toContain('Contracts')
  })

  test.each([
    ['a lookup of nothing', { lookup: { listId: '00000000-0000-4000-8000-000000000000', columnName: 'Title' } }],
    ['a term set of elsewhere', { term: { termSet: { id: '00000000-0000-4000-8000-000000000000' } } }],
    ['an approval', { contentApprovalStatus: {} }],
    ['a formula that is none', { calculated: { formula: 'A*B' } }],
    ['no type', {}],
    ['a unique one without an index', { text: {}, enforceUniqueValues: true }],
  ])('refuse columns: %s', async (_what, column) => {
    lists.addList(site, { displayName: 'Mine' })
    expect((await ask(at('/Mine/columns'), { method: 'POST', body: { name: 'X', ...column } })).status).toBe(400)
  })

  test('want the role for what is asked', async () => {
    lists.addList(site, { displayName: 'Mine' })
    simulator.tokens.setRoles(['Sites.ReadWrite.All'])
    const writer = issue()
    simulator.tokens.setRoles(['Sites.Read.All'])
    const reader = issue()
    const column = { method: 'POST', body: { name: 'X', text: {} } }
    const item = { method: 'POST', body: { fields: {} } }
    expect((await ask(at('/Mine/items'), { as: reader })).status).toBe(200)
    expect((await ask(at('/Mine/items'), { ...item, as: reader })).status).toBe(403)
    expect((await ask(at('/Mine/items'), { ...item, as: writer })).status).toBe(201)
    expect((await ask(at('/Mine/columns'), { ...column, as: writer })).status).toBe(403)
  })
})

describe('items', () => {
  function fill(): string {
    const other = lists.addList(site, { displayName: 'Others' })
    lists.addItem(site, other, { Title: 'One' })
    const id = lists.addList(site, {
      displayName: 'Mine',
      columns: [
        { name: 'Other', kind: 'lookup', facet: { listId: other, columnName: 'Title' } },
        { name: 'More', kind: 'lookup', facet: { listId: other, columnName: 'Title', allowMultipleValues: true } },
        { name: 'Who', kind: 'personOrGroup' },
        { name: 'Amount', kind: 'number', indexed: true },
        { name: 'Kind', kind: 'text' },
      ],
    })
    lists.addItem(site, id, { Title: 'First', Other: 1, More: [1], Who: lists.person(site, ada), Amount: 1, Kind: 'a' })
    return id
  }

  test('show single lookups and persons by number, and what they are only to who names them', async () => {
    fill()
    const [item] = values(await ask(at('/Mine/items?$expand=fields')))
    expect(item?.fields).toMatchObject({
      OtherLookupId: '1',
      More: [{ LookupId: 1, LookupValue: 'One' }],
      WhoLookupId: '1',
      Attachments: false,
    })
    expect(item?.fields).not.toHaveProperty('Other')
    const [named] = values(await ask(at('/Mine/items?expand=fields(select=Other,Who)')))
    expect(named?.fields).toEqual({ '@odata.etag': expect.any(String) as string, Other: 'One', Who: 'Ada' })
  })

  test('no more than twelve lookups in one query', async () => {
    const id = fill()
    const names = Array.from({ length: 13 }, (_, index) => `L${String(index)}`)
    for (const name of names)
      lists.addColumn(site, id, { name, kind: 'lookup', facet: { listId: id, columnName: 'Title' } })
    const chosen = (count: number): string =>
      at(`/Mine/items?$expand=fields($select=${names.slice(0, count).join(',')})`)
    expect((await ask(chosen(12))).status).toBe(200)
    expect((await ask(chosen(13))).status).toBe(400)
  })

  test('come in pages of 200, and of 5,000 at most', async () => {
    fill()
    lists.addItems(site, 'Mine', 5_100, (index) => ({ Title: String(index) }))
    const first = await ask(at('/Mine/items?$select=id'))
    expect(values(first)).toHaveLength(200)
    expect(values(await ask(String(first.json['@odata.nextLink'])))).toHaveLength(200)
    expect(values(await ask(at('/Mine/items?$select=id&$top=9999')))).toHaveLength(5_000)
    const filter = (name: string): string => at(`/Mine/items?$filter=fields/${name} eq 1`)
    expect((await ask(filter('Amount'))).status).toBe(200)
    expect((await ask(filter('Kind'))).status).toBe(400)
    const headers = { prefer: 'HonorNonIndexedQueriesWarningMayFailRandomly' }
    const { json } = await ask(filter('Kind'), { headers })
    expect(json.error).toMatchObject({ message: expect.stringContaining('list view threshold') as string })
  })

  test.each([
    ['an unknown field', { Smell: 'good' }],
    ['a read-only one', { Created: '2026-01-01T00:00:00Z' }],
    ['the author', { AuthorLookupId: 1 }],
    ['a lookup by its text', { Other: 'One' }],
    ['a lookup of nothing', { OtherLookupId: 99 }],
    ['a list without its type', { MoreLookupId: [1] }],
    ['a text for a number', { Amount: '1' }],
    ['a text that is too long', { Kind: 'x'.repeat(256) }],
  ])('refuse %s', async (_what, fields) => {
    fill()
    expect((await ask(at('/Mine/items'), { method: 'POST', body: { fields } })).status).toBe(400)
    expect(lists.items(site, 'Mine')).toHaveLength(1)
  })

  test('are made and changed', async () => {
    fill()
    const fields = {
      Title: 'Second',
      OtherLookupId: 1,
      'MoreLookupId@odata.type': 'Collection(Edm.Int32)',
      MoreLookupId: [1],
    }
    const made = await ask(at('/Mine/items'), { method: 'POST', body: { fields } })
    expect(made.json).toMatchObject({ id: '2', fields: { OtherLookupId: '1' } })
    const path = at('/Mine/items/2/fields')
    const stale = { 'if-match': '"00000000-0000-4000-8000-000000000000,9"' }
    expect((await ask(path, { method: 'PATCH', body: { Kind: 'b' }, headers: stale })).status).toBe(412)
    expect((await ask(path, { method: 'PATCH', body: { Kind: 'b', OtherLookupId: null } })).json).not.toHaveProperty(
      'OtherLookupId',
    )
    expect((await ask(at('/Mine/items/2'), { method: 'DELETE' })).status).toBe(204)
    expect((await ask(at('/Mine/items/2'))).status).toBe(404)
  })

  test('tell what changed since a token; a dead one leads to the start', async () => {
    fill()
    lists.addItems(site, 'Mine', 9, (index) => ({ Title: String(index) }))
    const first = await ask(at('/Mine/items/delta?$expand=fields&$top=5'))
    expect(values(first)).toHaveLength(5)
    expect(values(first)[0]).not.toHaveProperty('lastModifiedBy')
    const second = await ask(String(first.json['@odata.nextLink']))
    const link = String(second.json['@odata.deltaLink'])
    expect(values(await ask(link))).toEqual([])
    lists.setFields(site, 'Mine', '3', { Kind: 'c' })
    lists.deleteItem(site, 'Mine', '4')
    const changed = await ask(link)
    expect(
      values(changed).map(({ id, deleted, fields }) => [id, deleted, (fields as { Kind?: string } | undefined)?.Kind]),
    ).toEqual([
      ['3', undefined, 'c'],
      ['4', { state: 'deleted' }, undefined],
    ])
    expect(values(await ask(at('/Mine/items/delta?token=latest')))).toEqual([])
    lists.breakCursors(site, 'Mine')
    const dead = await ask(link)
    expect([dead.status, codeOf(dead)]).toEqual([410, 'resyncChangesApplyDifferences'])
    expect(dead.location).toMatch(/items\/delta$/)
    expect((await ask(at('/Mine/items/delta?token=made-up'))).status).toBe(400)
  })
})

describe("SharePoint's own endpoint", () => {
  const host = 'contoso.sharepoint.com'
  const json = { accept: 'application/json;odata=nometadata' }

  function files(): string {
    const id = lists.addList(site, { displayName: 'Mine' })
    lists.attach(site, id, lists.addItem(site, id, { Title: 'x' }), "it's.txt", 'hello')
    return `/sharepoint/${host}/sites/team/_api/web/lists(guid'${id}')/items(1)/AttachmentFiles`
  }

  test('wants a token for its host, of an application with a certificate', async () => {
    const path = files()
    expect((await ask(path, { headers: json })).status).toBe(401)
    expect((await ask(path, { headers: json, as: issue(`https://${host}`, false) })).status).toBe(401)
    expect((await ask(path, { headers: json, as: issue('https://other.sharepoint.com', true) })).status).toBe(401)
    const answer = await ask(path, { headers: json, as: issue(`https://${host}`, true) })
    expect(values(answer)).toMatchObject([{ FileName: "it's.txt" }])
    expect((await ask(at(), { as: issue(`https://${host}`, true) })).status).toBe(401)
  })

  test('lists, gives and takes files', async () => {
    const path = files()
    const as = issue(`https://${host}`, true)
    const headers = { authorization: `Bearer ${as}` }
    const content = await fetch(`${simulator.graphBaseUrl}${path}('it''s.txt')/$value`, { headers })
    expect(await content.text()).toBe('hello')
    const add = { method: 'POST', as, headers: json, body: { any: 'bytes' } }
    expect((await ask(`${path}/add(FileName='new.txt')`, add)).status).toBe(200)
    expect((await ask(`${path}/add(FileName='NEW.txt')`, add)).status).toBe(400)
    expect((await ask(`${path}/add(FileName='a%3Ab')`, add)).status).toBe(400)
    expect(lists.items(site, 'Mine')[0]?.attachments.get('new.txt')?.toString()).toBe('{"any":"bytes"}')
  })
})
