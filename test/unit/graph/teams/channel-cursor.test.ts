import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import {
  advanced,
  beginning,
  isCurrent,
  readCursor,
  writeCursor,
} from '../../../../src-main/graph/teams/channel-cursor.ts'

const day = 86_400_000
const channel = { id: '19:a@thread.tacv2', createdDateTime: '2024-01-01T00:00:00Z', email: 'a@b.example' }
const message = (at: number, ...replies: readonly JsonObject[]): JsonObject => ({
  lastModifiedDateTime: new Date(at).toISOString(),
  replies,
})
const now = Date.UTC(2025, 0, 1)

describe('how far a channel was read', () => {
  it('goes by the latest change seen, of answers too', () => {
    const later = message(now - day)
    const seen = advanced(beginning(channel, now), [message(now - 9 * day, later), message(now - 5 * day)], now)
    expect(seen.upTo).toBe(now - day)
    expect(advanced(seen, [message(now - 2 * day)], now).upTo).toBe(now - day)
  })

  it('never claims more than what was there when the round began', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -500 * day, max: 500 * day }),
        fc.array(fc.record({ after: fc.nat(3_600_000), age: fc.nat(3_600_000) }), { minLength: 1 }),
        (skew, pages) => {
          // Graph's clock shows `now` when the round begins; ours is off by `skew`.
          const began = { ...beginning(channel, now + skew) }
          const end = pages.reduce(
            (cursor, { after, age }) => advanced(cursor, [message(now + after - age)], now + after + skew),
            began,
          )
          expect(end.upTo).toBeLessThanOrEqual(now)
        },
      ),
    )
  })

  it('holds until the channel has to be listed whole again', () => {
    const cursor = advanced(beginning(channel, now), [message(now)], now)
    expect(isCurrent(cursor, channel.id, channel, now + 59 * day)).toBe(true)
    expect(isCurrent(cursor, channel.id, channel, now + 121 * day)).toBe(false)
    expect(isCurrent(cursor, channel.id, channel, now - 2 * day)).toBe(false)
    expect(isCurrent(cursor, channel.id, { ...channel, migrationMode: 'completed' }, now)).toBe(false)
    expect(isCurrent(cursor, channel.id, { ...channel, createdDateTime: '2020-01-01T00:00:00Z' }, now)).toBe(false)
    const importing = { ...channel, migrationMode: 'inProgress' }
    const inside = advanced(beginning(importing, now), [message(now)], now)
    expect(isCurrent(inside, channel.id, importing, now)).toBe(false)
    expect(isCurrent(beginning(channel, now), channel.id, channel, now)).toBe(false)
  })

  it('is written and read', () => {
    const cursor = { ...advanced(beginning(channel, now), [message(now)], now), link: 'https://graph.example/next' }
    expect(readCursor(writeCursor(cursor))).toEqual(cursor)
    for (const text of ['', '{}', '[]', '{"v":2,"began":1,"wholeAt":1}', '{"v":1,"began":"1","wholeAt":1}'])
      expect(() => readCursor(text)).toThrow('graph.cursor-lost')
  })
})
