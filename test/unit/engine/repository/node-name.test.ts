import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compareNames,
  goQuote,
  goUnquote,
  nameBytes,
  nameFromBytes,
  nameProblem,
} from '../../../../src-main/engine/repository/node-name.ts'

/** Any bytes, with parts of UTF-8 sequences among them. */
const anyBytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.string({ unit: 'binary', maxLength: 4 }).map((text) => Buffer.from(text)),
    ),
  )
  .map((parts) => Buffer.concat(parts))

describe('a name', () => {
  it('is quoted as strconv.Quote does', () => {
    expect(goQuote('plain name (1).eml')).toBe('plain name (1).eml')
    expect(goQuote('Grüße 日本 😀')).toBe('Grüße 日本 😀')
    expect(goQuote('a"b\\c')).toBe('a\\"b\\\\c')
    expect(goQuote('\x07\b\t\n\v\f\r')).toBe('\\a\\b\\t\\n\\v\\f\\r')
    expect(goQuote('\x01\x1f\x7f')).toBe('\\x01\\x1f\\x7f')
    expect(goQuote('a\u00a0b\u00adc\u200dd\u2028e\ufefff')).toBe('a\\u00a0b\\u00adc\\u200dd\\u2028e\\ufefff')
    expect(goQuote('\u{e0001}')).toBe('\\U000e0001')
    expect(goQuote('\ufffd')).toBe('\ufffd')
    expect(goQuote(nameFromBytes(Buffer.of(0xff, 0x61, 0xc3)))).toBe('\\xffa\\xc3')
  })

  it('is unquoted as strconv.Unquote does', () => {
    expect(goUnquote('\\a\\b\\f\\n\\r\\t\\v\\\\\\"')).toBe('\x07\b\f\n\r\t\v\\"')
    expect(goUnquote('\\x41\\u00e9\\U0001f600\\101')).toBe('Aé😀A')
    expect(goUnquote('\\xc3\\xa9')).toBe('é')
    for (const bad of [
      '"',
      '\n',
      '\\',
      '\\q',
      "\\'",
      '\\x4',
      '\\xgg',
      '\\u12',
      '\\ud800',
      '\\U00110000',
      '\\400',
      '\\18',
    ])
      expect(goUnquote(bad), bad).toBeUndefined()
  })

  it('survives quoting, whatever its bytes', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const name = nameFromBytes(bytes)
        expect(nameBytes(name).equals(bytes)).toBe(true)
        expect(goUnquote(goQuote(name))).toBe(name)
        expect(goQuote(name).isWellFormed()).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('is ordered by its bytes', () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, (a, b) => {
        const order = compareNames(nameFromBytes(a), nameFromBytes(b))
        expect(Math.sign(order)).toBe(Buffer.compare(a, b))
      }),
      { numRuns: 500 },
    )
    expect(compareNames('\uffee', '\u{1f600}')).toBeLessThan(0)
  })

  it('stands for no bytes with a surrogate that has no partner', () => {
    expect(() => nameBytes('a\ud83d')).toThrow(RangeError)
    expect(() => nameBytes('\udc7f')).toThrow(RangeError)
  })

  it('is refused if it is no name', () => {
    for (const name of ['', '.', '..', 'a/b', '/', 'a\0b']) expect(nameProblem(name)).toBeDefined()
    for (const name of ['...', '.a', 'a\\b', ' ']) expect(nameProblem(name)).toBeUndefined()
  })
})
