import { describe, expect, it } from 'vitest'
import { directoryIn } from '../../../src-main/auth/token-claims.ts'

const tokenOf = (claims: unknown): string =>
  ['{"alg":"none"}', JSON.stringify(claims), ''].map((part) => Buffer.from(part).toString('base64url')).join('.')

describe('the directory in a token', () => {
  it('is its tid, in lower case', () => {
    const tid = '5F0C1A52-7D3E-4B86-9F1D-2C64A1F0E7B9'
    expect(directoryIn(tokenOf({ tid, scp: 'Mail.Read' }))).toBe(tid.toLowerCase())
  })

  it.each(['EwB4A8l6BAAU', '', 'a.b.c', tokenOf(null), tokenOf({}), tokenOf({ tid: 7 }), tokenOf({ tid: '' })])(
    'is unknown where a token says nothing of it (%s)',
    (token) => {
      expect(directoryIn(token)).toBeUndefined()
    },
  )
})
