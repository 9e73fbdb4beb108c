import { describe, expect, test } from 'vitest'
import type { Catalog } from '../../../../src-main/engine/catalog/catalog.ts'
import type { HexId } from '../../../../src-main/engine/model/ids.ts'
import { idOf, mailbox, newCatalog, ROOT_PATH, TYPE } from './fixture.ts'

const MAILBOX = `${ROOT_PATH}/${TYPE}`
const whole = { query: '', limit: 1000, offset: 0 }

function names(catalog: Catalog, snapshot: HexId, path: string, page = {}): readonly string[] {
  return catalog.folders(snapshot, path, { ...whole, ...page }).map(({ name }) => name)
}

describe('folders', () => {
  test('go from the kinds down to the containers, and pass over months', () => {
    const { catalog, run, put, finish } = mailbox()
    put(run(), 'a')
    put(run(), 'b', { shard: '2025-12' })
    put(run(), 'c', { container: 'old' })
    const one = finish('one')
    expect(catalog.folders(one, '', whole)).toEqual([
      { path: 'users', name: 'users', level: 'kind', hasFolders: true, items: undefined },
    ])
    expect(catalog.folders(one, 'users', whole)).toEqual([
      { path: ROOT_PATH, name: 'ada@contoso.example', level: 'root', hasFolders: true, items: undefined },
    ])
    expect(catalog.folders(one, ROOT_PATH, whole)).toEqual([
      { path: MAILBOX, name: TYPE, level: 'type', hasFolders: true, items: 3 },
    ])
    expect(catalog.folders(one, MAILBOX, whole)).toEqual([
      { path: `${MAILBOX}/Inbox`, name: 'Inbox', level: 'container', hasFolders: true, items: 2 },
    ])
    expect(catalog.folders(one, `/${MAILBOX}/Inbox/`, whole)).toEqual([
      { path: `${MAILBOX}/Inbox/Old`, name: 'Old', level: 'container', hasFolders: false, items: 1 },
    ])
    expect(catalog.folders(one, `${MAILBOX}/Inbox/Old`, whole)).toEqual([])
  })

  test('have the names that people gave them, sorted as people sort', () => {
    const { catalog, root, run, finish } = mailbox()
    for (const [at, name] of ['Week 10', 'week 2', 'Zoë', 'Émile', 'a/b'].entries())
      catalog.putContainer(run(), {
        ...{ root, type: TYPE, graphId: `f${at}`, parentGraphId: 'old', dirName: `dir ${at}` },
        ...{ path: `Inbox/Old/dir ${at}`, properties: JSON.stringify({ 'o365:Name': name }) },
      })
    const one = finish('one')
    expect(names(catalog, one, `${MAILBOX}/Inbox/Old`)).toEqual(['a/b', 'Émile', 'week 2', 'Week 10', 'Zoë'])
    expect(names(catalog, one, `${MAILBOX}/Inbox/Old`, { query: ' ÉM' })).toEqual(['Émile'])
  })

  test('show thousands of roots in pages, and find them by a part of their names', () => {
    const catalog = newCatalog()
    const series = catalog.series({ host: 'contoso', paths: ['/users'] })
    const { seq } = catalog.beginRun(series, 0)
    for (let at = 0; at < 3000; at++) catalog.root(seq, `u${at}`, `users/person${at}@contoso.example`)
    catalog.root(seq, 's1', 'sites/contoso.example/team')
    catalog.root(seq, 's2', 'sites/contoso.example/team/sub')
    catalog.finishRun(seq, { id: idOf('one'), time: 0, tree: idOf('t') })
    const one = idOf('one')
    const pages = [0, 1000, 2000, 3000].flatMap((offset) => names(catalog, one, 'users', { offset }))
    expect(pages).toHaveLength(3000)
    expect(new Set(pages).size).toBe(3000)
    expect(pages[2]).toBe('person2@contoso.example')
    expect(names(catalog, one, 'users', { query: 'ERSON299' })).toHaveLength(11)
    expect(names(catalog, one, 'sites')).toEqual(['contoso.example/team', 'contoso.example/team/sub'])
    expect(names(catalog, one, '')).toEqual(['sites', 'users'])
    expect(catalog.snapshotRoots(one, 2)).toEqual({
      count: 3002,
      paths: ['sites/contoso.example/team', 'sites/contoso.example/team/sub'],
    })
  })

  test('are those of their snapshot', () => {
    const { catalog, run, root, folder, put, finish } = mailbox()
    put(run(), 'a')
    const one = finish('one')
    folder(run(), 'old', 'Older', undefined)
    put(run(), 'b')
    const two = finish('two')
    catalog.removeRoot(run(), root)
    const three = finish('three')
    expect(catalog.folders(one, ROOT_PATH, whole)[0]?.items).toBe(1)
    expect(names(catalog, one, `${MAILBOX}/Inbox`)).toEqual(['Old'])
    expect(catalog.folders(two, ROOT_PATH, whole)[0]?.items).toBe(2)
    expect(names(catalog, two, MAILBOX)).toEqual(['Inbox', 'Older'])
    expect(names(catalog, three, '')).toEqual([])
    expect(() => names(catalog, three, 'users')).toThrow('repository.path-not-found')
  })

  test('know what is not there', () => {
    const { catalog, finish } = mailbox()
    const one = finish('one')
    for (const path of [
      'groups',
      'users/bob',
      `${ROOT_PATH}/calendar`,
      `${MAILBOX}/Outbox`,
      `${MAILBOX}/Inbox/1999-01`,
    ])
      expect(() => names(catalog, one, path), path).toThrow('repository.path-not-found')
    expect(() => names(catalog, idOf('none'), '')).toThrow('repository.snapshot-not-found')
  })

  test('a series is known by its number', () => {
    const { catalog, series } = mailbox()
    expect(catalog.seriesKey(series)).toEqual({ host: 'contoso', paths: [ROOT_PATH] })
    expect(() => catalog.seriesKey(99)).toThrow('internal')
  })
})
