import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase64, decodeQuotedPrintable } from '../../../../src-main/graph/mail/mime-decode.ts'

const qp = (text: string): string => decodeQuotedPrintable(Buffer.from(text, 'latin1')).toString('latin1')

describe('decodeQuotedPrintable', () => {
  it.each([
    ['=41=4a=4B', 'AJK'],
    ['soft=\r\nbreak, soft=\nbreak', 'softbreak, softbreak'],
    ['soft with blanks= \t\r\nbreak', 'soft with blanksbreak'],
    ['blanks at the end \t\r\nnext', 'blanks at the end\r\nnext'],
    ['blanks at the very end  ', 'blanks at the very end'],
    ['kept blank=20\r\n', 'kept blank \r\n'],
    ['a = b, =4, =zz, =', 'a = b, =4, =zz, '],
    ['a  b', 'a  b'],
  ])('decodes %j', (encoded, decoded) => {
    expect(qp(encoded)).toBe(decoded)
  })

  it('is linear in blanks', () => {
    expect(qp(`${' '.repeat(2_000_000)}x`)).toHaveLength(2_000_001)
  })
})

describe('decodeBase64', () => {
  it('gives back any bytes, however the lines are broken', () => {
    const anyBytes = fc.uint8Array({ maxLength: 400 })
    fc.assert(
      fc.property(anyBytes, fc.constantFrom('\r\n', '\n', ' '), (bytes, separator) => {
        const lines = Buffer.from(bytes).toString('base64').replace(/.{76}/g, `$&${separator}`)
        expect(decodeBase64(Buffer.from(lines))).toEqual(Buffer.from(bytes))
      }),
    )
  })

  it('decodes pieces that were padded one by one', () => {
    const pieces = ['first', 'second', 'x'].map((text) => Buffer.from(text).toString('base64'))
    expect(decodeBase64(Buffer.from(pieces.join('\r\n'))).toString()).toBe('firstsecondx')
  })
})
