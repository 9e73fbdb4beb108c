import { describe, expect, test } from 'vitest'
import type { ItemOrder } from '../../../../src-main/engine/catalog/model.ts'
import { idOf, mailbox, newCatalog, ROOT_PATH, TYPE, version } from './fixture.ts'

const INBOX = `${ROOT_PATH}/${TYPE}/Inbox`
const orders: readonly ItemOrder[] = ['newest', 'oldest', 'title', 'from', 'size']

/** An inbox with items in several months, some of one moment, one size, one title. */
function filled(count: number) {
  const scene = mailbox()
  for (let at = 0; at < count; at++)
    scene.put(scene.run(), `m${at}`, {
      time: 1000 + Math.floor(at / 3),
      size: at % 7,
      title: at % 2 === 0 ? `Title ${at % 5}` : `title ${at}`,
      from: `person ${at % 4}`,
      shard: at % 5 === 0 ? '' : `2026-0${(at % 4) + 1}`,
      hasAttachments: at % 2 === 1,
    })
  scene.put(scene.run(), 'other', { container: 'old' })
  return { ...scene, snapshot: scene.finish('one') }
}

describe('page', () => {
  test.each(orders)('by %s gives each item once, whatever the offset', (order) => {
    const { catalog, snapshot } = filled(40)
    const all = catalog.page(snapshot, INBOX, { order, limit: 100, offset: 0 })
    expect(all.count).toBe(40)
    expect(new Set(all.items.map(({ path }) => path)).size).toBe(40)
    for (const limit of [1, 3, 7])
      for (let offset = 0; offset <= 41; offset++)
        expect(catalog.page(snapshot, INBOX, { order, limit, offset })).toEqual({
          count: 40,
          items: all.items.slice(offset, offset + limit),
        })
  })

  test('is in the order that was asked for', () => {
    const { catalog, snapshot } = filled(40)
    const ask = (order: ItemOrder) => catalog.page(snapshot, INBOX, { order, limit: 100, offset: 0 }).items
    const times = ask('newest').map(({ time }) => time)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
    expect(ask('oldest')).toEqual(ask('newest').toReversed())
    const sizes = ask('size').map(({ size }) => size)
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
    const titles = ask('title').map(({ title }) => title.toLowerCase())
    expect(titles).toEqual(titles.toSorted())
    const senders = ask('from')
    expect(senders.map(({ from }) => from)).toEqual(senders.map(({ from }) => from).toSorted())
    const first = senders.filter(({ from }) => from === 'person 0').map(({ time }) => time)
    expect(first).toEqual(first.toSorted((a, b) => b - a))
  })

  test('tells all of an item that lists show', () => {
    const { catalog, run, put, finish } = mailbox()
    put(run(), 'a', { hasAttachments: true, time: 7, size: 8 })
    expect(catalog.page(finish('one'), INBOX, { order: 'newest', limit: 9, offset: 0 }).items).toEqual([
      {
        ...{ type: TYPE, path: `${INBOX}/2026-01/name of a`, name: 'name of a', shard: '2026-01', time: 7, size: 8 },
        ...{ title: 'title of a', from: 'Ada <ada@contoso.example>', to: 'Bob <bob@fabrikam.example>' },
        hasAttachments: true,
      },
    ])
  })

  test('is that of its snapshot, whatever came later', () => {
    const { catalog, run, put, remove, finish } = mailbox()
    for (const name of ['a', 'b', 'c']) put(run(), name)
    const one = finish('one')
    const titles = (snapshot: typeof one) =>
      catalog.page(snapshot, INBOX, { order: 'title', limit: 10, offset: 0 }).items.map(({ title }) => title)
    expect(titles(one)).toEqual(['title of a', 'title of b', 'title of c'])
    remove(run(), 'b')
    put(run(), 'c', { title: 'another' })
    put(run(), 'd')
    const two = finish('two')
    put(run(), 'e')
    expect(titles(one)).toEqual(['title of a', 'title of b', 'title of c'])
    expect(titles(two)).toEqual(['another', 'title of a', 'title of d'])
    expect(catalog.page(two, INBOX, { order: 'newest', limit: 0, offset: 0 })).toEqual({ count: 3, items: [] })
  })

  test('joins folders that share a path', () => {
    const { catalog, run, put, folder, finish } = mailbox()
    folder(run(), 'twin', 'Inbox')
    put(run(), 'a', { time: 1 })
    put(run(), 'b', { time: 2, container: 'twin' })
    put(run(), 'c', { time: 3 })
    const one = finish('one')
    const { count, items } = catalog.page(one, INBOX, { order: 'oldest', limit: 2, offset: 1 })
    expect(count).toBe(3)
    expect(items.map(({ name }) => name)).toEqual(['name of b', 'name of c'])
  })

  test('knows what is not there', () => {
    const { catalog, snapshot } = filled(1)
    const page = { order: 'newest', limit: 1, offset: 0 } as const
    for (const path of ['', 'users', ROOT_PATH, `${ROOT_PATH}/calendar`, `${INBOX}/Nowhere`, `${INBOX}/2026-01`])
      expect(() => catalog.page(snapshot, path, page), path).toThrow('repository.path-not-found')
    expect(catalog.page(snapshot, `${ROOT_PATH}/${TYPE}`, page)).toEqual({ count: 0, items: [] })
    expect(() => catalog.page(idOf('none'), INBOX, page)).toThrow('repository.snapshot-not-found')
  })
})

describe('itemAt', () => {
  test('finds an item with all its files, in a month or beside the folders', () => {
    const { catalog, run, put, root, finish } = mailbox()
    const parts = [{ name: 'p', size: 3, blobs: [idOf('part')] }]
    put(run(), 'a', { parts })
    put(run(), 'b', { shard: '' })
    const one = finish('one')
    expect(catalog.itemAt(one, `${INBOX}/2026-01/name of a`)).toEqual(version(root, 'a', { parts }))
    expect(catalog.itemAt(one, `/${INBOX}/name of b/`)).toEqual(version(root, 'b', { shard: '' }))
    for (const path of ['', INBOX, `${INBOX}/name of a`, `${INBOX}/2026-02/name of a`, `${INBOX}/2026-01/none`])
      expect(() => catalog.itemAt(one, path), path).toThrow('repository.path-not-found')
  })

  test('gives the version of the snapshot', () => {
    const { catalog, run, put, finish } = mailbox()
    put(run(), 'a', { size: 1 })
    const one = finish('one')
    put(run(), 'a', { size: 2 })
    const two = finish('two')
    const sizes = [one, two].map((snapshot) => catalog.itemAt(snapshot, `${INBOX}/2026-01/name of a`).size)
    expect(sizes).toEqual([1, 2])
  })

  test('finds an item directly in the folder of its type', () => {
    const catalog = newCatalog()
    const { put, run, finish } = mailbox(catalog)
    put(run(), 'schema', { type: 'lists', container: '', shard: '', name: 'schema' })
    expect(catalog.itemAt(finish('one'), `${ROOT_PATH}/lists/schema`).graphId).toBe('schema')
  })
})
