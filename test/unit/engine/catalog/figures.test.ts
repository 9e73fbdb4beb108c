import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { catalogFigures } from '../../../../src-main/engine/catalog/figures.ts'
import { SCHEMA_VERSION } from '../../../../src-main/engine/catalog/schema.ts'
import { catalogFile, mailbox, newCatalog } from './fixture.ts'

/** A closed catalog: two snapshots, in which one of three items was changed and one removed. */
function filled(): string {
  const file = catalogFile()
  const catalog = newCatalog(file)
  const { put, remove, finish, run } = mailbox(catalog)
  for (const id of ['a', 'b', 'c']) put(run(), id)
  finish('one')
  put(run(), 'a', { changeKey: 'other' })
  remove(run(), 'b')
  finish('two')
  catalog.close()
  return file
}

describe('figures of a catalog', () => {
  test('count what it holds, and name nothing', () => {
    const file = filled()
    const figures = catalogFigures(file)
    expect(figures).toMatchObject({
      schemaVersion: SCHEMA_VERSION,
      series: 1,
      snapshots: 2,
      unfinishedRuns: 0,
      roots: 1,
      containers: 2,
      items: 2,
      versions: 4,
      failures: 0,
    })
    expect(figures.bytes).toBe(statSync(file).size)
    expect(Object.values(figures).every((value) => typeof value === 'number')).toBe(true)
  })

  test('change nothing, and are those of the last durable state while a run writes', () => {
    const file = filled()
    const before = readFileSync(file)
    catalogFigures(file)
    expect(readFileSync(file).equals(before)).toBe(true)
    const catalog = newCatalog(file)
    const { put, run } = mailbox(catalog)
    put(run(), 'd')
    expect(catalogFigures(file)).toMatchObject({ items: 2, unfinishedRuns: 0 })
    catalog.checkpoint()
    expect(catalogFigures(file)).toMatchObject({ items: 3, unfinishedRuns: 1 })
  })

  test.each<[string, (file: string) => void, object]>([
    ['no database at all', (file) => writeFileSync(file, 'x'.repeat(9_000)), { sqlite: 'SQLITE_NOTADB' }],
    ['another program’s database', (file) => change(file, 'PRAGMA application_id = 1'), { reason: 'not-a-catalog' }],
    [
      'a catalog without one of its tables',
      (file) => change(file, 'PRAGMA user_version = 1; DROP TABLE failure'),
      { reason: 'schema', version: 1 },
    ],
    ['a page overwritten', overwrite, { reason: 'content', version: SCHEMA_VERSION }],
  ])('of %s are refused as damaged', (_name, damage, context) => {
    const file = filled()
    damage(file)
    expect(() => catalogFigures(file)).toThrow(expect.objectContaining({ code: 'catalog.damaged', context }))
  })

  test('of no file fail, and make none', () => {
    const file = catalogFile()
    mkdirSync(dirname(file))
    expect(() => catalogFigures(file)).toThrow(expect.objectContaining({ code: 'catalog.failed' }))
    expect(readdirSync(dirname(file))).toEqual([])
  })
})

function change(file: string, sql: string): void {
  const db = new Database(file)
  db.exec(sql)
  db.close()
}

/** The page of the items' table. */
function overwrite(file: string): void {
  const db = new Database(file)
  const page = db.prepare<[], { rootpage: number }>("SELECT rootpage FROM sqlite_schema WHERE name = 'item'").get()
  const size = Number(db.pragma('page_size', { simple: true }))
  db.close()
  const bytes = readFileSync(file)
  bytes.fill(0x55, ((page?.rootpage ?? 0) - 1) * size, (page?.rootpage ?? 0) * size)
  writeFileSync(file, bytes)
}
