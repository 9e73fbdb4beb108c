import { describe, expect, it } from 'vitest'
import { retryAfterMs } from '../../../../src-main/graph/client/retry-after.ts'

const now = Date.UTC(2026, 10, 21, 10, 0, 0)

describe('retryAfterMs', () => {
  it.each<[string, Record<string, string>, number | undefined]>([
    ['seconds', { 'retry-after': '10' }, 10_000],
    ['fractions of seconds', { 'retry-after': '0.5' }, 500],
    ['a date, by the own clock', { 'retry-after': 'Sat, 21 Nov 2026 10:00:30 GMT' }, 30_000],
    [
      'a date, by the server clock when it tells it',
      { 'retry-after': 'Sat, 21 Nov 2026 12:00:30 GMT', date: 'Sat, 21 Nov 2026 12:00:00 GMT' },
      30_000,
    ],
    ['no header', {}, undefined],
    ['zero', { 'retry-after': '0' }, undefined],
    ['a date that is over', { 'retry-after': 'Sat, 21 Nov 2026 09:59:00 GMT' }, undefined],
    ['nonsense', { 'retry-after': 'soon' }, undefined],
  ])('reads %s', (_name, headers, expected) => {
    expect(retryAfterMs(headers, now)).toBe(expected)
  })
})
