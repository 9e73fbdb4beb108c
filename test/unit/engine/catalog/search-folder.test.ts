import { describe, expect, test } from 'vitest'
import type { FindQuery } from '../../../../src-main/engine/catalog/model.ts'
import { ROOT_PATH, searchable, TYPE } from './fixture.ts'

const MAILBOX = `${ROOT_PATH}/${TYPE}`

describe('a folder', () => {
  test('holds what lies in it and below it, and nothing of one that is called alike', () => {
    const { run, folder, mail, find, finish } = searchable()
    const folders = ['Inbox 2', 'Inbox/Old 2', 'Inbox_', 'Inb%', 'INBOX', 'Inbox0', 'Inbox/Old/Deep']
    for (const path of folders) folder(run(), path, path)
    for (const container of ['inbox', 'old', ...folders]) mail(`in ${container}`, 'x', { container })
    mail('small', 'x', { container: 'inbox', hasAttachments: true })
    finish('one')
    const inside = (path: string, rest: Partial<FindQuery> = {}) =>
      find({ folder: `${MAILBOX}/${path}`, ...rest }).sort()
    for (const words of [[], ['x']]) {
      const inInbox = ['in Inbox/Old 2', 'in Inbox/Old/Deep', 'in inbox', 'in old', 'small']
      expect(inside('Inbox', { words })).toEqual(inInbox)
      expect(inside('/Inbox//', { words })).toEqual(inInbox)
      expect(inside('Inbox/Old', { words })).toEqual(['in Inbox/Old/Deep', 'in old'])
      expect(inside('Inb%', { words })).toEqual(['in Inb%'])
      expect(inside('Inbox_', { words })).toEqual(['in Inbox_'])
      expect(inside('Inbox', { words, attachment: true })).toEqual(['small'])
      expect(inside('Inbox', { words, type: 'calendar' })).toEqual([])
    }
    expect(inside('Inbo')).toEqual([])
    expect(inside('INBOX')).toEqual(['in INBOX'])
    expect(inside('Inbox/in inbox')).toEqual([])
  })

  test('may be a data type, a root or all of a kind', () => {
    const { catalog, run, mail, find, finish } = searchable()
    mail('m1', 'x')
    mail('e1', 'x', { type: 'calendar', container: '' })
    const bob = catalog.root(run(), 'bob', `${ROOT_PATH}.org`).key
    mail('m2', 'x', { root: bob })
    const site = catalog.root(run(), 'site', 'sites/contoso.example/a').key
    const below = catalog.root(run(), 'below', 'sites/contoso.example/a/b').key
    mail('l1', 'x', { root: site, type: 'lists' })
    mail('l2', 'x', { root: below, type: 'lists' })
    finish('one')
    const inside = (folder: string) => find({ folder }).sort()
    expect(inside(MAILBOX)).toEqual(['m1'])
    expect(inside(`${ROOT_PATH}/calendar`)).toEqual(['e1'])
    expect(inside(ROOT_PATH)).toEqual(['e1', 'm1'])
    expect(inside('users')).toEqual(['e1', 'm1', 'm2'])
    expect(inside('sites/contoso.example/a')).toEqual(['l1', 'l2'])
    expect(inside('sites/contoso.example/a/lists')).toEqual(['l1'])
    for (const nowhere of ['groups', 'Inbox', '', '/', 'users/nobody', '.holdfast']) expect(inside(nowhere)).toEqual([])
  })

  test('may be a month, as items have it in their paths, or a folder that is called like one', () => {
    const { catalog, run, folder, mail, find, finish } = searchable()
    mail('march', 'x', { shard: '2026-03' })
    mail('april', 'x', { shard: '2026-04' })
    mail('deeper', 'x', { shard: '2026-03', container: 'old' })
    mail('top', 'x', { shard: '2026-03', container: '' })
    finish('one')
    const [found] = catalog.find({ words: ['x'], folder: `${MAILBOX}/Inbox/2026-03`, limit: 9 })
    expect(found?.path).toBe(`${MAILBOX}/Inbox/2026-03/march`)
    for (const words of [[], ['x']]) {
      expect(find({ words, folder: `${MAILBOX}/Inbox/2026-03` })).toEqual(['march'])
      expect(find({ words, folder: `${MAILBOX}/2026-03` })).toEqual(['top'])
      expect(find({ words, folder: `${MAILBOX}/Inbox/2026-05` })).toEqual([])
    }
    folder(run(), 'month', 'Inbox/2026-03', 'inbox')
    mail('named', 'x', { container: 'month', shard: '2026-01' })
    finish('two')
    expect(find({ folder: `${MAILBOX}/Inbox/2026-03` }).sort()).toEqual(['march', 'named'])
  })

  test('is found by every path that it or its root had, in the snapshots that had it', () => {
    const { catalog, run, folder, mail, find, finish } = searchable()
    mail('m1', 'x', { container: 'old' })
    const one = finish('one')
    folder(run(), 'old', 'Moved')
    mail('m2', 'x', { container: 'old' })
    const two = finish('two')
    catalog.root(run(), 'ada', 'users/countess@contoso.example')
    const three = finish('three')
    folder(run(), 'old', 'Never')
    mail('m3', 'x', { container: 'old' })
    const [before, moved] = [`${MAILBOX}/Inbox/Old`, `${MAILBOX}/Moved`]
    const renamed = `users/countess@contoso.example/${TYPE}/Moved`
    for (const words of [[], ['x']]) {
      expect(find({ words, folder: before })).toEqual(['m1'])
      expect(find({ words, folder: moved })).toEqual(['m2', 'm1'])
      expect(find({ words, folder: renamed })).toEqual(['m2', 'm1'])
      expect(find({ words, folder: `${MAILBOX}/Never` })).toEqual([])
      expect(find({ words, folder: before, snapshot: one })).toEqual(['m1'])
      expect(find({ words, folder: before, snapshot: two })).toEqual([])
      expect(find({ words, folder: moved, snapshot: two })).toEqual(['m2', 'm1'])
      expect(find({ words, folder: moved, snapshot: three })).toEqual([])
      expect(find({ words, folder: ROOT_PATH, snapshot: three })).toEqual([])
      expect(find({ words, folder: ROOT_PATH })).toEqual(['m2', 'm1'])
    }
  })

  test('still has what moved out of it, once, shown where it was last', () => {
    const { catalog, folder, mail, put, run, finish } = searchable()
    const first = mail('m1', 'words', { shard: '' })
    const one = finish('one')
    put(run(), 'm1', { ...first, changeKey: 'read' })
    finish('two')
    put(run(), 'm1', { ...first, changeKey: 'moved', container: 'old' })
    const three = finish('three')
    const inside = (path: string) =>
      catalog
        .find({ words: ['words'], folder: `${MAILBOX}/${path}`, limit: 9 })
        .map(({ path, firstSnapshot, lastSnapshot }) => [path, firstSnapshot, lastSnapshot])
    expect(inside('Inbox')).toEqual([[`${MAILBOX}/Inbox/Old/m1`, one, three]])
    expect(inside('Inbox/Old')).toEqual([[`${MAILBOX}/Inbox/Old/m1`, one, three]])
    folder(run(), 'out', 'Out')
    put(run(), 'm1', { ...first, changeKey: 'out', container: 'out' })
    expect(inside('Out')).toEqual([])
    const four = finish('four')
    for (const path of ['Inbox', 'Inbox/Old', 'Out']) expect(inside(path)).toEqual([[`${MAILBOX}/Out/m1`, one, four]])
  })

  test('does not count for a snapshot that was forgotten', () => {
    const { catalog, run, folder, mail, remove, find, finish } = searchable()
    mail('m1', 'x')
    finish('one')
    folder(run(), 'inbox', 'Other')
    const two = finish('two')
    remove(run(), 'm1')
    finish('three')
    expect(find({ folder: `${MAILBOX}/Other` })).toEqual(['m1'])
    catalog.dropSnapshots([two])
    expect(find({ folder: `${MAILBOX}/Other` })).toEqual([])
    expect(find({ folder: `${MAILBOX}/Inbox` })).toEqual(['m1'])
  })

  test.each([30, 4500])('of %i items is searched for a frequent word, newest first, in pages', (inFolder) => {
    const { mail, find, finish } = searchable()
    const count = 5000
    const every = Math.floor(count / inFolder)
    for (let i = 0; i < count; i++) {
      const at = (i * 7) % count
      mail(`m${at}`, 'many', { time: at, container: at % every === 0 && at / every < inFolder ? 'old' : 'inbox' })
    }
    finish('one')
    const inside = Array.from({ length: inFolder }, (_, nth) => `m${(inFolder - 1 - nth) * every}`)
    const folder = `${MAILBOX}/Inbox/Old`
    for (const words of [[], ['many']]) {
      expect(find({ words, folder, limit: 100 })).toEqual(inside.slice(0, 100))
      expect(find({ words, folder, limit: 100, offset: inFolder - 20 })).toEqual(inside.slice(-20))
      expect(find({ words, folder, limit: 5, offset: 10 })).toEqual(inside.slice(10, 15))
      expect(find({ words, folder: MAILBOX, limit: 3 })).toEqual(['m4999', 'm4998', 'm4997'])
    }
  })

  test('of more items than are sorted is found by walking all', () => {
    const { put, run, find, finish } = searchable()
    const count = 20_002
    for (let at = 0; at < count; at++)
      put(run(), `m${at}`, { name: `m${at}`, time: at, container: at === 20_001 ? 'inbox' : 'old' })
    finish('one')
    const folder = `${MAILBOX}/Inbox/Old`
    expect(find({ folder, limit: 3 })).toEqual(['m20000', 'm19999', 'm19998'])
    expect(find({ folder, limit: 5, offset: 19_999 })).toEqual(['m1', 'm0'])
  })
})
