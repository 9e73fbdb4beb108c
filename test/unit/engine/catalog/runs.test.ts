import { describe, expect, test } from 'vitest'
import { catalogRows } from '../../../support/catalog-rows.ts'
import { catalogFile, countTexts, idOf, mailbox, names, newCatalog, ROOT_PATH, TYPE, walk } from './fixture.ts'

const INBOX = `${ROOT_PATH}/${TYPE}/Inbox/2026-01`

describe('series', () => {
  test('are found again by host and paths in any order', () => {
    const catalog = newCatalog()
    const first = catalog.series({ host: 'contoso', paths: ['users/a', 'users/b'] })
    expect(catalog.series({ host: 'contoso', paths: ['users/b', 'users/a'] })).toBe(first)
    expect(catalog.series({ host: 'contoso', paths: ['users/a'] })).not.toBe(first)
    expect(catalog.series({ host: 'other', paths: ['users/a', 'users/b'] })).not.toBe(first)
  })
})

describe('a run', () => {
  test('goes on until it is finished, and is the base of the next', () => {
    const { catalog, series, run, finish } = mailbox()
    const seq = run()
    expect(catalog.beginRun(series, 1)).toEqual({ seq, resumed: true })
    expect(catalog.base(series)).toBeUndefined()
    finish('one')
    expect(catalog.base(series)).toEqual({ seq, series, id: idOf('one'), time: 6000, tree: idOf('tree one') })
    const next = catalog.beginRun(series, 1)
    expect(next.resumed).toBe(false)
    expect(next.seq).toBeGreaterThan(seq)
    finish('two')
    expect(catalog.snapshots(series).map(({ id }) => id)).toEqual([idOf('one'), idOf('two')])
  })

  test('shows its items in no snapshot until it is finished', () => {
    const { catalog, run, put, remove, finish } = mailbox()
    put(run(), 'kept')
    put(run(), 'goes')
    const one = finish('one')
    put(run(), 'comes')
    remove(run(), 'goes')
    expect(names(catalog, one, INBOX)).toEqual(['name of goes', 'name of kept'])
    expect(catalog.find({ words: [], limit: 9 }).map(({ name }) => name)).toEqual(['name of goes', 'name of kept'])
    const two = finish('two')
    expect(names(catalog, one, INBOX)).toEqual(['name of goes', 'name of kept'])
    expect(names(catalog, two, INBOX)).toEqual(['name of comes', 'name of kept'])
  })

  test('is the only one that may write', () => {
    const { catalog, run, put, finish, folder, root } = mailbox()
    const seq = run()
    expect(() => put(seq + 1, 'x')).toThrow('internal')
    finish('one')
    expect(() => put(seq, 'x')).toThrow('internal')
    expect(() => folder(seq, 'f', 'F')).toThrow('internal')
    expect(() => catalog.removeRoot(seq, root)).toThrow('internal')
    expect(() => catalog.finishRun(seq, { id: idOf('x'), time: 0, tree: idOf('x') })).toThrow('internal')
    const other = catalog.series({ host: 'other', paths: [] })
    expect(() => put(catalog.beginRun(other, 0).seq, 'x')).toThrow('internal')
  })
})

describe('an abandoned run', () => {
  test('leaves all as it was, but cursors that it set are unknown', () => {
    const file = catalogFile()
    const { catalog, series, root, run, put, folder, remove, finish } = mailbox(newCatalog(file))
    const textKey = catalog.addText({ title: 'old', from: '', to: '', body: '' })
    put(run(), 'changed', { textKey })
    put(run(), 'gone')
    catalog.setCursor(root, TYPE, 'inbox', 'c1')
    catalog.addFailure(root, TYPE, { container: 'inbox', graphId: 'bad', code: 'x' })
    finish('one')
    const before = catalogRows(file)

    const seq = run()
    put(seq, 'changed', { changeKey: 'b', textKey: catalog.addText({ title: 'new', from: '', to: '', body: '' }) })
    put(seq, 'added')
    remove(seq, 'gone')
    folder(seq, 'old', 'Renamed', 'inbox')
    folder(seq, 'more', 'More')
    catalog.root(seq, 'ada', 'users/lovelace@contoso.example')
    catalog.root(seq, 'bob', 'users/bob@contoso.example')
    catalog.setCursor(root, TYPE, 'old', 'c2')
    catalog.setProgress(root, TYPE, 'old', 'page 2', seq)
    catalog.removeFailure(root, TYPE, 'bad')
    catalog.addFailure(root, TYPE, { container: 'inbox', graphId: 'worse', code: 'y' })
    catalog.checkpoint()
    expect(catalogRows(file)).not.toEqual(before)
    catalog.abandonRun(series)
    catalog.checkpoint()

    expect(catalogRows(file)).toEqual(before)
    expect(catalog.cursor(root, TYPE, 'inbox')).toBe('c1')
    expect(catalog.cursor(root, TYPE, 'old')).toBeUndefined()
    expect(catalog.progress(root, TYPE, 'old')).toEqual({})
    expect(catalog.latest(root, TYPE, 'changed')?.version.changeKey).toBe('a')
    expect(catalog.latest(root, TYPE, 'gone')?.open).toBe(true)
    expect(catalog.find({ words: ['new'], limit: 9 })).toEqual([])
    expect(run()).toBeGreaterThan(seq)
  })

  test('takes a cursor with it that it had renewed', () => {
    const { catalog, series, root, run, finish } = mailbox()
    catalog.setCursor(root, TYPE, 'inbox', 'c1')
    finish('one')
    run()
    catalog.setCursor(root, TYPE, 'inbox', 'c2')
    catalog.abandonRun(series)
    expect(catalog.cursor(root, TYPE, 'inbox')).toBeUndefined()
  })
})

describe('roots', () => {
  test('keep their old path in old snapshots', () => {
    const { catalog, series, root, run, put, finish } = mailbox()
    put(run(), 'a')
    const one = finish('one')
    expect(catalog.root(run(), 'ada', 'users/lovelace@contoso.example').key).toBe(root)
    const two = finish('two')
    expect(names(catalog, one, 'users')).toEqual(['ada@contoso.example/'])
    expect(names(catalog, two, 'users')).toEqual(['lovelace@contoso.example/'])
    expect(catalog.roots(series).map(({ path }) => path)).toEqual(['users/lovelace@contoso.example'])
    const seqs = catalog.snapshots(series).map(({ seq }) => seq)
    expect(seqs.map((seq) => catalog.rootPath(seq, root))).toEqual([ROOT_PATH, 'users/lovelace@contoso.example'])
    expect(catalog.rootPath(0, root)).toBeUndefined()
  })

  test('that are removed take everything with them, and come back empty', () => {
    const { catalog, series, root, run, put, finish } = mailbox()
    put(run(), 'a')
    catalog.setCursor(root, TYPE, 'inbox', 'c1')
    const one = finish('one')
    catalog.removeRoot(run(), root)
    expect(catalog.roots(series)).toEqual([])
    const two = finish('two')
    expect(walk(catalog, one)).toContain(`${INBOX}/name of a`)
    expect(walk(catalog, two)).toEqual([])
    expect(catalog.root(run(), 'ada', ROOT_PATH).key).toBe(root)
    expect(catalog.cursor(root, TYPE, 'inbox')).toBeUndefined()
    expect(catalog.containers(run(), root, TYPE)).toEqual([])
    expect(walk(catalog, finish('three'))).toEqual(['users', ROOT_PATH])
  })
})

describe('dropping snapshots', () => {
  function four() {
    const file = catalogFile()
    const box = mailbox(newCatalog(file))
    const { catalog, run, put, remove, finish } = box
    const text = (body: string) => catalog.addText({ title: '', from: '', to: '', body })
    put(run(), 'always')
    put(run(), 'early', { textKey: text('early') })
    finish('one')
    put(run(), 'middle', { textKey: text('middle') })
    finish('two')
    remove(run(), 'early')
    remove(run(), 'middle')
    put(run(), 'late', { textKey: text('late') })
    catalog.setCursor(box.root, TYPE, 'inbox', 'c3')
    finish('three')
    return { ...box, file, found: (word: string) => catalog.find({ words: [word], limit: 9 }).length }
  }

  test('forgets what only they held, with its text', () => {
    const { catalog, file, root, found } = four()
    catalog.dropSnapshots([idOf('one'), idOf('never heard of')])
    expect([found('early'), found('middle'), found('late')]).toEqual([1, 1, 1])
    catalog.dropSnapshots([idOf('two')])
    expect([found('early'), found('middle'), found('late')]).toEqual([0, 0, 1])
    expect(catalog.latest(root, TYPE, 'early')).toBeUndefined()
    catalog.checkpoint()
    expect(countTexts(file)).toBe(1)
    expect(catalog.cursor(root, TYPE, 'inbox')).toBe('c3')
    expect(catalog.snapshots().map(({ id }) => id)).toEqual([idOf('three')])
  })

  test('keeps what an older one holds', () => {
    const { catalog, found } = four()
    catalog.dropSnapshots([idOf('two')])
    expect([found('early'), found('middle'), found('late')]).toEqual([1, 0, 1])
    expect(catalog.find({ words: ['early'], limit: 9 }).map(({ lastSnapshot }) => lastSnapshot)).toEqual([idOf('one')])
  })

  test('keeps what the run under way needs', () => {
    const { catalog, series, root, run, remove } = four()
    remove(run(), 'late')
    catalog.dropSnapshots([idOf('one'), idOf('two')])
    expect(catalog.beginRun(series, 0).resumed).toBe(true)
    expect(catalog.latest(root, TYPE, 'late')?.open).toBe(false)
    catalog.abandonRun(series)
    expect(catalog.latest(root, TYPE, 'late')?.open).toBe(true)
  })

  test('of the newest goes back to the one before, and full listings', () => {
    const { catalog, file, series, root, run, put, found } = four()
    put(run(), 'under way')
    catalog.dropSnapshots([idOf('three')])
    catalog.checkpoint()
    expect(catalog.base(series)?.id).toBe(idOf('two'))
    expect(catalog.beginRun(series, 0).resumed).toBe(false)
    expect(catalog.latest(root, TYPE, 'early')?.open).toBe(true)
    expect(catalog.latest(root, TYPE, 'late')).toBeUndefined()
    expect(catalog.latest(root, TYPE, 'under way')).toBeUndefined()
    expect(catalog.cursor(root, TYPE, 'inbox')).toBeUndefined()
    expect([found('early'), found('middle'), found('late')]).toEqual([1, 1, 0])
    expect(catalogRows(file).filter((row) => row.startsWith('item'))).toHaveLength(3)
  })

  test('of all leaves nothing', () => {
    const { catalog, file } = four()
    catalog.dropSnapshots(['one', 'two', 'three'].map(idOf))
    catalog.checkpoint()
    expect(catalogRows(file)).toEqual([])
    expect(catalog.totals(1)).toEqual({ items: 0, bytes: 0 })
  })

  test('of one series leaves the other alone, though their runs alternate', () => {
    const { catalog, run, put, finish, remove } = mailbox()
    const other = catalog.series({ host: 'other', paths: [] })
    const otherRun = () => catalog.beginRun(other, 0).seq
    const otherRoot = catalog.root(otherRun(), 'eve', 'users/eve').key
    const finishOther = (name: string) => catalog.finishRun(otherRun(), { id: idOf(name), time: 0, tree: idOf(name) })
    put(run(), 'a')
    catalog.putContainer(otherRun(), {
      root: otherRoot,
      type: TYPE,
      graphId: 'inbox',
      parentGraphId: null,
      dirName: 'Inbox',
      path: 'Inbox',
      properties: '{}',
    })
    put(otherRun(), 'a', { root: otherRoot })
    finish('one')
    finishOther('other one')
    remove(run(), 'a')
    catalog.removeItem(otherRun(), otherRoot, TYPE, 'inbox', 'a')
    finish('two')
    finishOther('other two')
    catalog.dropSnapshots([idOf('one')])
    expect(walk(catalog, idOf('other one'))).toContain(`users/eve/${TYPE}/Inbox/2026-01/name of a`)
    expect(walk(catalog, idOf('other two'))).toEqual([
      'users',
      'users/eve',
      `users/eve/${TYPE}`,
      `users/eve/${TYPE}/Inbox`,
    ])
    expect(catalog.find({ words: [], limit: 9 }).map(({ path }) => path)).toEqual([
      `users/eve/${TYPE}/Inbox/2026-01/name of a`,
    ])
  })
})
