import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutUtf8, nameKey, safeName, uniqueName, utf8Length } from '../../../src-shared/model/safe-name.ts'

describe('safeName', () => {
  it.each([
    ['Re: What? <now> "a|b" *x* \\ /', 'Re_ What_ _now_ _a_b_ _x_ _ _'],
    ['trailing dots and spaces . . ', 'trailing dots and spaces'],
    ['  leading and   inner \t\r\n space', 'leading and inner space'],
    ['\u0000a\u0007b\u0085c', 'a b c'],
    ['con', 'con_'],
    ['Con.tar.gz', 'Con_.tar.gz'],
    ['COM¹', 'COM¹_'],
    ['lpt9.txt', 'lpt9_.txt'],
    ['console', 'console'],
    ['con artist', 'con artist'],
    ['', '_'],
    ['...', '_'],
    ['..', '_'],
    ['\u202e\u200f', '_'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['e\u0301te\u0301', '\u00e9t\u00e9'],
    ['half \ud83d surrogate', 'half \ufffd surrogate'],
    ['👩‍👩‍👧 family', '👩‍👩‍👧 family'],
  ])('makes %j safe', (name, safe) => {
    expect(safeName(name, 200)).toBe(safe)
  })

  it('cuts between characters, not within them', () => {
    expect(safeName('äöü', 5)).toBe('äö')
    expect(safeName('a👩‍👩‍👧b', 10)).toBe('a')
    expect(safeName('word and more', 5)).toBe('word')
  })

  it('holds for any text and any length', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 80 })
    fc.assert(
      fc.property(texts, fc.integer({ min: 12, max: 120 }), (text, maxBytes) => {
        const safe = safeName(text, maxBytes)
        expect(safe).not.toBe('')
        expect(utf8Length(safe)).toBeLessThanOrEqual(maxBytes)
        expect(utf8Length(safe)).toBe(Buffer.byteLength(safe))
        expect(safe).not.toMatch(/[\p{Cc}<>:"/\\|?*\u202a-\u202e\u2066-\u2069]/u)
        expect(safe).not.toMatch(/^\s|[\s.]$/u)
        expect(safe.isWellFormed()).toBe(true)
        expect(safeName(safe, maxBytes)).toBe(safe)
      }),
      { numRuns: 2_000 },
    )
  })

  it('does not get slow on hostile names', () => {
    const hostile = `${'. '.repeat(200_000)}x${'.'.repeat(200_000)}x`
    expect(safeName(hostile, 200)).toBe('_')
  })
})

describe('cutUtf8', () => {
  it('falls back to code points where one character is too long', () => {
    expect(cutUtf8(`a${'\u0301'.repeat(50)}`, 11)).toBe(`a${'\u0301'.repeat(5)}`)
  })
})

describe('uniqueName', () => {
  it('leaves a free name alone', () => {
    expect(uniqueName('Inbox', new Set(), 'abc')).toBe('Inbox')
  })

  it('counts neither case nor composition', () => {
    const taken = new Set([nameKey('ÉTÉ')])
    expect(uniqueName('e\u0301te\u0301', taken, 'k7')).toBe('e\u0301te\u0301 ~k7')
  })

  it('goes on when the suffix is taken as well', () => {
    const taken = new Set(['a', 'a ~x', 'a ~x-2'])
    expect(uniqueName('A', taken, 'x')).toBe('A ~x-3')
  })

  it('keeps within the length', () => {
    const long = 'ü'.repeat(100)
    const unique = uniqueName(long, new Set([nameKey(long)]), 'suffix', 60)
    expect(Buffer.byteLength(unique)).toBeLessThanOrEqual(60)
    expect(unique.endsWith(' ~suffix')).toBe(true)
  })
})
