import { describe, expect, test } from 'vitest'
import { decodedText, isText } from '../../../../src-main/engine-host/browse/decoded-text.ts'

const sample = 'naïve, 日本, 🎉\r\nend'
const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16()

const texts: readonly (readonly [string, Buffer, string])[] = [
  ['UTF-8', Buffer.from(sample), sample],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${sample}`), sample],
  ['UTF-16 little-endian', Buffer.from(`\ufeff${sample}`, 'utf16le'), sample],
  ['UTF-16 big-endian', swapped(Buffer.from(`\ufeff${sample}`, 'utf16le')), sample],
  ['UTF-16 without a mark', Buffer.from('plain text', 'utf16le'), 'plain text'],
  ['big-endian without a mark', swapped(Buffer.from('plain text', 'utf16le')), 'plain text'],
  ['Western', Buffer.from('caf\xe9', 'latin1'), 'café'],
]

describe('a text', () => {
  test.each(texts)('in %s is read', (_name, bytes, text) => {
    expect(isText(bytes, 'a.txt')).toBe(true)
    expect(decodedText(bytes)).toBe(text)
  })

  test.each([1, 2, 3, 4])('that was cut in the middle of a character ends before it (%i bytes more)', (more) => {
    const whole = Buffer.from('abc🎉')
    expect(decodedText(whole.subarray(0, 3 + more), true)).toBe(more === 4 ? 'abc🎉' : 'abc')
  })

  test('is told from other files by its bytes', () => {
    expect(isText(Buffer.from('no extension'), 'README')).toBe(true)
    expect(isText(Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 1]), 'a.txt')).toBe(false)
    expect(isText(Buffer.from('caf\xe9', 'latin1'), 'a.bin')).toBe(false)
    expect(isText(Buffer.alloc(0), 'empty.txt')).toBe(true)
    expect(isText(Buffer.alloc(0), 'empty.bin')).toBe(false)
  })
})
