import { describe, expect, it } from 'vitest'
import { createCachedTokens, type FreshToken } from '../../../src-main/auth/cached-tokens.ts'
import { EngineError, isEngineError } from '../../../src-main/engine/model/errors.ts'
import { manualClock } from '../graph/client/clocks.ts'
import { failure } from '../graph/client/test-graph.ts'

const minute = 60_000

function setUp(lifetimeMs = 60 * minute) {
  const clock = manualClock()
  const asked: (string | undefined)[] = []
  const answer: { next: () => Promise<FreshToken> } = {
    next: () => Promise.resolve({ token: `token-${asked.length}`, lifetimeMs }),
  }
  const acquire = (claims: string | undefined): Promise<FreshToken> => {
    asked.push(claims)
    return answer.next()
  }
  return { clock, asked, answer, tokens: createCachedTokens({ clock, acquire }) }
}

describe('cached tokens', () => {
  it('may come from another run at first, and not when they are renewed', async () => {
    const clock = manualClock()
    const renewals: boolean[] = []
    const tokens = createCachedTokens({
      clock,
      acquire: (_claims, renewed) => {
        renewals.push(renewed)
        return Promise.resolve({ token: `token-${renewals.length}`, lifetimeMs: 60 * minute })
      },
    })
    await tokens.token()
    await tokens.token({ refresh: true })
    await clock.advance(56 * minute)
    await tokens.token()
    expect(renewals).toEqual([false, true, true])
  })

  it('are kept until five minutes before they expire', async () => {
    const { tokens, clock } = setUp()
    expect(await tokens.token()).toBe('token-1')
    await clock.advance(55 * minute - 1)
    expect(await tokens.token()).toBe('token-1')
    await clock.advance(1)
    expect(await tokens.token()).toBe('token-2')
  })

  it('that live shortly are not renewed each time', async () => {
    const { tokens, clock } = setUp(minute)
    await tokens.token()
    await clock.advance(minute / 2 - 1)
    expect(await tokens.token()).toBe('token-1')
    await clock.advance(1)
    expect(await tokens.token()).toBe('token-2')
  })

  it('are asked for once by all who want one', async () => {
    const { tokens, asked } = setUp()
    expect(await Promise.all([tokens.token(), tokens.token(), tokens.token({ refresh: true })])).toEqual(
      Array(3).fill('token-1'),
    )
    expect(asked).toEqual([undefined])
  })

  it('are renewed when Graph refused one, with the claims it wants', async () => {
    const { tokens, asked } = setUp()
    await tokens.token()
    expect(await tokens.token({ refresh: true })).toBe('token-2')
    expect(await tokens.token({ refresh: true, claims: '{"a":1}' })).toBe('token-3')
    expect(await tokens.token()).toBe('token-3')
    expect(asked).toEqual([undefined, undefined, '{"a":1}'])
  })

  it('do for a while longer when the sign-in service is away', async () => {
    const { tokens, clock, asked, answer } = setUp()
    await tokens.token()
    const { next } = answer
    answer.next = () => Promise.reject(new EngineError('auth.unreachable', { retry: 'later' }))
    await clock.advance(55 * minute)
    expect(await tokens.token()).toBe('token-1')
    expect(await tokens.token()).toBe('token-1')
    expect(asked).toHaveLength(2)
    expect(isEngineError(await failure(tokens.token({ refresh: true })), 'auth.unreachable')).toBe(true)
    await clock.advance(5 * minute)
    expect(isEngineError(await failure(tokens.token()), 'auth.unreachable')).toBe(true)
    answer.next = next
    expect(await tokens.token()).toBe('token-5')
  })

  it('tell at once when the sign-in is refused', async () => {
    const { tokens, clock, answer } = setUp()
    await tokens.token()
    answer.next = () => Promise.reject(new EngineError('auth.secret-refused', { retry: 'reauth' }))
    await clock.advance(55 * minute)
    expect(isEngineError(await failure(tokens.token()), 'auth.secret-refused')).toBe(true)
  })

  it('leave the others alone when one of them cancels', async () => {
    const { tokens, answer } = setUp()
    const coming = Promise.withResolvers<FreshToken>()
    answer.next = () => coming.promise
    const abort = new AbortController()
    const cancelled = tokens.token({ signal: abort.signal })
    const other = tokens.token()
    abort.abort()
    expect(isEngineError(await failure(cancelled), 'cancelled')).toBe(true)
    coming.resolve({ token: 'token-1', lifetimeMs: 60 * minute })
    expect(await other).toBe('token-1')
    expect(isEngineError(await failure(tokens.token({ signal: AbortSignal.abort() })), 'cancelled')).toBe(true)
  })
})
