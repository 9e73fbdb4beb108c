import { describe, expect, test } from 'vitest'
import { idOf, mailbox, names, newCatalog, ROOT_PATH, TYPE, walk } from './fixture.ts'

const MAILBOX = `${ROOT_PATH}/${TYPE}`

describe('list', () => {
  test('goes from the root down to the items', () => {
    const { catalog, run, put, finish } = mailbox()
    put(run(), 'a')
    put(run(), 'b', { shard: '', time: 77, size: 88 })
    put(run(), 'c', { shard: '2025-12' })
    const one = finish('one')
    expect(names(catalog, one, '')).toEqual(['users/'])
    expect(names(catalog, one, 'users')).toEqual(['ada@contoso.example/'])
    expect(names(catalog, one, ROOT_PATH)).toEqual(['mailbox/'])
    expect(names(catalog, one, MAILBOX)).toEqual(['Inbox/'])
    expect(names(catalog, one, `/${MAILBOX}/Inbox/`)).toEqual(['2025-12/', '2026-01/', 'Old/', 'name of b'])
    expect(names(catalog, one, `${MAILBOX}/Inbox/2025-12`)).toEqual(['name of c'])
    expect(names(catalog, one, `${MAILBOX}/Inbox/Old`)).toEqual([])
    expect(catalog.list(one, `${MAILBOX}/Inbox`, { limit: 1, offset: 3 })).toEqual([
      {
        kind: 'item',
        name: 'name of b',
        path: `${MAILBOX}/Inbox/name of b`,
        time: 77,
        size: 88,
        title: 'title of b',
        from: 'Ada <ada@contoso.example>',
        to: 'Bob <bob@fabrikam.example>',
      },
    ])
  })

  test('knows what is not there', () => {
    const { catalog, run, put, finish } = mailbox()
    put(run(), 'a')
    const one = finish('one')
    const missing = ['groups', 'users/ada', `${ROOT_PATH}/calendar`, `${MAILBOX}/Outbox`, `${MAILBOX}/Inbox/1999-01`]
    for (const path of missing) expect(() => names(catalog, one, path)).toThrow('repository.path-not-found')
    expect(() => names(catalog, idOf('two'), '')).toThrow('repository.snapshot-not-found')
  })

  test('in pages gives each entry once', () => {
    const { catalog, run, put, finish } = mailbox()
    for (let i = 0; i < 25; i++) put(run(), `m${i}`, { shard: i < 5 ? `2026-0${i + 1}` : '' })
    const one = finish('one')
    const all = names(catalog, one, `${MAILBOX}/Inbox`)
    expect(all).toHaveLength(26)
    for (const size of [1, 4, 6, 7, 26]) {
      const pages = Array.from({ length: Math.ceil(30 / size) }, (_, page) =>
        names(catalog, one, `${MAILBOX}/Inbox`, size, page * size),
      )
      expect(pages.flat()).toEqual(all)
    }
    expect(names(catalog, one, `${MAILBOX}/Inbox`, 10, 100)).toEqual([])
    expect(names(catalog, one, `${MAILBOX}/Inbox`, 0)).toEqual([])
  })

  test('sorts by UTF-8 bytes, as trees do', () => {
    const { catalog, run, put, folder, finish } = mailbox()
    const sorted = ['B', 'a', 'z', 'é', '\uff5e', '😀']
    for (const name of sorted) {
      put(run(), `item ${name}`, { name, shard: '', container: 'old' })
      folder(run(), `folder ${name}`, `Inbox/Old/${name}`, 'old')
    }
    const one = finish('one')
    expect(names(catalog, one, `${MAILBOX}/Inbox/Old`)).toEqual([...sorted.map((name) => `${name}/`), ...sorted])
  })

  test('shows sites below sites, and items directly in a type folder', () => {
    const catalog = newCatalog()
    const series = catalog.series({ host: 'contoso', paths: ['sites'] })
    const { seq } = catalog.beginRun(series, 0)
    const top = catalog.root(seq, 's1', 'sites/contoso.example/team').key
    const sub = catalog.root(seq, 's2', 'sites/contoso.example/team/sub').key
    const { put } = mailbox(catalog)
    put(seq, 'schema', { root: top, type: 'lists', container: '', shard: '', name: 'schema' })
    put(seq, 'deep', { root: sub, type: 'lists', container: '', shard: 'x', name: 'deep' })
    catalog.finishRun(seq, { id: idOf('one'), time: 0, tree: idOf('t') })
    expect(walk(catalog, idOf('one'))).toEqual([
      'sites',
      'sites/contoso.example',
      'sites/contoso.example/team',
      'sites/contoso.example/team/lists',
      'sites/contoso.example/team/lists/schema',
      'sites/contoso.example/team/sub',
      'sites/contoso.example/team/sub/lists',
      'sites/contoso.example/team/sub/lists/x',
      'sites/contoso.example/team/sub/lists/x/deep',
    ])
  })

  test('puts a folder and a shard of one name together', () => {
    const { catalog, run, put, folder, finish } = mailbox()
    folder(run(), 'month', 'Inbox/2026-01', 'inbox')
    put(run(), 'b')
    put(run(), 'd')
    put(run(), 'c', { container: 'month', shard: '' })
    put(run(), 'a', { container: 'month', shard: '2020-01' })
    const one = finish('one')
    const folderPath = `${MAILBOX}/Inbox/2026-01`
    expect(names(catalog, one, `${MAILBOX}/Inbox`)).toEqual(['2026-01/', 'Old/'])
    expect(names(catalog, one, folderPath)).toEqual(['2020-01/', 'name of b', 'name of c', 'name of d'])
    expect(names(catalog, one, folderPath, 2, 2)).toEqual(['name of c', 'name of d'])
  })
})
