import { expect, test } from 'vitest'
import { endOfPath, formatPercent, formatRelative } from '../../../src-renderer/src/lib/format.ts'
import { plural } from '../../../src-renderer/src/lib/texts/plural.ts'

const hour = 3_600_000
const now = Date.UTC(2026, 2, 5, 12)

test('how long ago something was', () => {
  const ago = (hours: number): string => formatRelative(now - hours * hour, now)
  expect([0, 0.5, 1.9, 23, 24, 24 * 20, 24 * 61, 24 * 800, -3].map(ago)).toEqual([
    'now',
    '30 minutes ago',
    '1 hour ago',
    '23 hours ago',
    'yesterday',
    '20 days ago',
    '2 months ago',
    '2 years ago',
    'in 3 hours',
  ])
})

test('only what is whole is 100%', () => {
  expect([0, 0.5, 0.9999, 1, 2, -1].map(formatPercent)).toEqual(['0%', '50%', '99%', '100%', '100%', '0%'])
})

test('a long path is told by its end', () => {
  expect(
    ['/srv/backup/contoso', '/home/ada/Documents/Company/Backups/Mail', 'D:\\Company\\Backups of everything\\Mail'].map(
      (path) => endOfPath(path),
    ),
  ).toEqual(['/srv/backup/contoso', '…/Company/Backups/Mail', '…\\Mail'])
  expect(endOfPath(`/${'a'.repeat(40)}`)).toBe(`…/${'a'.repeat(40)}`)
})

test('a count takes its form and its number', () => {
  const forms = { one: '{count} item', other: '{count} items' }
  expect([0, 1, 2345].map((count) => plural(count, forms))).toEqual(['0 items', '1 item', '2,345 items'])
})
