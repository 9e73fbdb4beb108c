import { afterAll, expect, test } from 'vitest'
import type * as Paged from '../../../src-renderer/src/lib/paged.svelte.ts'
import { closeRuneModules, runeModule } from '../support/rune-module.ts'

afterAll(closeRuneModules)

const { CursorRows, OffsetRows } = await runeModule<typeof Paged>('/src/lib/paged.svelte.ts')

/** Lets promises that are settled already go on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

interface Asked {
  readonly offset: number
  readonly answer: (count?: number) => void
  readonly fail: () => void
}

function offsetScene(keep = 3): { readonly asked: Asked[]; readonly rows: InstanceType<typeof OffsetRows<number>> } {
  const asked: Asked[] = []
  const rows = new OffsetRows<number>(
    (offset, limit) =>
      new Promise((resolve, reject) => {
        const numbers = Array.from({ length: limit }, (_none, index) => offset + index)
        asked.push({
          offset,
          answer: (count = 1_000_000) => resolve({ count, rows: numbers }),
          fail: () => reject(new Error('lost')),
        })
      }),
    { size: 10, keep },
  )
  return { asked, rows }
}

test('loads the pages that show, each once', async () => {
  const { asked, rows } = offsetScene()
  void rows.restart()
  asked[0]?.answer()
  await settled()
  expect(rows.count).toBe(1_000_000)
  rows.need(495, 515)
  rows.need(500, 518)
  asked[2]?.answer()
  await settled()
  expect(asked.map(({ offset }) => offset)).toEqual([0, 490, 500, 510])
  expect([rows.row(499), rows.row(500), rows.row(509)]).toEqual([undefined, 500, 509])
})

test('asks for two pages at a time, and for none that has been scrolled past', async () => {
  const { asked, rows } = offsetScene()
  for (const page of [0, 10, 20, 30, 40]) rows.need(page * 10, page * 10 + 10)
  expect(asked.map(({ offset }) => offset)).toEqual([0, 100])
  asked[0]?.answer()
  await settled()
  expect(asked.map(({ offset }) => offset)).toEqual([0, 100, 400])
})

test('keeps no more pages than it may, those that were looked at last', async () => {
  const { asked, rows } = offsetScene(3)
  for (const page of [0, 1, 2]) rows.need(page * 10, page * 10 + 10)
  for (const answered of [0, 1, 2]) {
    asked[answered]?.answer()
    await settled()
  }
  rows.need(0, 10)
  rows.need(30, 40)
  asked[3]?.answer()
  await settled()
  expect([0, 10, 20, 30].map((index) => rows.row(index))).toEqual([0, undefined, 20, 30])
})

test('takes no answer to a question from before the restart', async () => {
  const { asked, rows } = offsetScene()
  void rows.restart()
  void rows.restart()
  asked[0]?.answer(5)
  await settled()
  expect([rows.isBegun, rows.count]).toEqual([false, 0])
  asked[1]?.answer(7)
  await settled()
  expect(rows.count).toBe(7)
})

test('asks again for a page that failed', async () => {
  const { asked, rows } = offsetScene()
  rows.need(0, 10)
  asked[0]?.fail()
  await settled()
  expect(rows.failure?.code).toBe('internal')
  rows.need(0, 10)
  asked[1]?.answer()
  await settled()
  expect([rows.failure, rows.row(3)]).toEqual([null, 3])
})

test('follows cursors only as far as rows are needed', async () => {
  const asked: (string | null)[] = []
  const rows = new CursorRows<number>((cursor) => {
    asked.push(cursor)
    const from = Number(cursor ?? 0)
    return Promise.resolve({ rows: [from, from + 1], next: from < 4 ? String(from + 2) : null })
  })
  await rows.restart()
  rows.need(0, 2)
  expect([rows.count, rows.rows]).toEqual([3, [0, 1]])
  rows.need(0, 3)
  rows.need(1, 3)
  await settled()
  expect([asked, rows.count]).toEqual([[null, '2'], 5])
  rows.need(2, 5)
  await settled()
  expect([rows.count, rows.hasMore, rows.rows]).toEqual([6, false, [0, 1, 2, 3, 4, 5]])
})
