import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMoment,
  formatNumber,
} from '../../../src-shared/text/amounts.ts'

describe('amounts', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1536, '1.5 KiB'],
    [1024 * 1024 - 1, '1.0 MiB'],
    [123.4 * 1024 ** 2, '123 MiB'],
    [3 * 1024 ** 4, '3.0 TiB'],
    [5000 * 1024 ** 5, '5000 PiB'],
    [-1, '0 B'],
  ])('%d bytes', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  it('numbers and counts', () => {
    expect([0, 999, 1000, 1234567].map(formatNumber)).toEqual(['0', '999', '1,000', '1,234,567'])
    expect([formatCount(1, 'item'), formatCount(2, 'item'), formatCount(0, 'entry', 'entries')]).toEqual([
      '1 item',
      '2 items',
      '0 entries',
    ])
  })

  it.each([
    [0, '0.0 s'],
    [940, '0.9 s'],
    [9_960, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min 0 s'],
    [3_599_000, '59 min 59 s'],
    [3_599_900, '1 h 0 min'],
    [7_380_000, '2 h 3 min'],
  ])('%d milliseconds', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text)
  })

  it('moments in this time zone', () => {
    expect(formatMoment(new Date(2026, 2, 5, 4, 7).getTime())).toBe('2026-03-05 04:07')
    expect(formatMoment(NaN)).toBe('unknown time')
  })
})
