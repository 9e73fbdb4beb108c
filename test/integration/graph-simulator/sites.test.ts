import { expect, test } from 'vitest'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import { siteDirectory } from '../../support/graph-simulator/services/sites/index.ts'
import type { SiteDirectory } from '../../support/graph-simulator/services/sites/index.ts'
import type { SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { items, names, text, withDrives } from './drive-bench.ts'
import type { DriveBench } from './drive-bench.ts'
import { Contract, contractFolder } from './schema.ts'

const host = 'contoso.sharepoint.com'

interface SiteBench extends DriveBench {
  readonly sites: SiteDirectory
}

function withSites(use: (bench: SiteBench) => Promise<void>, options: Partial<SimulatorOptions> = {}): Promise<void> {
  return withDrives((bench) => use({ ...bench, sites: siteDirectory(bench.simulator.tenant) }), options)
}

const layout = {
  horizontalSections: [
    {
      layout: 'oneColumn',
      id: '1',
      emphasis: 'none',
      columns: [
        {
          id: '1',
          width: 12,
          webparts: [
            { '@odata.type': '#microsoft.graph.textWebPart', id: 'b8ab0e08', innerHtml: '<p>Welcome to the team</p>' },
          ],
        },
      ],
    },
  ],
}

function everything({ sites, simulator }: SiteBench): { readonly site: string; readonly page: string } {
  sites.add({ path: '', displayName: 'Contoso' })
  const group = groupDirectory(simulator.tenant).add({ displayName: 'Crew' })
  sites.add({ path: 'sites/crew', displayName: 'Crew', group: group.id })
  sites.add({ host: 'contoso-my.sharepoint.com', path: 'personal/alex', displayName: 'Alex', personal: true })
  const { id: site } = sites.add({ path: 'sites/research', displayName: 'Research', description: 'All of it' })
  sites.add({ path: 'sites/research/sub', displayName: 'Below', parent: site })
  sites.addLibrary(site, 'Papers')
  sites.addColumn(site, { name: 'Cost', number: { decimalPlaces: 'two' } })
  sites.addContentType(site, { name: 'Report' })
  sites.grant(site, {
    roles: ['read'],
    application: { id: '89ea5c94-7736-4e25-95ad-3fa95f62b66e', displayName: 'App' },
  })
  const by = { displayName: 'Megan Bowen', email: 'megan@contoso.example' }
  const page = sites.addPage(site, {
    name: 'Welcome.aspx',
    title: 'Welcome',
    description: 'First steps',
    titleArea: { layout: 'plain', showAuthor: true },
    canvasLayout: layout,
    published: true,
    by,
  })
  return { site, page }
}

test('answers of sites fit the published schemas', () =>
  withSites(async (bench) => {
    const { site, page } = everything(bench)
    if (contractFolder === undefined) {
      process.stdout.write('The contract data (../shared/graph) is not there: answers were not compared with it.\n')
      return
    }
    const contract = new Contract(contractFolder)
    const crew = bench.sites.byPath(host, 'sites/crew')
    const shapes = [
      ['siteCollectionResponse', '/sites/getAllSites'],
      ['siteCollectionResponse', '/sites?search=*'],
      ['siteCollectionResponse', '/sites'],
      ['siteCollectionResponse', '/sites/delta'],
      ['site', `/sites/${site}?$select=id,sharepointIds,displayName`],
      ['site', `/sites/${site}`],
      ['site', `/groups/${crew?.group ?? ''}/sites/root`],
      ['siteCollectionResponse', `/sites/${site}/sites`],
      ['driveCollectionResponse', `/sites/${site}/drives`],
      ['drive', `/sites/${site}/drive?$select=id,sharePointIds`],
      ['columnDefinitionCollectionResponse', `/sites/${site}/columns`],
      ['contentTypeCollectionResponse', `/sites/${site}/contentTypes`],
      ['permissionCollectionResponse', `/sites/${site}/permissions`],
      ['baseSitePageCollectionResponse', `/sites/${site}/pages`],
      ['sitePage', `/sites/${site}/pages/${page}`],
      ['sitePage', `/sites/${site}/pages/${page}/microsoft.graph.sitePage`],
    ] as const
    for (const [shape, path] of shapes) {
      const answer = await bench.ask('GET', path)
      expect([path, answer.status]).toEqual([path, 200])
      const problems = contract.problems(`microsoft.graph.${shape}`, answer.json)
      // The page of drives, columns and people's mail addresses is wider than the published schemas.
      expect(
        problems.filter((problem) => !/\.email is not in the schema$|\.owner\.group is not/.test(problem)),
      ).toEqual([])
    }
  }))

test('finds a site by every documented address', () =>
  withSites(async ({ sites, ask }) => {
    sites.add({ path: '', displayName: 'Contoso' })
    const { id } = sites.add({ path: 'sites/a b', displayName: 'A B' })
    const [, collection = ''] = id.split(',')
    const { id: below } = sites.add({ path: 'sites/a b/sub', displayName: 'Sub', parent: id })
    const found: [string, string][] = [
      [id, `/sites/${id}`],
      [id, `/sites/${collection}`],
      [id, `/sites/${host}:/sites/a%20b`],
      [id, `/sites/${host}:/sites/A%20B:`],
      [id, `/sites/${host}/getByPath(path='sites/a%20b')`],
      [below, `/sites/${id}/getByPath(path='/sub')`],
      [below, `/sites/${host}:/sites/a%20b/sub`],
      ['Contoso', '/sites/root'],
      ['Contoso', `/sites/${host}`],
    ]
    for (const [wanted, path] of found) {
      const { json, status } = await ask('GET', path)
      expect([path, status]).toEqual([path, 200])
      expect([text({ json }, 'id'), text({ json }, 'displayName')]).toContain(wanted)
    }
    const drive = await ask('GET', `/sites/${host}:/sites/a%20b:/drive`)
    expect(text(drive, 'webUrl')).toBe(`https://${host}/sites/a%20b/Shared%20Documents`)
    const missing = await ask('GET', `/sites/${host}:/sites/nowhere`)
    expect([missing.status, ...missing.codes]).toEqual([404, 'itemNotFound'])
  }))

test('lists all sites by pages, without subsites unless told, personal ones too', () =>
  withSites(async ({ sites, ask }) => {
    const parent = sites.add({ path: 'sites/0', displayName: 'Site 0' }).id
    for (const number of [1, 2, 3, 4])
      sites.add({ path: `sites/${String(number)}`, displayName: `Site ${String(number)}` })
    sites.add({ path: 'sites/0/sub', displayName: 'Sub', parent })
    sites.add({ host: 'contoso-my.sharepoint.com', path: 'personal/a', displayName: 'A', personal: true })
    sites.pageSize = 2
    const seen: unknown[] = []
    let next: string | undefined = '/sites/getAllSites'
    while (next !== undefined) {
      const answer = await ask('GET', next)
      seen.push(...items(answer).map(({ displayName }) => displayName))
      next = answer.json['@odata.nextLink'] as string | undefined
    }
    expect(seen).toEqual(['Site 0', 'Site 1', 'Site 2', 'Site 3', 'Site 4', 'A'])
    sites.pageSize = 200
    sites.listsSubsites = true
    expect(items(await ask('GET', '/sites/getAllSites'))).toHaveLength(7)
    const found = await ask('GET', '/sites?search=Site%203')
    expect(names(found)).toEqual(['3'])
    const refused = await ask('GET', '/sites?$filter=name%20eq%20%27x%27')
    expect([refused.status, ...refused.codes]).toEqual([400, 'invalidRequest'])
  }))

test('tells changes of sites by delta', () =>
  withSites(async ({ sites, ask }) => {
    const one = sites.add({ path: 'sites/one', displayName: 'One' }).id
    const two = sites.add({ path: 'sites/two', displayName: 'Two' }).id
    const first = await ask('GET', '/sites/delta')
    expect(items(first).map(({ id }) => id)).toEqual([one, two])
    const link = text(first, '@odata.deltaLink')
    expect(items(await ask('GET', link))).toEqual([])
    sites.rename(two, 'Second')
    sites.remove(one)
    expect(items(await ask('GET', link))).toMatchObject([
      { id: two, displayName: 'Second' },
      { id: one, '@removed': { reason: 'deleted' } },
    ])
    const dead = await ask('GET', '/sites/delta?$deltatoken=foreign')
    expect([dead.status, ...dead.codes]).toEqual([410, 'resyncRequired'])
  }))

test('answers for locked, closed, read-only and deleted sites and their libraries', () =>
  withSites(async ({ sites, drives, ask }) => {
    const { id } = sites.add({ path: 'sites/closed', displayName: 'Closed' })
    const library = drives.ofSite(id)[0]?.id ?? ''
    const paths = [`/sites/${id}`, `/sites/${id}/drives`, `/drives/${library}/root/delta`, `/sites/${id}/pages`]
    const codes = async (): Promise<unknown[]> =>
      await Promise.all(paths.map(async (path) => [(await ask('GET', path)).status, ...(await ask('GET', path)).codes]))
    sites.lock(id, 'locked')
    expect(await codes()).toEqual(paths.map(() => [423, 'notAllowed']))
    sites.lock(id, 'denied')
    expect(await codes()).toEqual(paths.map(() => [403, 'accessDenied']))
    sites.lock(id, 'read-only')
    expect(await codes()).toEqual(paths.map(() => [200]))
    const written = await ask('POST', `/drives/${library}/root/children`, { name: 'x', folder: {} })
    expect([written.status, ...written.codes]).toEqual([403, 'notAllowed'])
    sites.remove(id)
    expect(await codes()).toEqual(paths.map(() => [404, 'itemNotFound']))
  }))

test("shows a group's site and its libraries by the group, the site and the list", () =>
  withSites(async ({ sites, simulator, ask }) => {
    const group = groupDirectory(simulator.tenant).add({ displayName: 'Crew', mail: 'crew@contoso.example' })
    const none = await ask('GET', `/groups/${group.id}/drive`)
    expect([none.status, ...none.codes]).toEqual([404, 'itemNotFound'])
    const { id } = sites.add({ path: 'sites/crew', displayName: 'Crew', group: group.id })
    sites.addLibrary(id, 'Plans')
    const ofGroup = await ask('GET', `/groups/${group.id}/drive`)
    const ofSite = await ask('GET', `/sites/${id}/drive`)
    expect(text(ofGroup, 'id')).toBe(text(ofSite, 'id'))
    const all = await ask('GET', `/sites/${id}/drives?$select=id,name,owner,driveType,sharePointIds`)
    expect(names(all)).toEqual(['Documents', 'Plans'])
    expect(all.json.value).toMatchObject(
      [0, 1].map(() => ({
        driveType: 'documentLibrary',
        owner: { group: { id: group.id, email: 'crew@contoso.example', displayName: 'Crew' } },
        sharePointIds: { siteUrl: `https://${host}/sites/crew` },
      })),
    )
    const [, plans] = items(all)
    const { listId } = (plans?.sharePointIds ?? {}) as { readonly listId?: string }
    expect(text(await ask('GET', `/sites/${id}/lists/${listId ?? ''}/drive`), 'id')).toBe(plans?.id)
    const root = await ask('GET', `/groups/${group.id}/sites/root`)
    expect(text(root, 'id')).toBe(id)
  }))

test('asks for the roles of the reference', () =>
  withSites(
    async ({ sites, ask }) => {
      const { id } = sites.add({ path: 'sites/a', displayName: 'A' })
      const status = async (path: string, method = 'GET', body?: object): Promise<number> =>
        (await ask(method, path, body)).status
      expect(await status('/sites/getAllSites')).toBe(200)
      expect(await status(`/sites/${id}/columns`)).toBe(200)
      expect(await status(`/sites/${id}/permissions`)).toBe(403)
      expect(await status(`/sites/${id}/pages`, 'POST', {})).toBe(403)
    },
    { app: { roles: ['Sites.Read.All'] } },
  ))

test('makes pages as drafts, of names that are free', () =>
  withSites(async ({ sites, ask }) => {
    const { id } = sites.add({ path: 'sites/a', displayName: 'A' })
    const page = { '@odata.type': '#microsoft.graph.sitePage', name: 'News.aspx', title: 'News', canvasLayout: layout }
    const made = await ask('POST', `/sites/${id}/pages`, page)
    expect(made.json).toMatchObject({ title: 'News', publishingState: { level: 'draft' } })
    const again = await ask('POST', `/sites/${id}/pages`, { ...page, name: 'news.aspx' })
    expect([again.status, ...again.codes]).toEqual([409, 'nameAlreadyExists'])
    const path = `/sites/${id}/pages/${text(made, 'id')}/microsoft.graph.sitePage`
    expect((await ask('GET', path)).json).not.toHaveProperty('canvasLayout')
    expect((await ask('GET', `${path}?$expand=canvasLayout`)).json).toMatchObject({ canvasLayout: layout })
    expect((await ask('GET', `${path}/webParts`)).json.value).toHaveLength(1)
    const refusals = [
      { ...page, '@odata.type': undefined },
      { ...page, name: 'x.html' },
      { ...page, name: 'y.aspx', title: '' },
      { ...page, name: 'y.aspx', eTag: '1' },
      { ...page, name: 'y.aspx', pageLayout: 'microsoftReserved' },
      { ...page, name: 'y.aspx', canvasLayout: { horizontalSections: [{ layout: 'sevenColumns' }] } },
    ]
    for (const body of refusals) expect((await ask('POST', `/sites/${id}/pages`, body)).status).toBe(400)
    expect((await ask('GET', `/sites/${id}/pages?$expand=canvasLayout`)).status).toBe(400)
  }))
