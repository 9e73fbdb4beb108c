import { describe, expect, test } from 'vitest'
import { idOf, mailbox, names, ROOT_PATH, TYPE, version } from './fixture.ts'

const INBOX = `${ROOT_PATH}/${TYPE}/Inbox/2026-01`

describe('an item', () => {
  test('comes back as it was put', () => {
    const { catalog, root, run } = mailbox()
    const full = version(root, 'a', {
      changeKey: 'CQAAÄ',
      name: 'Grüße 👋',
      shard: '',
      time: 1_790_000_000_123,
      size: 5_000_000_000,
      hasAttachments: true,
      textKey: catalog.addText({ title: 'x', from: '', to: '', body: '' }),
    })
    catalog.putItem(run(), full)
    expect(catalog.latest(root, TYPE, 'a')).toEqual({ version: full, open: true })
    const empty = version(root, 'b', { metadata: [], content: null })
    catalog.putItem(run(), empty)
    expect(catalog.latest(root, TYPE, 'b')).toEqual({ version: empty, open: true })
  })

  test('is told from others by case, type and root', () => {
    const { catalog, root, run, put } = mailbox()
    const other = catalog.root(run(), 'bob', 'users/bob').key
    put(run(), 'AAMk', { title: 'upper' })
    put(run(), 'aamk', { title: 'lower' })
    put(run(), 'AAMk', { title: 'calendar', type: 'calendar' })
    put(run(), 'AAMk', { title: 'of bob', root: other })
    const title = (of: number, type: string, id: string) => catalog.latest(of, type, id)?.version.title
    expect([title(root, TYPE, 'AAMk'), title(root, TYPE, 'aamk')]).toEqual(['upper', 'lower'])
    expect([title(root, 'calendar', 'AAMk'), title(other, TYPE, 'AAMk')]).toEqual(['calendar', 'of bob'])
    expect(catalog.latest(other, TYPE, 'aamk')).toBeUndefined()
  })

  test('has one open version, wherever it moves', () => {
    const { catalog, root, run, put, remove, finish } = mailbox()
    put(run(), 'a')
    const one = finish('one')
    put(run(), 'a', { container: 'old' })
    // The old folder's changes come later and say that it left.
    remove(run(), 'a', 'inbox')
    expect(catalog.countItems(root, TYPE, 'inbox')).toBe(0)
    expect(catalog.countItems(root, TYPE, 'old')).toBe(1)
    const two = finish('two')
    expect(names(catalog, one, INBOX)).toEqual(['name of a'])
    expect(names(catalog, two, `${ROOT_PATH}/${TYPE}/Inbox`)).toEqual(['Old/'])
    expect(names(catalog, two, `${ROOT_PATH}/${TYPE}/Inbox/Old/2026-01`)).toEqual(['name of a'])
  })

  test('is still known after it was removed, even by the run that added it', () => {
    const { catalog, root, run, put, remove, finish } = mailbox()
    const added = put(run(), 'a')
    remove(run(), 'a')
    expect(catalog.latest(root, TYPE, 'a')).toEqual({ version: added, open: false })
    put(run(), 'a', { container: 'old' })
    expect(catalog.latest(root, TYPE, 'a')?.open).toBe(true)
    remove(run(), 'a', 'old')
    finish('one')
    expect(catalog.latest(root, TYPE, 'a')).toBeUndefined()
  })

  test('that is in another container is not removed', () => {
    const { catalog, root, run, put, remove } = mailbox()
    put(run(), 'a')
    remove(run(), 'a', 'old')
    remove(run(), 'a', 'unheard of')
    remove(run(), 'never there')
    expect(catalog.latest(root, TYPE, 'a')?.open).toBe(true)
  })

  test('counts with its bytes', () => {
    const { catalog, series, run, put, finish, remove } = mailbox()
    put(run(), 'a', { size: 7 })
    put(run(), 'b', { size: 5, container: 'old' })
    finish('one')
    expect(catalog.totals(series)).toEqual({ items: 2, bytes: 12 })
    remove(run(), 'a')
    expect(catalog.totals(series)).toEqual({ items: 1, bytes: 5 })
  })
})

describe('containers', () => {
  test('keep their old path in old snapshots', () => {
    const { catalog, series, root, run, put, folder, finish } = mailbox()
    put(run(), 'a', { container: 'old' })
    const one = finish('one')
    folder(run(), 'old', 'Older')
    const two = finish('two')
    const paths = (seq: number) => catalog.containers(seq, root, TYPE).map(({ path }) => path)
    const [first, second] = catalog.snapshots(series)
    expect(paths(first?.seq ?? 0)).toEqual(['Inbox', 'Inbox/Old'])
    expect(paths(second?.seq ?? 0)).toEqual(['Inbox', 'Older'])
    expect(names(catalog, one, `${ROOT_PATH}/${TYPE}/Inbox/Old/2026-01`)).toEqual(['name of a'])
    expect(names(catalog, two, `${ROOT_PATH}/${TYPE}/Older/2026-01`)).toEqual(['name of a'])
    expect(() => names(catalog, two, `${ROOT_PATH}/${TYPE}/Inbox/Old`)).toThrow('repository.path-not-found')
  })

  test('come back as they were put, with the same key in each version', () => {
    const { catalog, root, run, folder, finish } = mailbox()
    const before = catalog.containers(run(), root, TYPE)
    finish('one')
    folder(run(), 'old', 'Inbox/Old 2', 'inbox')
    const after = catalog.containers(run(), root, TYPE)
    expect(after.map(({ key }) => key)).toEqual(before.map(({ key }) => key))
    expect(after[1]).toEqual({
      key: before[1]?.key,
      root,
      type: TYPE,
      graphId: 'old',
      parentGraphId: 'inbox',
      dirName: 'Old 2',
      path: 'Inbox/Old 2',
      properties: '{"id":"old"}',
    })
  })

  test('that are put again unchanged are not touched', () => {
    const { catalog, root, run, folder, finish } = mailbox()
    finish('one')
    folder(run(), 'inbox', 'Inbox')
    expect(catalog.isTouched(run(), root, TYPE, 'inbox')).toBe(false)
    expect(catalog.isTouched(run(), root, TYPE, '')).toBe(false)
  })

  test('that are removed take their items and cursor along', () => {
    const { catalog, root, run, put, finish } = mailbox()
    put(run(), 'a', { container: 'old' })
    put(run(), 'b')
    catalog.setCursor(root, TYPE, 'old', 'c')
    finish('one')
    catalog.removeContainer(run(), root, TYPE, 'old')
    expect(catalog.latest(root, TYPE, 'a')?.open).toBe(false)
    expect(catalog.latest(root, TYPE, 'b')?.open).toBe(true)
    expect(catalog.cursor(root, TYPE, 'old')).toBeUndefined()
    expect(catalog.isTouched(run(), root, TYPE, 'inbox')).toBe(true)
    expect(names(catalog, finish('two'), `${ROOT_PATH}/${TYPE}/Inbox`)).toEqual(['2026-01/'])
  })
})

describe('a full listing', () => {
  test('closes what was neither put nor marked', () => {
    const { catalog, root, run, put, finish } = mailbox()
    for (const id of ['marked', 'put', 'unseen', 'other']) put(run(), id)
    put(run(), 'other', { container: 'old' })
    finish('one')
    catalog.beginListing(root, TYPE, 'inbox')
    catalog.markSeen(root, TYPE, 'inbox', 'marked')
    catalog.markSeen(root, TYPE, 'inbox', 'marked')
    catalog.markSeen(root, TYPE, 'inbox', 'unknown')
    put(run(), 'put', { changeKey: 'b' })
    put(run(), 'new')
    expect(catalog.removeUnseen(run(), root, TYPE, 'inbox')).toBe(1)
    const open = ['marked', 'put', 'new', 'other', 'unseen'].map((id) => catalog.latest(root, TYPE, id)?.open)
    expect(open).toEqual([true, true, true, true, false])
  })

  test('goes on after an interruption', () => {
    const { catalog, root, run, put } = mailbox()
    for (const id of ['a', 'b', 'c']) put(run(), id)
    catalog.beginListing(root, TYPE, 'inbox')
    catalog.markSeen(root, TYPE, 'inbox', 'a')
    put(run(), 'b', { changeKey: 'b' })
    catalog.setProgress(root, TYPE, 'inbox', 'page 2')
    catalog.checkpoint()
    expect(catalog.progress(root, TYPE, 'inbox')).toEqual({ next: 'page 2' })
    expect(catalog.removeUnseen(run(), root, TYPE, 'inbox')).toBe(1)
    expect(catalog.latest(root, TYPE, 'c')?.open).toBe(false)
  })

  test('begun anew forgets what was seen before', () => {
    const { catalog, root, run, put } = mailbox()
    for (const id of ['a', 'b']) put(run(), id)
    catalog.beginListing(root, TYPE, 'inbox')
    catalog.markSeen(root, TYPE, 'inbox', 'a')
    put(run(), 'b', { changeKey: 'b' })
    catalog.beginListing(root, TYPE, 'inbox')
    expect(catalog.removeUnseen(run(), root, TYPE, 'inbox')).toBe(2)
  })

  test('that never began removes nothing: a failure must not look like a deletion', () => {
    const { catalog, root, run, put } = mailbox()
    put(run(), 'a')
    expect(() => catalog.removeUnseen(run(), root, TYPE, 'inbox')).toThrow('internal')
    catalog.beginListing(root, TYPE, 'inbox')
    expect(catalog.removeUnseen(run(), root, TYPE, 'inbox')).toBe(1)
    expect(() => catalog.removeUnseen(run(), root, TYPE, 'inbox')).toThrow('internal')
  })
})

describe('edits', () => {
  test('tell what to change in the base, by shard', () => {
    const { catalog, root, run, put, remove, finish } = mailbox()
    put(run(), 'stays')
    put(run(), 'changes')
    put(run(), 'goes', { content: null })
    put(run(), 'moves')
    put(run(), 'other month', { shard: '2026-02' })
    finish('one')
    const seq = run()
    const changed = put(seq, 'changes', { changeKey: 'b' })
    const renamed = put(seq, 'moves', { shard: '2026-03', name: 'moved' })
    remove(seq, 'goes')
    put(seq, 'comes and goes')
    remove(seq, 'comes and goes')
    put(seq, 'comes twice', { name: 'first name' })
    const came = put(seq, 'comes twice', { name: 'a name' })

    const edits = (shard: string) => catalog.edits(seq, root, TYPE, 'inbox', shard)
    expect(catalog.touchedShards(seq, root, TYPE, 'inbox')).toEqual(['2026-01', '2026-03'])
    expect(edits('2026-01')).toEqual({
      removed: [
        { name: 'name of changes', hadContent: true },
        { name: 'name of goes', hadContent: false },
        { name: 'name of moves', hadContent: true },
      ],
      put: [came, changed],
    })
    expect(edits('2026-03')).toEqual({ removed: [], put: [renamed] })
    expect(edits('2026-02')).toEqual({ removed: [], put: [] })
  })

  test('touch containers by their items, themselves and those directly below', () => {
    const { catalog, root, run, put, folder, finish } = mailbox()
    folder(run(), 'deep', 'Inbox/Old/Deep', 'old')
    finish('one')
    const touched = () => ['', 'inbox', 'old', 'deep'].filter((id) => catalog.isTouched(run(), root, TYPE, id))
    expect(touched()).toEqual([])
    put(run(), 'a', { container: 'deep' })
    expect(touched()).toEqual(['deep'])
    folder(run(), 'deep', 'Inbox/Old/Deeper', 'old')
    expect(touched()).toEqual(['old', 'deep'])
    folder(run(), 'top', 'Top')
    expect(touched()).toEqual(['', 'old', 'deep'])
    expect(catalog.touchedShards(run(), root, TYPE, 'inbox')).toEqual([])
    expect(catalog.touchedShards(run(), root, TYPE, 'unheard of')).toEqual([])
  })

  test('of an untouched container are none, though it was touched before', () => {
    const { catalog, root, run, put, remove, finish } = mailbox()
    put(run(), 'a')
    finish('one')
    remove(run(), 'a')
    finish('two')
    expect(catalog.isTouched(run(), root, TYPE, 'inbox')).toBe(false)
  })
})

describe('cursors and failures', () => {
  test('are kept per root, type and container', () => {
    const { catalog, root } = mailbox()
    catalog.setCursor(root, TYPE, '', 'listing')
    catalog.setCursor(root, TYPE, 'inbox', 'messages')
    expect(['', 'inbox', 'old'].map((id) => catalog.cursor(root, TYPE, id))).toEqual(['listing', 'messages', undefined])
    expect(catalog.cursor(root, 'calendar', '')).toBeUndefined()
    catalog.setCursor(root, TYPE, 'inbox', undefined)
    expect(catalog.cursor(root, TYPE, 'inbox')).toBeUndefined()
    catalog.setProgress(root, TYPE, 'inbox', undefined, 3)
    expect(catalog.progress(root, TYPE, 'inbox')).toEqual({ doneIn: 3 })
    expect(catalog.progress(root, TYPE, 'old')).toEqual({})
  })

  test('are replaced and removed by item', () => {
    const { catalog, root, run, finish } = mailbox()
    const failure = (graphId: string, code: string) => ({ container: 'inbox', graphId, code })
    catalog.addFailure(root, TYPE, failure('a', 'x'))
    catalog.addFailure(root, TYPE, failure('b', 'x'))
    catalog.addFailure(root, TYPE, failure('a', 'y'))
    expect(catalog.failures(root, TYPE)).toEqual([failure('a', 'y'), failure('b', 'x')])
    finish('one')
    run()
    catalog.addFailure(root, TYPE, failure('a', 'z'))
    catalog.removeFailure(root, TYPE, 'b')
    catalog.removeFailure(root, TYPE, 'never there')
    expect(catalog.failures(root, TYPE)).toEqual([failure('a', 'z')])
    finish('two')
    expect(catalog.failures(root, TYPE)).toEqual([failure('a', 'z')])
    expect(catalog.failures(root, 'calendar')).toEqual([])
  })
})

test('blob ids are kept in their order', () => {
  const { catalog, root, run, put } = mailbox()
  const content = Array.from({ length: 500 }, (_, i) => idOf(`blob ${i}`))
  put(run(), 'large', { content })
  expect(catalog.latest(root, TYPE, 'large')?.version.content).toEqual(content)
})
