import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { checkedFragments } from '../../../src-main/destinations/graph-drive/fragments.ts'
import { toStoreError } from '../../../src-main/destinations/graph-drive/store-errors.ts'
import { UploadContent } from '../../../src-main/destinations/graph-drive/upload-content.ts'
import { EngineError, isEngineError, type ErrorCode, type Retry } from '../../../src-main/engine/model/errors.ts'
import { QuickXorHash } from '../../../src-main/graph/client/quick-xor-hash.ts'

const KiB = 1024
const MiB = 1024 * KiB

describe('fragments', () => {
  it('are rounded down to a multiple of 320 KiB, and stay below 60 MiB', () => {
    expect(checkedFragments()).toEqual({ size: 10 * MiB, retryCount: 5, retryDelayMs: 1_000 })
    const size = (bytes: number): number => checkedFragments({ size: bytes }).size
    expect(size(320 * KiB)).toBe(320 * KiB)
    expect(size(640 * KiB - 1)).toBe(320 * KiB)
    expect(size(5 * MiB + 1)).toBe(5 * MiB)
    expect(size(60 * MiB)).toBe(191 * 320 * KiB)
    expect(checkedFragments({ retryCount: 0, retryDelayMs: 0 })).toMatchObject({ retryCount: 0, retryDelayMs: 0 })
  })

  it.each([
    [{ size: 320 * KiB - 1 }, 'fragment-size'],
    [{ size: 60 * MiB + 1 }, 'fragment-size'],
    [{ size: Number.NaN }, 'fragment-size'],
    [{ retryCount: -1 }, 'fragment-retry-count'],
    [{ retryCount: 1.5 }, 'fragment-retry-count'],
    [{ retryDelayMs: -1 }, 'fragment-retry-delay'],
    [{ retryDelayMs: Infinity }, 'fragment-retry-delay'],
  ])('refuse %j', (options, reason) => {
    let refused: unknown
    try {
      checkedFragments(options)
    } catch (error) {
      refused = error
    }
    expect(isEngineError(refused, 'usage') && refused.context.reason).toBe(reason)
  })
})

describe('a content that is uploaded', () => {
  const parts = [1, 0, 5, 1_000, 3].map((length, index) => new Uint8Array(length).fill(index + 1))
  const whole = Buffer.concat(parts)
  const content = new UploadContent(parts)

  it('gives any range of its parts', () => {
    expect(content.size).toBe(1_009)
    for (const [from, length] of [
      [0, 1_009],
      [0, 1],
      [0, 3],
      [1, 5],
      [2, 900],
      [1_005, 4],
      [1_009, 0],
      [7, 0],
    ] as const)
      expect(Buffer.from(content.range(from, length))).toEqual(whole.subarray(from, from + length))
    expect(content.range(10, 900).buffer).toBe(parts[3]?.buffer)
  })

  it('compares itself with whichever hash the drive gives', () => {
    const quickXorHash = new QuickXorHash().update(whole).digest()
    const sha1Hash = createHash('sha1').update(whole).digest('hex').toUpperCase()
    const sha256Hash = createHash('sha256').update(whole).digest('hex').toUpperCase()
    expect(content.matches({ quickXorHash })).toBe(true)
    expect(content.matches({ sha1Hash })).toBe(true)
    expect(content.matches({ sha256Hash })).toBe(true)
    expect(content.matches({ quickXorHash: 'AAAA', sha1Hash })).toBe(false)
    expect(content.matches({ sha1Hash: sha256Hash })).toBe(false)
    expect(content.matches({})).toBeUndefined()
    expect(content.matches({ quickXorHash: '' })).toBeUndefined()
  })
})

describe('what the client rejects with, as an error of a store', () => {
  const cases: readonly (readonly [ErrorCode, Retry, Record<string, string | number>, ErrorCode, Retry])[] = [
    ['graph.not-found', 'never', { status: 404 }, 'store.not-found', 'never'],
    ['graph.forbidden', 'never', { status: 403 }, 'store.permission', 'never'],
    ['graph.forbidden', 'never', { status: 403, graphCode: 'malwareDetected' }, 'store.failed', 'never'],
    ['graph.forbidden', 'never', { status: 403, graphCode: 'quotaLimitReached' }, 'store.full', 'never'],
    ['graph.request-refused', 'never', { status: 507, graphCode: 'quotaLimitReached' }, 'store.full', 'never'],
    ['graph.request-refused', 'never', { status: 507 }, 'store.full', 'never'],
    ['graph.locked', 'never', { status: 423 }, 'store.read-only', 'never'],
    ['graph.request-refused', 'never', { status: 423 }, 'store.unreachable', 'later'],
    ['graph.throttled', 'later', { status: 429 }, 'store.unreachable', 'later'],
    ['graph.service-failed', 'later', { status: 500 }, 'store.unreachable', 'later'],
    ['graph.stalled', 'later', {}, 'store.unreachable', 'later'],
    ['graph.unreachable', 'later', {}, 'store.unreachable', 'later'],
    ['graph.unreachable', 'never', { fault: 'CERT_HAS_EXPIRED' }, 'store.failed', 'never'],
    ['graph.conflict', 'never', { status: 409 }, 'store.unreachable', 'later'],
    ['graph.request-refused', 'never', { status: 400 }, 'store.failed', 'never'],
    ['auth.unreachable', 'later', {}, 'store.unreachable', 'later'],
    ['auth.sign-in-again', 'reauth', {}, 'auth.sign-in-again', 'reauth'],
    ['cancelled', 'never', {}, 'cancelled', 'never'],
    ['store.no-drive', 'never', {}, 'store.no-drive', 'never'],
  ]

  it.each(cases)('%s (%s, %j) is %s', (code, retry, context, expected, expectedRetry) => {
    const error = toStoreError(new EngineError(code, { retry, context }))
    expect([error.code, error.retry, error.context]).toEqual([expected, expectedRetry, context])
  })

  it('does not hide what is no error of the client', () => {
    const cause = new TypeError('a mistake of ours')
    expect(toStoreError(cause)).toMatchObject({ code: 'internal', cause })
  })
})
