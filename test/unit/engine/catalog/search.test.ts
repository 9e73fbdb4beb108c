import { describe, expect, test } from 'vitest'
import { catalogFile, countTexts, idOf, newCatalog, ROOT_PATH, searchable, TYPE } from './fixture.ts'

const MAILBOX = `${ROOT_PATH}/${TYPE}`

describe('words', () => {
  test('are found as beginnings, in title, people and text, regardless of case and accents', () => {
    const { mail, find, finish } = searchable()
    mail('m1', 'the quarterly report', { title: 'Überweisung', from: 'Ada <ada@contoso.example>', to: 'Bob' })
    mail('m2', 'nothing of the sort')
    finish('one')
    for (const word of ['quart', 'QUARTERLY', 'uberw', 'ÜBER', 'contoso', 'ada@contoso.example', 'bob', 'report']) {
      expect(find({ words: [word] }), word).toEqual(['m1'])
    }
    expect(find({ words: ['uarterly'] })).toEqual([])
  })

  test('must all occur, in any order and place', () => {
    const { mail, find, finish } = searchable()
    mail('m1', 'alpha beta')
    mail('m2', 'alpha gamma', { title: 'beta' })
    mail('m3', 'alpha gamma')
    finish('one')
    expect(find({ words: ['beta', 'alp'] }).sort()).toEqual(['m1', 'm2'])
    expect(find({ words: ['beta', 'delta'] })).toEqual([])
    expect(find({ words: ['alpha be'] })).toEqual(['m1'])
  })

  test('are never syntax', () => {
    const { mail, find, finish } = searchable()
    mail('m1', 'alpha "quoted" OR beta near(gamma) title colon star')
    finish('one')
    const odd = [
      '"',
      '""',
      'alpha"',
      '"quoted"',
      'OR',
      'AND',
      'NOT',
      'NEAR(',
      'title:',
      'title : alpha',
      '*',
      '^alpha',
      '-alpha',
      '+',
      '(',
      ')',
      '{title body}: x',
      'al*',
      'a\0b',
      '\0',
      '\ud800',
      "'; DROP TABLE item; --",
      '\\',
      '??',
    ]
    for (const word of odd) expect(() => find({ words: [word] }), word).not.toThrow()
    expect(find({ words: ['"quoted"'] })).toEqual(['m1'])
    expect(find({ words: ['OR'] })).toEqual(['m1'])
    expect(find({ words: ['NOT'] })).toEqual([])
    expect(find({ words: ['alpha', 'NOT', 'beta'] })).toEqual([])
    expect(find({ words: ['title:beta'] })).toEqual([])
  })

  test('without anything to search for find nothing alone and do not count beside others', () => {
    const { mail, find, finish } = searchable()
    mail('m1', 'alpha')
    finish('one')
    expect(find({ words: ['-', '...'] })).toEqual([])
    expect(find({ words: ['alpha', '-'] })).toEqual(['m1'])
    expect(find({ words: [], from: '@' })).toEqual([])
    expect(find({ words: [] })).toEqual(['m1'])
  })
})

describe('filters', () => {
  test('by people', () => {
    const { mail, find, finish } = searchable()
    mail('m1', '', { from: 'Ada Lovelace <ada@contoso.example>', to: 'Bob <bob@fabrikam.example>' })
    mail('m2', '', { from: 'Bob <bob@fabrikam.example>', to: 'Ada Lovelace <ada@contoso.example>' })
    mail('m3', 'ada bob')
    finish('one')
    expect(find({ from: 'ada' })).toEqual(['m1'])
    expect(find({ to: 'ADA@contoso.example' })).toEqual(['m2'])
    expect(find({ from: 'lovelace ada' })).toEqual(['m1'])
    expect(find({ from: 'ada', to: 'ada' })).toEqual([])
    expect(find({ words: ['bob'], from: 'ada' })).toEqual(['m1'])
    expect(find({ from: '' }).length).toBe(3)
  })

  test('by time, attachment and type', () => {
    const { mail, find, finish } = searchable()
    mail('m1', 'x', { time: 100, hasAttachments: true })
    mail('m2', 'x', { time: 200 })
    mail('e1', 'x', { time: 300, type: 'calendar' })
    finish('one')
    for (const words of [[], ['x']]) {
      expect(find({ words, after: 200 })).toEqual(['e1', 'm2'])
      expect(find({ words, before: 200 })).toEqual(['m1'])
      expect(find({ words, after: 100, before: 300 })).toEqual(['m2', 'm1'])
      expect(find({ words, attachment: true })).toEqual(['m1'])
      expect(find({ words, attachment: false })).toEqual(['e1', 'm2'])
      expect(find({ words, type: 'calendar' })).toEqual(['e1'])
      expect(find({ words, type: 'contacts' })).toEqual([])
    }
  })

  test('by snapshot', () => {
    const { catalog, mail, find, run, remove, finish } = searchable()
    mail('m1', 'x')
    mail('m2', 'x')
    const one = finish('one')
    remove(run(), 'm1')
    mail('m3', 'x')
    const two = finish('two')
    for (const words of [[], ['x']]) {
      expect(find({ words, snapshot: one }).sort()).toEqual(['m1', 'm2'])
      expect(find({ words, snapshot: two }).sort()).toEqual(['m2', 'm3'])
      expect(find({ words }).sort()).toEqual(['m1', 'm2', 'm3'])
    }
    expect(() => catalog.find({ words: [], snapshot: idOf('x'), limit: 1 })).toThrow('repository.snapshot-not-found')
  })
})

describe('what is found', () => {
  test('comes newest first, in pages, with few hits and with many', () => {
    const { mail, find, finish } = searchable()
    const count = 5000
    // In an order that is neither the time's nor the keys'.
    for (let i = 0; i < count; i++)
      mail(`m${(i * 7) % count}`, i % 100 === 0 ? 'many few' : 'many', { time: (i * 7) % count })
    finish('one')
    const newestFirst = (found: readonly string[]) => found.toSorted((a, b) => Number(b.slice(1)) - Number(a.slice(1)))
    for (const [word, expected] of [
      ['many', count],
      ['few', count / 100],
    ] as const) {
      const all = find({ words: [word], limit: count + 1 })
      expect(all).toHaveLength(expected)
      expect(all).toEqual(newestFirst(all))
      expect(find({ words: [word], limit: 10, offset: 20 })).toEqual(all.slice(20, 30))
    }
    expect(find({ words: ['many'], limit: 3, before: 100 })).toEqual(['m99', 'm98', 'm97'])
    expect(find({ limit: 2 })).toEqual(['m4999', 'm4998'])
    expect(find({ limit: 0 })).toEqual([])
  })

  test('comes newest first, however far apart the texts of the newest lie', () => {
    const { catalog, mail, find, finish } = searchable()
    const count = 4100
    for (let i = 0; i < count; i++) {
      // Texts in between, as of other users' items.
      for (let other = 0; i % 500 === 0 && other < 10_000; other++)
        catalog.addText({ title: '', from: '', to: '', body: 'other' })
      mail(`m${(i * 7) % count}`, 'many', { time: (i * 7) % count })
    }
    finish('one')
    const newest = Array.from({ length: count }, (_, at) => `m${count - 1 - at}`)
    expect(find({ words: ['many'], limit: 20 })).toEqual(newest.slice(0, 20))
    expect(find({ words: ['many'], limit: 5, offset: 3000 })).toEqual(newest.slice(3000, 3005))
  })

  test('is one row per item and text, with where it is and which snapshots hold it', () => {
    const { catalog, mail, put, run, remove, folder, finish } = searchable()
    const first = mail('m1', 'words', { shard: '' })
    const one = finish('one')
    put(run(), 'm1', { ...first, changeKey: 'read' })
    finish('two')
    put(run(), 'm1', { ...first, changeKey: 'moved', container: 'old' })
    const three = finish('three')
    remove(run(), 'm1', 'old')
    folder(run(), 'old', 'Elsewhere')
    finish('four')
    const [found, ...others] = catalog.find({ words: ['words'], limit: 9 })
    expect(others).toEqual([])
    expect(found).toEqual({
      type: TYPE,
      path: `${MAILBOX}/Inbox/Old/m1`,
      name: 'm1',
      shard: '',
      time: 1000,
      size: 10,
      title: 'm1',
      from: '',
      to: '',
      hasAttachments: false,
      firstSnapshot: one,
      lastSnapshot: three,
    })
    const then = catalog.find({ words: ['words'], snapshot: one, limit: 9 })
    expect(then.map(({ path, lastSnapshot }) => [path, lastSnapshot])).toEqual([[`${MAILBOX}/Inbox/m1`, three]])
  })

  test('tells texts apart that an item had one after the other', () => {
    const { mail, find, finish } = searchable()
    mail('m1', 'draft')
    finish('one')
    mail('m1', 'final')
    finish('two')
    expect(find({ words: ['draft'] })).toEqual(['m1'])
    expect(find({ words: ['final'] })).toEqual(['m1'])
    expect(find({})).toEqual(['m1', 'm1'])
  })

  test('is every item that shares a text', () => {
    const { catalog, put, run, find, finish } = searchable()
    const textKey = catalog.addText({ title: 'shared', from: '', to: '', body: '' })
    put(run(), 'a', { name: 'a', textKey })
    put(run(), 'b', { name: 'b', textKey })
    finish('one')
    expect(find({ words: ['shared'] }).sort()).toEqual(['a', 'b'])
  })

  test('is nothing of a run that puts the same text elsewhere', () => {
    const { catalog, mail, put, run, finish } = searchable()
    const first = mail('m1', 'words', { shard: '' })
    finish('one')
    put(run(), 'm1', { ...first, container: 'old' })
    const found = catalog.find({ words: ['words'], limit: 9 })
    expect(found.map(({ path, lastSnapshot }) => [path, lastSnapshot])).toEqual([[`${MAILBOX}/Inbox/m1`, idOf('one')]])
  })
})

describe('a text', () => {
  test('goes with the last version that uses it', () => {
    const file = catalogFile()
    const { catalog, mail, put, run, remove, find, finish } = searchable(newCatalog(file))
    mail('m1', 'alpha')
    mail('m1', 'beta')
    catalog.checkpoint()
    expect(countTexts(file)).toBe(1)
    finish('one')
    expect([find({ words: ['alpha'] }), find({ words: ['beta'] })]).toEqual([[], ['m1']])
    const again = mail('m2', 'gamma')
    put(run(), 'm2', { ...again, changeKey: 'b' })
    remove(run(), 'm2')
    put(run(), 'm3', { textKey: again.textKey, name: 'm3' })
    mail('m4', 'delta')
    remove(run(), 'm4')
    finish('two')
    expect([find({ words: ['gamma'] }), find({ words: ['delta'] })]).toEqual([['m3'], []])
    expect(countTexts(file)).toBe(2)
  })

  test('that no version came to use goes when the run is finished, not before', () => {
    const file = catalogFile()
    const { catalog, put, run, find, finish } = searchable(newCatalog(file))
    const add = (body: string) => catalog.addText({ title: '', from: '', to: '', body })
    put(run(), 'm1')
    finish('one')
    finish('two')
    const early = add('early')
    add('never')
    // Forgetting another snapshot meanwhile sweeps the texts.
    catalog.dropSnapshots([idOf('one')])
    put(run(), 'm2', { name: 'm2', textKey: early })
    finish('three')
    expect(find({ words: ['early'] })).toEqual(['m2'])
    expect(countTexts(file)).toBe(1)
  })
})
