import { describe, expect, test } from 'vitest'
import { ThrottlingPools } from '../../support/graph-simulator/throttling/pools.ts'
import { poolUse, type PoolUse } from '../../support/graph-simulator/throttling/pool-use.ts'
import type { ThrottlingOptions } from '../../support/graph-simulator/index.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { errorCode } from './client.ts'
import { alex, withSmall } from './tenant.ts'

const request = {
  clientId: 'app',
  user: 'ada',
  method: 'GET',
  template: 'chats/{chat}/messages',
  onenotePerUser: false,
}
const drive = poolUse({ ...request, kind: 'drive' })
const onenote = poolUse({ ...request, kind: 'onenote' })

function poolsWith(options: ThrottlingOptions) {
  const clock = createManualClock()
  const pools = new ThrottlingPools(clock, options)
  /** Lets one request through; gives what it was refused with, if it was. */
  const ask = (use: PoolUse, units = 1): unknown => {
    const leave = pools.enter(use, clock.now())
    try {
      pools.check(use, { units: () => units, bytes: 0, writes: false })
      return undefined
    } catch (error) {
      return error
    } finally {
      leave()
    }
  }
  return { clock, pools, ask }
}

describe('limits by kind of pool', () => {
  test('are not enforced unless a test asks for them', () => {
    const { ask } = poolsWith({})
    const answers = Array.from({ length: 3_000 }, () => ask(drive, 5))
    expect(answers.filter((answer) => answer !== undefined)).toEqual([])
    expect(poolsWith({ pools: { drive: false } }).ask(drive, 9_999)).toBeUndefined()
  })

  test('a drive counts resource units, those of refused requests too, and says when to come back', () => {
    const { ask, clock } = poolsWith({ pools: { drive: {} }, serviceUnavailableEvery: 2 })
    for (let asked = 0; asked < 250; asked++) expect(ask(drive, 5)).toBeUndefined()
    expect(ask(drive)).toMatchObject({
      status: 429,
      code: 'activityLimitReached',
      innerCode: 'throttledRequest',
      headers: { 'Retry-After': '60' },
    })
    expect(ask(drive)).toMatchObject({ status: 503, headers: { 'Retry-After': '60' } })
    clock.jump(59_999)
    expect(ask(drive)).toMatchObject({ status: 429, headers: { 'Retry-After': '1' } })
    clock.jump(1)
    expect(ask(drive)).toBeUndefined()
  })

  test('OneNote counts the application, by the minute and by the hour, and does not say when to come back', () => {
    const { ask, clock } = poolsWith({ pools: { onenote: {} } })
    const other = poolUse({ ...request, kind: 'onenote', user: 'bruno' })
    for (let asked = 0; asked < 240; asked++) expect(ask(asked % 2 === 0 ? onenote : other)).toBeUndefined()
    expect(ask(onenote)).toMatchObject({ status: 429, code: '20166', headers: {} })
    for (let minutes = 0; minutes < 2; minutes++) {
      clock.jump(60_000)
      for (let asked = 0; asked < 240; asked++) expect(ask(onenote)).toBeUndefined()
      expect(ask(onenote)).toMatchObject({ status: 429 })
    }
    clock.jump(60_000)
    // 723 so far, refused ones included.
    for (let asked = 0; asked < 77; asked++) expect(ask(onenote)).toBeUndefined()
    expect(ask(onenote)).toMatchObject({ status: 429 })
    clock.jump(60_000)
    expect(ask(onenote)).toMatchObject({ status: 429 })
  })

  test('OneNote counts each person who signed in, at half the rate and five at a time', () => {
    const { ask, pools, clock } = poolsWith({ pools: { onenote: { perUser: true } } })
    const ada = poolUse({ ...request, kind: 'onenote', onenotePerUser: pools.onenotePerUser })
    const bruno = poolUse({ ...request, kind: 'onenote', user: 'bruno', onenotePerUser: pools.onenotePerUser })
    for (let asked = 0; asked < 120; asked++) expect(ask(ada)).toBeUndefined()
    expect(ask(ada)).toMatchObject({ status: 429 })
    for (let inside = 0; inside < 5; inside++) pools.enter(bruno, clock.now())
    expect(ask(bruno)).toMatchObject({ status: 429, headers: {} })
  })

  test('Teams counts by the second and by operation', () => {
    const { ask, clock } = poolsWith({ pools: { teams: {} } })
    const messages = poolUse({ ...request, kind: 'teams' })
    const members = poolUse({ ...request, kind: 'teams', template: 'chats/{chat}/members' })
    for (let asked = 0; asked < 20; asked++) expect(ask(messages)).toBeUndefined()
    expect(ask(messages)).toMatchObject({ status: 429, headers: { 'Retry-After': '1' } })
    for (let asked = 0; asked < 60; asked++) expect(ask(members)).toBeUndefined()
    expect(ask(members)).toMatchObject({ status: 429 })
    clock.jump(1_000)
    expect(ask(messages)).toBeUndefined()
  })

  test('the directory counts units within ten seconds and writes within 150', () => {
    const { ask, pools } = poolsWith({ pools: { directory: {} } })
    const directory = poolUse({ ...request, kind: 'directory' })
    for (let asked = 0; asked < 1_750; asked++) expect(ask(directory, 2)).toBeUndefined()
    expect(ask(directory)).toMatchObject({
      status: 429,
      headers: { 'Retry-After': '10', 'x-ms-throttle-information': 'ResourceUnitLimitExceeded' },
    })
    const writes = poolUse({ ...request, kind: 'directory', clientId: 'other' })
    const write = (): void => {
      pools.check(writes, { units: () => 1, bytes: 0, writes: true })
    }
    for (let asked = 0; asked < 3_000; asked++) write()
    expect(write).toThrow(
      expect.objectContaining({ status: 429, headers: expect.objectContaining({ 'Retry-After': '150' }) as unknown }),
    )
  })
})

describe('who does not back off where no time is named', () => {
  function refusedAfter(waits: readonly number[]): number {
    const { ask, clock, pools } = poolsWith({
      pools: { onenote: { windows: [{ measure: 'units', amount: 0, windowMs: 3_600_000 }] } },
    })
    ask(onenote)
    for (const wait of waits) {
      clock.jump(wait)
      ask(onenote)
    }
    return pools.earlyRequests.length
  }

  test('is recorded when it comes again and again', () => {
    expect(refusedAfter(Array.from({ length: 10 }, () => 500))).toBeGreaterThan(3)
  })

  test('is not when its waits double', () => {
    expect(refusedAfter([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000])).toBe(0)
    expect(refusedAfter([300, 250, 700, 1_000, 2_500, 4_100])).toBe(0)
  })

  test('is not for what was sent together', () => {
    expect(refusedAfter([0, 10, 20, 30, 40, 50, 60])).toBe(0)
  })
})

describe('over the wire', () => {
  test('a drive that a fault closes stays closed, also when nobody counts', () =>
    withSmall(async ({ graph, simulator }) => {
      simulator.faults.add({ kind: 'throttle', retryAfterSeconds: 30, count: 1 })
      const answers = [await graph(`/users/${alex}/drive`), await graph(`/users/${alex}/drive`)]
      expect(answers.map((answer) => errorCode(answer))).toEqual(['activityLimitReached', 'activityLimitReached'])
      expect((await graph(`/users/${alex}/mailFolders`)).status).toBe(200)
    }))

  test('requests are charged by their cost, members of a batch one by one', () =>
    withSmall(
      async ({ graph }) => {
        const root = `/users/${alex}/drive/root`
        expect((await graph(`${root}/children`)).status).toBe(200)
        const requests = ['1', '2', '3'].map((id) => ({ id, method: 'GET', url: `${root}/permissions` }))
        const batch = await graph('/$batch', { method: 'POST', json: { requests } })
        const { responses } = batch.json as { readonly responses: readonly { readonly status: number }[] }
        expect(responses.map(({ status }) => status).sort()).toEqual([200, 200, 429])
      },
      { throttling: { pools: { drive: { windows: [{ measure: 'units', amount: 12, windowMs: 60_000 }] } } } },
    ))

  test('a list of users costs two units, one when it names its properties', () =>
    withSmall(
      async ({ graph }) => {
        expect((await graph('/users')).status).toBe(200)
        expect((await graph('/users?$select=id')).status).toBe(200)
        expect((await graph('/users?$select=id')).status).toBe(429)
      },
      { throttling: { pools: { directory: { windows: [{ measure: 'units', amount: 3, windowMs: 60_000 }] } } } },
    ))
})
