import { describe, expect, test } from 'vitest'
import { rowAfterKey, rowWindow, scrollTopFor } from '../../../src-renderer/src/ui/row-window.ts'

const view = { count: 1000, rowHeight: 30, viewport: 300, scrollTop: 0 }

describe('rows in sight', () => {
  test('a list that fits its page is drawn as far as it shows', () => {
    const { from, to, height, top } = rowWindow({ ...view, scrollTop: 3000 })
    expect({ from, to, height }).toEqual({ from: 92, to: 118, height: 30_000 })
    expect(top(100)).toBe(3000)
  })

  test('no rows, no window', () => {
    expect(rowWindow({ ...view, count: 0 })).toMatchObject({ from: 0, to: 0, height: 0 })
  })

  test('a list taller than a page can be ends with its last row at the end of the page', () => {
    const tall = { ...view, count: 5_000_000, rowHeight: 40 }
    const { height } = rowWindow(tall)
    expect(height).toBeLessThan(2 ** 25)
    const end = rowWindow({ ...tall, scrollTop: height - 300 })
    expect(end.to).toBe(5_000_000)
    expect(end.top(4_999_999) + 40).toBeCloseTo(height, 3)
  })

  test('every row of a tall list can be reached, and shows where it is scrolled to', () => {
    const tall = { ...view, count: 5_000_000, rowHeight: 40 }
    for (const index of [0, 1, 1_234_567, 2_500_000, 4_999_999]) {
      const scrollTop = scrollTopFor(tall, index)
      const { from, to, top } = rowWindow({ ...tall, scrollTop })
      expect(from).toBeLessThanOrEqual(index)
      expect(to).toBeGreaterThan(index)
      expect(top(index) - scrollTop).toBeGreaterThan(-1)
      expect(top(index) - scrollTop).toBeLessThanOrEqual(261)
    }
  })

  test('what shows already does not move', () => {
    expect(scrollTopFor({ ...view, scrollTop: 3000 }, 105)).toBe(3000)
    expect(scrollTopFor({ ...view, scrollTop: 3000 }, 99)).toBe(2970)
    expect(scrollTopFor({ ...view, scrollTop: 3000 }, 110)).toBe(3030)
  })
})

test('keys move inside the list only', () => {
  expect(rowAfterKey('ArrowUp', 0, 10, 5)).toBe(0)
  expect(rowAfterKey('PageDown', 7, 10, 5)).toBe(9)
  expect(rowAfterKey('End', 0, 10, 5)).toBe(9)
  expect(rowAfterKey('x', 0, 10, 5)).toBeUndefined()
  expect(rowAfterKey('End', 0, 0, 5)).toBeUndefined()
})
