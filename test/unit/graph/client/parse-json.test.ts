import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../../../../src-main/graph/client/parse-json.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('parseJson', () => {
  it('keeps control characters that Graph did not escape', () => {
    expect(parseJson(encode('{\n "subject": "a\u0001b\tc\nd",\n "x": 1 }'))).toEqual({
      subject: 'a\u0001b\tc\nd',
      x: 1,
    })
  })

  it('is not confused by escaped quotes and backslashes before them', () => {
    expect(parseJson(encode('{"a":"x\\\\","b":"\\"\u0002\\"","c":"\\\\\\""}'))).toEqual({
      a: 'x\\',
      b: '"\u0002"',
      c: '\\"',
    })
  })

  it('takes a byte order mark', () => {
    expect(parseJson(encode('\ufeff{"a":1}'))).toEqual({ a: 1 })
  })

  it('refuses a text that was cut', () => {
    expect(() => parseJson(encode('{"value":[{"id":"1"},{"id'))).toThrow(SyntaxError)
    expect(() => parseJson(encode('{"value":["\u0001'))).toThrow(SyntaxError)
  })

  it('reads any JSON whose control characters were put in bare', () => {
    const bare = (json: string): string =>
      json.replaceAll('\\n', '\n').replaceAll('\\t', '\t').replaceAll('\\u0001', '\u0001')
    const text = fc.string({ unit: fc.constantFrom('a', '"', '\n', '\t', '\u0001', 'é', '{') })
    fc.assert(
      fc.property(fc.array(text), (value) => {
        expect(parseJson(encode(bare(JSON.stringify(value))))).toEqual(value)
      }),
    )
  })
})
