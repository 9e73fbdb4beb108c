import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { tenantNotes, type StoredSection } from '../../support/graph-simulator/services/onenote/state.ts'
import { connect, type Ask, type Graph, type JsonBody } from './client.ts'
import { Contract, contractFolder } from './schema.ts'

const user = 'ada@contoso.example'
const path = `/users/${user}/onenote`
let simulator: GraphSimulator
let graph: Graph
let section: StoredSection

beforeAll(async () => {
  simulator = await startGraphSimulator({ tenant: { kind: 'inline', users: [{ userPrincipalName: user }] } })
  graph = await connect(simulator)
  const all = tenantNotes(simulator.tenant)
  all.appOnly = 'allow'
  const notes = all.of(user)
  const notebook = notes.addNotebook('Work', true)
  const group = notes.addGroup(notes.addGroup(notebook, 'Group'), 'Inner')
  section = notes.addSection(notebook, 'Section')
  notes.addSection(group, 'Deep')
  for (let number = 0; number < 25; number++) {
    notes.addPage(section, {
      title: `page ${String(number)}`,
      body: '<p>x</p>',
      createdDateTime: `2024-01-01T00:00:${String(number).padStart(2, '0')}Z`,
    })
  }
})

afterAll(async () => simulator.close())

function values(body: JsonBody): readonly JsonBody[] {
  return body.value as readonly JsonBody[]
}

async function refusal(address: string, ask?: Ask): Promise<string> {
  const answer = await graph(address, ask)
  return `${String(answer.status)} ${String((answer.json.error as JsonBody).code)}`
}

const html = (body: string): string =>
  `<html><head><title>New</title><meta name="created" content="2020-05-05T10:00:00+02:00" /></head><body>${body}</body></html>`
const asHtml = (body: string | Buffer, type = 'text/html'): Ask => ({
  method: 'POST',
  headers: { 'content-type': type },
  body,
})

function form(parts: readonly (readonly [name: string, type: string, content: string])[]): Ask {
  const lines = parts.map(
    ([name, type, content]) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`,
  )
  return asHtml(`${lines.join('')}--b--\r\n`, 'multipart/form-data; boundary=b')
}

describe('OneNote of the simulator', () => {
  it.skipIf(contractFolder === undefined)(
    'answers as the contract says (skipped without the contract data)',
    async () => {
      const contract = new Contract(contractFolder ?? '')
      const whole = '$expand=sections,sectionGroups($expand=sections,sectionGroups($levels=max;$expand=sections))'
      const notebooks = await graph(`${path}/notebooks?${whole}`)
      expect(contract.problems('microsoft.graph.notebookCollectionResponse', notebooks.json)).toEqual([])
      const sections = await graph(`${path}/sections`)
      expect(contract.problems('microsoft.graph.onenoteSectionCollectionResponse', sections.json)).toEqual([])
      const pages = await graph(`${path}/sections/${section.id}/pages?pagelevel=true`)
      expect(contract.problems('microsoft.graph.onenotePageCollectionResponse', pages.json)).toEqual([])
      const made = await graph(`${path}/sections/${section.id}/pages`, asHtml(html('<p>x</p>')))
      expect(contract.problems('microsoft.graph.onenotePage', made.json)).toEqual([])
      expect(made.json).toMatchObject({ title: 'New', createdDateTime: '2020-05-05T08:00:00Z' })
      await graph(`${path}/pages/${String(made.json.id)}`, { method: 'DELETE' })
    },
  )

  it('expands section groups to any depth', async () => {
    const query = '$expand=sectionGroups($expand=sections,sectionGroups($levels=max;$expand=sections))'
    const [notebook] = values((await graph(`${path}/notebooks?${query}`)).json)
    expect(notebook).toMatchObject({
      sectionGroups: [
        { displayName: 'Group', sectionGroups: [{ displayName: 'Inner', sections: [{ displayName: 'Deep' }] }] },
      ],
    })
    expect(notebook).not.toHaveProperty('sections')
  })

  it('gives 20 pages and a next link, and no next link with $top', async () => {
    const usual = (await graph(`${path}/sections/${section.id}/pages`)).json
    expect(values(usual)).toHaveLength(20)
    expect(values((await graph(String(usual['@odata.nextLink']))).json)).toHaveLength(5)
    const top = (await graph(`${path}/sections/${section.id}/pages?$top=10&$orderby=createdDateTime&$skip=20`)).json
    expect(values(top).map(({ title }) => title)).toEqual(['page 20', 'page 21', 'page 22', 'page 23', 'page 24'])
    expect(top).not.toHaveProperty('@odata.nextLink')
  })

  it.each([
    ['/sections/SECTION/pages?$top=101', '400 20129'],
    ['/pages?pagelevel=true', '400 20104'],
    ['/notebooks?$expand=pages', '400 20145'],
    ['/sections/1-00000000-0000-4000-a000-000000000000', '404 20102'],
    ['/sections/nonsense', '400 20112'],
    ['/sections?$search=x', '400 ErrorInvalidUrlQuery'],
    ['/resources/1-x/content', '404 20102'],
  ])('refuses %s with %s', async (address, expected) => {
    expect(await refusal(path + address.replace('SECTION', section.id))).toBe(expected)
  })

  it.each([
    [{}, '400 20152'],
    [{ displayName: ' x' }, '400 20154'],
    [{ displayName: 'x'.repeat(51) }, '400 20155'],
    [{ displayName: 'a#b' }, '400 20153'],
    [{ displayName: 'x', name: 'y' }, '400 20126'],
    [{ displayName: 'inner' }, '409 20117'],
  ])('refuses a section group %j with %s', async (json, expected) => {
    const [group] = tenantNotes(simulator.tenant).of(user).notebooks[0]?.groups ?? []
    expect(await refusal(`${path}/sectionGroups/${group?.id ?? ''}/sectionGroups`, { method: 'POST', json })).toBe(
      expected,
    )
  })

  it.each([
    ['no presentation', form([['Other', 'text/html', html('')]]), '400 20001'],
    [
      'two of a name',
      form([
        ['Presentation', 'text/html', html('')],
        ['Presentation', 'text/html', html('')],
      ]),
      '400 20009',
    ],
    ['another type', form([['Presentation', 'text/plain', html('')]]), '400 20003'],
    [
      'seven parts',
      form([
        ['Presentation', 'text/html', html('')],
        ...Array.from({ length: 6 }, (_, n) => [`p${String(n)}`, 'image/png', 'x'] as const),
      ]),
      '400 20015',
    ],
    ['no end', asHtml('--b\r\n\r\n', 'multipart/form-data; boundary=b'), '400 20011'],
    ['open tags', asHtml(html('<p>x')), '400 20100'],
    ['a picture without a part', asHtml(html('<img src="name:x" />')), '400 20011'],
    ['a file without a name', asHtml(html('<object data="name:x" type="a/b" />')), '400 20119'],
    [
      'a bad date',
      asHtml('<html><head><meta name="created" content="soon" /></head><body></body></html>'),
      '400 20007',
    ],
    ['5 MB', asHtml(Buffer.alloc(5_000_000)), '413 RequestEntityTooLarge'],
  ])('refuses a page with %s', async (_what, ask, expected) => {
    expect(await refusal(`${path}/sections/${section.id}/pages`, ask)).toBe(expected)
  })

  it('keeps a page as OneNote does: boxes, no ids, files by address', async () => {
    const ask = form([
      [
        'Presentation',
        'text/html',
        html(
          '<p id="mine" style="position:absolute;color:red">a</p><img src="name:i" width="5" data-fullres-src="x" />',
        ),
      ],
      ['i', 'image/png', 'PNG'],
    ])
    const made = (await graph(`${path}/sections/${section.id}/pages`, ask)).json
    const content = (await graph(`${path}/pages/${String(made.id)}/content`)).bytes.toString()
    expect(content).toContain(
      '<div data-id="_default" style="position:absolute;left:48px;top:120px;width:624px"><p style="color:red">a</p><img width="5" src="',
    )
    const resource = /data-fullres-src="([^"]+)"/.exec(content)?.[1] ?? ''
    expect((await graph(resource)).bytes.toString()).toBe('PNG')
    expect((await graph(`${path}/pages/${String(made.id)}/content?includeIDs=true`)).bytes.toString()).toMatch(
      /<p id="p:\{/,
    )
  })

  it('appends all of a change or nothing', async () => {
    const made = (await graph(`${path}/sections/${section.id}/pages`, asHtml(html('<p>a</p>')))).json
    const address = `${path}/pages/${String(made.id)}/content`
    const patch = (json: unknown): Promise<string> => refusal(address, { method: 'PATCH', json })
    expect(
      await patch([
        { target: 'body', action: 'append', content: '<p>b</p>' },
        { target: '#none', action: 'append', content: '<p>c</p>' },
      ]),
    ).toBe('400 20120')
    expect(await patch([])).toBe('400 20125')
    expect(await patch([{ target: 'none', action: 'append', content: 'x' }])).toBe('400 20134')
    expect(await patch({ target: 'body' })).toBe('400 20109')
    expect((await graph(address)).bytes.toString()).not.toContain('<p>b</p>')
    const good = [
      { target: '#_default', action: 'append', content: '<p>b</p>' },
      { target: 'title', action: 'replace', content: 'T' },
    ]
    expect((await graph(address, { method: 'PATCH', json: good })).status).toBe(204)
    expect((await graph(address)).bytes.toString()).toMatch(/<title>T<[\s\S]*<p>a<\/p><p>b<\/p>/)
  })

  it('refuses applications on their own as it does since 2025-03-31', async () => {
    const all = tenantNotes(simulator.tenant)
    all.appOnly = 'refuse'
    expect(await refusal(`${path}/notebooks`)).toBe('401 40001')
    all.appOnly = 'allow'
    simulator.tokens.setRoles(['User.Read.All'])
    const poor = await connect(simulator)
    expect((await poor(`${path}/notebooks`)).status).toBe(403)
  })
})
