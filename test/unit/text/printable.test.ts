import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { displayWidth, printable, shortenEnd, shortenMiddle } from '../../../src-shared/text/printable.ts'

describe('text for a line on a terminal', () => {
  it('keeps letters and loses commands', () => {
    expect(printable('Grüße 日本 👩‍🚀')).toBe('Grüße 日本 👩‍🚀')
    expect(printable('a\r\n\tb\x1b[31m\x9b1m\x00')).toBe('a b\ufffd[31m\ufffd1m\ufffd')
    expect(printable('invoice\u202egpj.exe')).toBe('invoice\ufffdgpj.exe')
    expect(printable('lone \ud83d')).toBe('lone \ufffd')
  })

  it('knows how wide it is', () => {
    expect(['abc', 'é', 'e\u0301', '日本', '👩‍🚀', ''].map(displayWidth)).toEqual([3, 1, 1, 4, 2, 0])
  })

  it('is shortened where it can be spared', () => {
    expect(shortenMiddle('users/ada/mailbox/Inbox', 40)).toBe('users/ada/mailbox/Inbox')
    expect(shortenMiddle('users/ada/mailbox/Inbox', 13)).toBe('user…ox/Inbox')
    expect(shortenEnd('users/ada/mailbox/Inbox', 10)).toBe('users/ada…')
    expect([shortenMiddle('abc', 1), shortenMiddle('abc', 0), shortenEnd('abc', 0)]).toEqual(['…', '', ''])
  })

  it('is never wider than asked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), (text, columns) => {
        expect(displayWidth(shortenMiddle(text, columns))).toBeLessThanOrEqual(columns)
        expect(displayWidth(shortenEnd(text, columns))).toBeLessThanOrEqual(columns)
      }),
    )
  })
})
