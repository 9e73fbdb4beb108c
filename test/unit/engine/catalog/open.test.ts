import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openCatalog, removeCatalog } from '../../../../src-main/engine/catalog/open.ts'
import { catalogRows } from '../../../support/catalog-rows.ts'
import { catalogFile, idOf, mailbox, names, newCatalog, REPOSITORY, ROOT_PATH, TYPE } from './fixture.ts'

const options = { repositoryId: REPOSITORY }

/** A catalog file with one snapshot of 300 items. */
function filled(): string {
  const file = catalogFile()
  const catalog = openCatalog(file, options)
  const { put, finish, run } = mailbox(catalog)
  for (let i = 0; i < 300; i++) {
    put(run(), `m${i}`, { textKey: catalog.addText({ title: `t${i}`, from: '', to: '', body: 'some words' }) })
  }
  finish('one')
  catalog.close()
  return file
}

function change(file: string, sql: string): void {
  const db = new Database(file)
  db.exec(sql)
  db.close()
}

describe('the file', () => {
  test('is private, in a folder that is private', () => {
    const file = catalogFile()
    const catalog = newCatalog(file)
    mailbox(catalog)
    catalog.checkpoint()
    const mode = (path: string) => statSync(path).mode & 0o777
    expect(mode(dirname(file))).toBe(0o700)
    expect([file, `${file}-wal`, `${file}-shm`].map(mode)).toEqual([0o600, 0o600, 0o600])
  })

  test('can be opened again', () => {
    const file = filled()
    const catalog = newCatalog(file)
    expect(catalog.snapshots().map(({ id }) => id)).toEqual([idOf('one')])
  })

  test('is removed with its log', () => {
    const file = filled()
    for (const suffix of ['-wal', '-shm']) writeFileSync(`${file}${suffix}`, '')
    removeCatalog(file)
    expect(['', '-wal', '-shm'].map((suffix) => existsSync(`${file}${suffix}`))).toEqual([false, false, false])
    removeCatalog(file)
    expect(newCatalog(file).snapshots()).toEqual([])
  })

  test('that cannot be created is catalog.failed, and not taken for a damaged one', () => {
    const file = catalogFile()
    mkdirSync(file, { recursive: true })
    expect(() => openCatalog(file, options)).toThrow('catalog.failed')
  })
})

describe('a damaged file', () => {
  const damages: readonly [string, (file: string) => void][] = [
    ['garbage', (file) => writeFileSync(file, Buffer.alloc(20_000, 'garbage'))],
    ['cut off', (file) => truncateSync(file, 30_000)],
    ['of another program', (file) => change(file, 'PRAGMA application_id = 17')],
    ['of another version', (file) => change(file, 'PRAGMA user_version = 99')],
    ['without a table', (file) => change(file, 'DROP TABLE failure')],
    ['without its repository', (file) => change(file, 'DELETE FROM meta')],
  ]
  test.each(damages)('%s', (_, damage) => {
    const file = filled()
    damage(file)
    expect(() => openCatalog(file, options)).toThrow('catalog.damaged')
    expect(() => openCatalog(file, { ...options, readOnly: true })).toThrow('catalog.damaged')
    removeCatalog(file)
    expect(newCatalog(file).snapshots()).toEqual([])
  })

  test('of another repository', () => {
    const file = filled()
    expect(() => openCatalog(file, { repositoryId: 'repository-2' })).toThrow('catalog.damaged')
  })

  test('that shows its damage only when it is read', () => {
    const file = filled()
    const bytes = readFileSync(file)
    // Every page but those that opening needs.
    for (let at = 8192 * 12; at + 8192 <= bytes.length; at += 8192) bytes.fill(0x5a, at, at + 8192)
    writeFileSync(file, bytes)
    const use = () => {
      const catalog = openCatalog(file, options)
      onTestFinished(() => catalog.close())
      catalog.list(idOf('one'), `${ROOT_PATH}/${TYPE}/Inbox/2026-01`, { limit: 300, offset: 0 })
      catalog.find({ words: ['some'], limit: 300 })
    }
    expect(use).toThrow('catalog.damaged')
  })
})

describe('what is durable', () => {
  test('is what a checkpoint was called for', () => {
    const file = catalogFile()
    const catalog = openCatalog(file, options)
    const { put, run, series, root } = mailbox(catalog)
    put(run(), 'kept')
    catalog.checkpoint()
    put(run(), 'lost')
    catalog.setCursor(root, TYPE, 'inbox', 'ahead')
    catalog.close()
    const again = newCatalog(file)
    expect(again.beginRun(series, 9).resumed).toBe(true)
    expect(again.latest(root, TYPE, 'kept')?.open).toBe(true)
    expect(again.latest(root, TYPE, 'lost')).toBeUndefined()
    expect(again.cursor(root, TYPE, 'inbox')).toBeUndefined()
  })

  test('is all that another process sees, without waiting for the writer', () => {
    const file = catalogFile()
    const catalog = newCatalog(file)
    const { put, run, finish } = mailbox(catalog)
    put(run(), 'first')
    const snapshot = finish('one')
    put(run(), 'second')
    const reader = openCatalog(file, { ...options, readOnly: true, busyTimeout: 0 })
    onTestFinished(() => reader.close())
    const folder = `${ROOT_PATH}/${TYPE}/Inbox/2026-01`
    expect(names(reader, snapshot, folder)).toEqual(['name of first'])
    finish('two')
    expect(names(reader, idOf('two'), folder)).toEqual(['name of first', 'name of second'])
  })

  test('a reader writes nothing, and finds no file where there is none', () => {
    const file = filled()
    const reader = openCatalog(file, { ...options, readOnly: true })
    onTestFinished(() => reader.close())
    expect(() => reader.series({ host: 'new', paths: [] })).toThrow('internal')
    expect(() => openCatalog(catalogFile(), { ...options, readOnly: true })).toThrow('catalog.damaged')
  })

  test('a second writer is told so', () => {
    const file = catalogFile()
    const { run } = mailbox(newCatalog(file))
    run()
    const second = openCatalog(file, { ...options, busyTimeout: 0 })
    onTestFinished(() => second.close())
    expect(() => second.beginRun(1, 0)).toThrow('catalog.busy')
  })

  test('a run keeps other writers out between its checkpoints', () => {
    const file = catalogFile()
    const catalog = newCatalog(file)
    const { finish } = mailbox(catalog)
    catalog.checkpoint()
    const second = openCatalog(file, { ...options, busyTimeout: 0 })
    onTestFinished(() => second.close())
    expect(() => second.series({ host: 'x', paths: [] })).toThrow('catalog.busy')
    finish('one')
    expect(second.series({ host: 'x', paths: [] })).toBeGreaterThan(0)
  })

  test('nothing of a write that failed in the middle', () => {
    const file = catalogFile()
    const catalog = newCatalog(file)
    const { put, run } = mailbox(catalog)
    catalog.checkpoint()
    const before = catalogRows(file)
    const seq = run()
    put(seq, 'a')
    // Not a string: SQLite refuses it after the old version was closed.
    expect(() => put(seq, 'a', { title: null as unknown as string })).toThrow('catalog.failed')
    expect(() => put(seq, 'b')).toThrow('catalog.failed')
    expect(() => catalog.checkpoint()).toThrow('catalog.failed')
    expect(() => catalog.countItems(1, TYPE, 'inbox')).toThrow('catalog.failed')
    expect(catalogRows(file)).toEqual(before)
  })
})

test('a file that nobody may write is catalog.failed', (context) => {
  if (process.getuid?.() === 0) return context.skip('root may write everywhere')
  const file = filled()
  chmodSync(file, 0o400)
  expect(() => openCatalog(file, options)).toThrow('catalog.failed')
})
