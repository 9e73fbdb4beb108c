import { describe, expect, test } from 'vitest'
import type { Catalog } from '../../../../src-main/engine/catalog/catalog.ts'
import type { HexId } from '../../../../src-main/engine/model/ids.ts'
import { massChanges } from '../../../../src-main/engine/operations/diff/mass-changes.ts'
import { idOf, mailbox, ROOT_PATH } from './fixture.ts'

function told(catalog: Catalog, from: HexId, to: HexId): readonly string[] {
  return [...catalog.differences(from, to)]
    .map((difference) => {
      const was = 'from' in difference ? ` from ${difference.from ?? ''}` : ''
      const content = difference.kind === 'changed' && difference.content ? ' content' : ''
      return `${difference.kind}${content} ${difference.what} ${difference.path}${was}`.replaceAll(ROOT_PATH, '*')
    })
    .sort()
}

describe('differences of two snapshots', () => {
  test('tell added, changed, moved and deleted items', () => {
    const { catalog, run, put, remove, finish } = mailbox()
    for (const name of ['same', 'gone', 'edited', 'read', 'moved', 'moved and edited']) put(run(), name)
    const one = finish('one')
    put(run(), 'new')
    remove(run(), 'gone')
    put(run(), 'edited', { content: [idOf('other')] })
    put(run(), 'read', { metadata: [idOf('read')] })
    put(run(), 'moved', { container: 'old' })
    put(run(), 'moved and edited', { container: 'old', content: [idOf('other')] })
    const two = finish('two')
    expect(told(catalog, one, two)).toEqual([
      'added item */mailbox/Inbox/2026-01/name of new',
      'changed content item */mailbox/Inbox/2026-01/name of edited',
      'changed content item */mailbox/Inbox/Old/2026-01/name of moved and edited from */mailbox/Inbox/2026-01/name of moved and edited',
      'changed item */mailbox/Inbox/2026-01/name of read',
      'deleted item */mailbox/Inbox/2026-01/name of gone',
      'moved item */mailbox/Inbox/Old/2026-01/name of moved from */mailbox/Inbox/2026-01/name of moved',
    ])
  })

  test('leave out what came and went in between, and what a run under way does', () => {
    const { catalog, run, put, remove, finish } = mailbox()
    put(run(), 'there and back')
    const one = finish('one')
    put(run(), 'for a while')
    put(run(), 'there and back', { container: 'old' })
    finish('two')
    remove(run(), 'for a while')
    put(run(), 'there and back')
    put(run(), 'new')
    const three = finish('three')
    put(run(), 'later')
    remove(run(), 'new')
    // It is another version at the same place with the same content.
    expect(told(catalog, one, three)).toEqual([
      'added item */mailbox/Inbox/2026-01/name of new',
      'changed item */mailbox/Inbox/2026-01/name of there and back',
    ])
  })

  test('tell a folder that moved, and not what is in it', () => {
    const { catalog, run, put, folder, finish } = mailbox()
    put(run(), 'a', { container: 'old' })
    folder(run(), 'deep', 'Inbox/Old/Deep', 'old')
    put(run(), 'b', { container: 'deep' })
    const one = finish('one')
    folder(run(), 'old', 'Inbox/Ancient', 'inbox')
    folder(run(), 'new', 'Inbox/New', 'inbox')
    const two = finish('two')
    expect(told(catalog, one, two)).toEqual([
      'added folder */mailbox/Inbox/New',
      'moved folder */mailbox/Inbox/Ancient from */mailbox/Inbox/Old',
    ])
  })

  test('are refused between snapshots of different series, and in the wrong order', () => {
    const { catalog, run, put, finish } = mailbox()
    put(run(), 'a')
    const one = finish('one')
    put(run(), 'b')
    const two = finish('two')
    expect(() => [...catalog.differences(two, one)]).toThrow(expect.objectContaining({ code: 'usage' }))
    expect(() => [...catalog.differences(one, idOf('x'))]).toThrow('repository.snapshot-not-found')
    expect(told(catalog, one, one)).toEqual([])
  })
})

describe('a run that did much', () => {
  const limits = { percent: 50, items: 3 }

  function scene(count: number): ReturnType<typeof mailbox> & { readonly one: HexId } {
    const box = mailbox()
    for (let at = 0; at < count; at++) box.put(box.run(), `m${at}`)
    return { ...box, one: box.finish('one') }
  }

  test('is told when it took away as many as both limits say', () => {
    const { catalog, run, remove, finish, one } = scene(6)
    for (let at = 0; at < 3; at++) remove(run(), `m${at}`)
    const two = finish('two')
    expect(massChanges(catalog, one, two, limits)).toEqual([
      { kind: 'deleted', root: ROOT_PATH, type: 'mailbox', items: 3, of: 6 },
    ])
    expect(massChanges(catalog, one, two, { percent: 51, items: 3 })).toEqual([])
    expect(massChanges(catalog, one, two, { percent: 50, items: 4 })).toEqual([])
  })

  test('is told when it changed contents, not when things moved or were read', () => {
    const { catalog, run, put, finish, one } = scene(6)
    for (let at = 0; at < 3; at++) put(run(), `m${at}`, { content: [idOf('encrypted')] })
    for (let at = 3; at < 6; at++) put(run(), `m${at}`, { container: 'old' })
    const two = finish('two')
    expect(massChanges(catalog, one, two, limits)).toEqual([
      { kind: 'changed', root: ROOT_PATH, type: 'mailbox', items: 3, of: 6 },
    ])
  })
})
