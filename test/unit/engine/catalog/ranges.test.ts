import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closeRanges } from '../../../../src-main/engine/catalog/ranges.ts'

const limits = { ranges: 3, span: 10 }

test('numbers that lie close together are one range', () => {
  expect(closeRanges([7, 3, 5, 3], limits)).toEqual([{ first: 3, last: 7 }])
  expect(closeRanges([], limits)).toEqual([])
  expect(closeRanges([4], limits)).toEqual([{ first: 4, last: 4 }])
})

test('they are cut at the widest gaps, no oftener than the span asks for', () => {
  expect(closeRanges([1, 5, 100, 104], limits)).toEqual([
    { first: 1, last: 5 },
    { first: 100, last: 104 },
  ])
  expect(closeRanges([1, 50, 99, 100], limits)).toEqual([
    { first: 1, last: 1 },
    { first: 50, last: 50 },
    { first: 99, last: 100 },
  ])
})

test('there are none if the numbers lie too far apart', () => {
  expect(closeRanges([1, 50, 100, 150], limits)).toBeUndefined()
})

test('every number is in one range, and each range begins and ends with one', () => {
  const numbers = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 60 }), (all, ranges, span) => {
      const found = closeRanges(all, { ranges, span })
      if (found === undefined) return
      expect(found.length).toBeLessThanOrEqual(ranges)
      expect(found.reduce((sum, { first, last }) => sum + last - first + 1, 0)).toBeLessThanOrEqual(span)
      for (const { first, last } of found) expect([all.includes(first), all.includes(last)]).toEqual([true, true])
      for (const one of all) expect(found.filter(({ first, last }) => first <= one && one <= last)).toHaveLength(1)
    }),
  )
})
