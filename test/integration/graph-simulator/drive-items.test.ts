import { describe, expect, test } from 'vitest'
import { items, names, text, withDrives } from './drive-bench.ts'
import { alex, megan } from './tenant.ts'

const odd = "b #1%+'&😀 (x).txt"
const oddPath = encodeURIComponent(odd)

describe('drives', () => {
  test('a user has one, and more on request; each is found by its id', () =>
    withDrives(async ({ ask, drives, drive }) => {
      const own = await ask('GET', `/users/${alex}/drive`)
      expect(own.json).toMatchObject({ id: drive, driveType: 'business', quota: { state: 'normal' } })
      const { id } = drives.addDrive({ owner: alex, name: 'Old files' })
      expect(names(await ask('GET', `/users/${alex}/drives`))).toEqual(['OneDrive', 'Old files'])
      expect(text(await ask('GET', `/drives/${id}?$select=id,name`), 'name')).toBe('Old files')
      expect((await ask('GET', `/users/${alex}/drives/${id}`)).status).toBe(200)
      expect((await ask('GET', `/users/${megan}/drives/${id}`)).status).toBe(404)
      expect((await ask('GET', '/drives/b!nothing')).codes).toEqual(['itemNotFound'])
      expect((await ask('GET', '/users/nobody@contoso.example/drive')).status).toBe(404)
    }))

  test('a user may have none, which Graph says in several ways', () =>
    withDrives(async ({ ask, drives }) => {
      const answers = [
        ['mysite', 'ResourceNotFound'],
        ['mysite-url', 'UnknownError'],
        ['item', 'itemNotFound'],
        ['file-not-found', 'UnknownError'],
      ] as const
      for (const [how, code] of answers) {
        drives.removeDrive(megan, how)
        for (const path of ['drive', 'drives', 'drive/root/delta']) {
          const answer = await ask('GET', `/users/${megan}/${path}`)
          expect([answer.status, answer.codes]).toEqual([404, [code]])
        }
      }
    }))

  test('a drive of a group and one of a site', () =>
    withDrives(async ({ ask, drives }) => {
      drives.addDrive({ owner: { kind: 'group', id: 'g-1' } })
      const site = 'contoso.sharepoint.com,1,2'
      drives.addDrive({ owner: { kind: 'site', id: site }, name: 'Library' })
      drives.addFile(text(await ask('GET', `/sites/${site}/drive`), 'id'), 'x.txt', 'x')
      expect(text(await ask('GET', '/groups/g-1/drive'), 'driveType')).toBe('documentLibrary')
      expect(names(await ask('GET', `/sites/${site}/drives`))).toEqual(['Library'])
      expect((await ask('GET', `/sites/${site}/drive/root:/x.txt`)).status).toBe(200)
    }))

  test('an id of a personal drive is the same without its leading zeros', () =>
    withDrives(async ({ ask, drives }) => {
      drives.addDrive({ owner: { kind: 'group', id: 'p' }, type: 'personal', id: '0123456789ABCDEF' })
      drives.behave('0123456789ABCDEF', { shortDriveId: true })
      const id = drives.addFile('0123456789ABCDEF', 'a.txt', 'a')
      const item = await ask('GET', `/drives/123456789abcdef/items/${id}`)
      expect(item.json.parentReference).toMatchObject({ driveId: '123456789ABCDEF' })
      expect(item.json.file).toMatchObject({ hashes: { sha1Hash: '86F7E437FAA5A7FCE15D1DDCB9EAEAEA377667B8' } })
    }))
})

describe('items are found', () => {
  test('by every documented form of address', () =>
    withDrives(async ({ ask, drives, drive }) => {
      const id = drives.addFile(alex, `a/${odd}`, 'hello')
      const folder = drives.itemId(alex, 'a')
      drives.setSpecial(alex, 'a', 'documents')
      const forms = [
        `/drives/${drive}/root:/a/${oddPath}`,
        `/drives/${drive}/root:/A/${oddPath.toLowerCase()}:`,
        `/users/${alex}/drive/root:/a/${oddPath}`,
        `/users/${alex}/drives/${drive}/root:/a/${oddPath}`,
        `/drives/${drive}/items/${id}`,
        `/drives('${drive}')/items('${id}')`,
        `/drives/${drive}/items/${folder}:/${oddPath}`,
        `/drives/${drive}/items/root:/a/${oddPath}:`,
        `/users/${alex}/drive/special/documents:/${oddPath}`,
      ]
      for (const form of forms) expect([form, text(await ask('GET', form), 'id')]).toEqual([form, id])
      for (const form of [`root:/a:/children`, `items/${folder}/children`, `special/documents/children`])
        expect(names(await ask('GET', `/users/${alex}/drive/${form}`))).toEqual([odd])
      expect((await ask('GET', `/users/${alex}/drive/root:/`)).json).toMatchObject({ root: {}, name: 'root' })
    }))

  test('and what is not there is not', () =>
    withDrives(async ({ ask, drives, drive }) => {
      const id = drives.addFile(megan, 'a.txt', 'a')
      for (const path of [
        'root:/no.txt',
        `items/${id}`,
        'items/x',
        'root:/a/b:/content',
        'special/music',
        'items/x/children',
      ])
        expect((await ask('GET', `/drives/${drive}/${path}`)).codes).toEqual(['itemNotFound'])
      expect((await ask('GET', `/drives/${drive}/nonsense`)).status).toBe(400)
      expect((await ask('GET', `/drives/${drive}/root/nonsense`)).status).toBe(400)
      expect((await ask('GET', `/me/drive`)).status).toBe(400)
    }))

  test('with what they are', () =>
    withDrives(async ({ ask, drives, drive }) => {
      const file = drives.addFile(alex, 'a/b.txt', 'hello', {
        createdDateTime: '2020-01-01T00:00:00Z',
        lastModifiedDateTime: '2020-01-02T00:00:00Z',
        facets: { malware: { description: 'bad' } },
      })
      drives.addFile(alex, 'a/empty.txt', '')
      drives.addNotebook(alex, 'Notes')
      drives.addFile(megan, 'hers.txt', 'hers')
      drives.addShortcut(alex, 'hers', { drive: megan, item: 'hers.txt' })
      const item = await ask('GET', `/drives/${drive}/items/${file}`)
      expect(item.json).toMatchObject({
        name: 'b.txt',
        size: 5,
        file: { mimeType: 'text/plain', hashes: { quickXorHash: 'aCgDG9jwBgAAAAAABQAAAAAAAAA=' } },
        fileSystemInfo: { createdDateTime: '2020-01-01T00:00:00Z', lastModifiedDateTime: '2020-01-02T00:00:00Z' },
        parentReference: { driveId: drive, path: `/drives/${drive}/root:/a`, name: 'a' },
        malware: { description: 'bad' },
      })
      expect(text(item, 'cTag')).toMatch(/^"c:\{[0-9A-F-]{36}\},1"$/)
      const folder = await ask('GET', `/drives/${drive}/root:/a`)
      expect(folder.json).toMatchObject({ folder: { childCount: 2 }, size: 5 })
      expect(folder.json).not.toHaveProperty('cTag')
      const empty = await ask('GET', `/drives/${drive}/root:/a/empty.txt`)
      expect(empty.json.file).toEqual({ mimeType: 'text/plain' })
      const notes = await ask('GET', `/drives/${drive}/root:/Notes`)
      expect(notes.json).toMatchObject({ package: { type: 'oneNote' } })
      expect((await ask('GET', `/drives/${drive}/root:/Notes:/content`)).status).toBe(404)
      expect((await ask('GET', `/drives/${drive}/root:/hers`)).json).toMatchObject({ remoteItem: { name: 'hers.txt' } })
    }))

  test('with what was selected and expanded, and nothing else', () =>
    withDrives(async ({ ask, drives }) => {
      drives.addFile(alex, 'a/b.txt', 'hello')
      const path = `/users/${alex}/drive/root:/a`
      const plain = await ask('GET', `${path}/b.txt?$select=id,NAME`)
      expect(Object.keys(plain.json).toSorted()).toEqual(['@odata.context', 'id', 'name'])
      const url = await ask('GET', `${path}/b.txt?select=id,@microsoft.graph.downloadUrl`)
      expect(Object.keys(url.json)).toContain('@microsoft.graph.downloadUrl')
      const more = await ask('GET', `${path}?$select=id&$expand=children($select=name),permissions`)
      expect(more.json.children).toEqual([{ name: 'b.txt' }])
      expect(more.json.permissions).toHaveLength(1)
      for (const query of [
        '$select=nonsense',
        '$expand=nonsense',
        '$filter=x eq 1',
        '$skip=1',
        '$expand=children($top=1)',
      ])
        expect((await ask('GET', `${path}?${query}`)).status).toBe(400)
    }))
})

describe('children', () => {
  test('come in pages of 200, or as many as asked for', () =>
    withDrives(async ({ ask, drives }) => {
      drives.addFiles(alex, 'many', { count: 450, size: 3 })
      const path = `/users/${alex}/drive/root:/many:/children`
      const sizes: number[] = []
      const seen = new Set<string>()
      for (let link = `${path}?$select=id`; link !== 'undefined';) {
        const page = await ask('GET', link)
        sizes.push(items(page).length)
        for (const { id } of items(page)) seen.add(id)
        link = String(page.json['@odata.nextLink'])
      }
      expect(sizes).toEqual([200, 200, 50])
      expect(seen.size).toBe(450)
      const few = await ask('GET', `${path}?$top=3&$orderby=name desc`)
      expect(names(few)).toEqual(['000449.bin', '000448.bin', '000447.bin'])
      expect(names(await ask('GET', text(few, '@odata.nextLink')))).toEqual(['000446.bin', '000445.bin', '000444.bin'])
      expect((await ask('GET', `${path}?$top=0`)).status).toBe(400)
      expect((await ask('GET', `${path}?$skiptoken=forged`)).status).toBe(400)
    }))

  test('need a role that may read files', () =>
    withDrives(
      async ({ ask }) => {
        expect((await ask('GET', `/users/${alex}/drive/root/children`)).status).toBe(200)
        expect((await ask('POST', `/users/${alex}/drive/root/children`, { name: 'x', folder: {} })).status).toBe(403)
      },
      { app: { roles: ['Files.Read.All'] } },
    ))
})

describe('changing items', () => {
  test('folders are made, by id and by path, as conflictBehavior says', () =>
    withDrives(async ({ ask, drives }) => {
      const children = `/users/${alex}/drive/root/children`
      const fileSystemInfo = { createdDateTime: '2019-01-01T00:00:00Z', lastModifiedDateTime: '2019-01-02T00:00:00Z' }
      const made = await ask('POST', children, { name: 'New', folder: {}, fileSystemInfo })
      expect([made.status, made.json.fileSystemInfo]).toEqual([201, fileSystemInfo])
      expect((await ask('POST', children, { name: 'NEW', folder: {} })).codes).toEqual(['nameAlreadyExists'])
      const rename = { '@microsoft.graph.conflictBehavior': 'rename' }
      expect(text(await ask('POST', children, { name: 'new', folder: {}, ...rename }), 'name')).toBe('new 1')
      const replace = { '@microsoft.graph.conflictBehavior': 'replace' }
      expect(text(await ask('POST', children, { name: 'new', folder: {}, ...replace }), 'id')).toBe(text(made, 'id'))
      const inner = await ask('POST', `/users/${alex}/drive/root:/New:/children`, { name: 'inner', folder: {} })
      expect(inner.status).toBe(201)
      for (const body of [{ folder: {} }, { name: 'x' }, { name: 'x', folder: {}, size: 3 }, { name: 'x', file: {} }])
        expect((await ask('POST', children, body)).codes[0]).toBe('invalidRequest')
      expect(drives.dump(alex).map(({ path }) => path)).toEqual(['New', 'New/inner', 'new 1'])
    }))

  test('names that drives do not take are refused', () =>
    withDrives(async ({ ask }) => {
      const children = `/users/${alex}/drive/root/children`
      const bad = [
        'a:b',
        'a*',
        ' a',
        'a ',
        'a.',
        'CON',
        'desktop.ini',
        '~$x',
        'a_vti_b',
        'forms',
        'x'.repeat(256),
        'a\u0001',
      ]
      for (const name of bad)
        expect([name, (await ask('POST', children, { name, folder: {} })).codes[0]]).toEqual([name, 'invalidRequest'])
      for (const name of ['#', '%41', 'a+b', '.hidden', 'CONtent', 'e\u0301', '\u00e9'])
        expect([name, (await ask('POST', children, { name, folder: {} })).status]).toEqual([name, 201])
    }))

  test('a path has at most 400 characters', () =>
    withDrives(async ({ ask }) => {
      const long = 'f'.repeat(180)
      const post = (path: string): ReturnType<typeof ask> =>
        ask('POST', `/users/${alex}/drive/${path}`, { name: long, folder: {} })
      expect((await post('root/children')).status).toBe(201)
      expect((await post(`root:/${long}:/children`)).codes).toEqual(['invalidRequest', 'pathIsTooLong'])
    }))

  test('rename and move, by id and by path', () =>
    withDrives(async ({ ask, drives, drive }) => {
      const id = drives.addFile(alex, 'a/x.txt', 'x')
      drives.addFile(alex, 'b/x.txt', 'other')
      const before = await ask('GET', `/drives/${drive}/items/${id}`)
      const renamed = await ask('PATCH', `/users/${alex}/drive/root:/a/x.txt`, { name: 'X.TXT' })
      expect([renamed.status, renamed.json.name, renamed.json.cTag]).toEqual([200, 'X.TXT', before.json.cTag])
      expect(renamed.json.eTag).not.toBe(before.json.eTag)
      const parentReference = { id: drives.itemId(alex, 'b') }
      expect((await ask('PATCH', `/drives/${drive}/items/${id}`, { parentReference })).codes).toEqual([
        'nameAlreadyExists',
      ])
      expect((await ask('PATCH', `/drives/${drive}/items/${id}`, { parentReference, name: 'y.txt' })).status).toBe(200)
      const back = { parentReference: { path: `/drives/${drive}/root:/a` } }
      expect((await ask('PATCH', `/drives/${drive}/items/${id}`, back)).status).toBe(200)
      const within = { parentReference: { id: drives.addFolder(alex, 'a/in') } }
      expect((await ask('PATCH', `/drives/${drive}/root:/a`, within)).codes).toEqual(['invalidRequest'])
      expect((await ask('PATCH', `/drives/${drive}/items/${id}`, { size: 1 })).codes).toEqual(['invalidRequest'])
      const elsewhere = { parentReference: { driveId: drives.driveIds(megan)[0], id: 'root' } }
      expect((await ask('PATCH', `/drives/${drive}/items/${id}`, elsewhere)).codes).toEqual(['invalidRequest'])
      expect(drives.dump(alex).map(({ path, size }) => [path, size])).toEqual([
        ['a', 1],
        ['a/in', 0],
        ['a/y.txt', 1],
        ['b', 5],
        ['b/x.txt', 5],
      ])
    }))

  test('If-Match guards changes and deletions', () =>
    withDrives(async ({ ask, drives, drive }) => {
      const id = drives.addFile(alex, 'a.txt', 'x')
      const eTag = text(await ask('GET', `/drives/${drive}/items/${id}`), 'eTag')
      drives.rename(alex, id, 'b.txt')
      const match = { 'if-match': eTag }
      expect((await ask('PATCH', `/drives/${drive}/items/${id}`, { name: 'c.txt' }, match)).status).toBe(412)
      expect((await ask('DELETE', `/drives/${drive}/items/${id}`, undefined, match)).status).toBe(412)
      const now = { 'if-match': text(await ask('GET', `/drives/${drive}/items/${id}`), 'eTag') }
      expect((await ask('DELETE', `/drives/${drive}/items/${id}`, undefined, now)).status).toBe(204)
      expect((await ask('DELETE', `/drives/${drive}/items/${id}`)).codes).toEqual(['itemNotFound'])
    }))

  test('deleting takes everything below along; the root stays', () =>
    withDrives(async ({ ask, drives, drive }) => {
      const id = drives.addFile(alex, 'a/b/c.txt', 'x')
      expect((await ask('POST', `/drives/${drive}/root:/a:/permanentDelete`)).status).toBe(204)
      expect((await ask('GET', `/drives/${drive}/items/${id}`)).status).toBe(404)
      expect((await ask('DELETE', `/drives/${drive}/root`)).codes).toEqual(['accessDenied'])
      expect(drives.dump(alex)).toEqual([])
    }))
})
