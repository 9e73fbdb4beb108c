import { describe, expect, test } from 'vitest'
import { alex, megan, withSmall } from './tenant.ts'

describe('the request log', () => {
  test('says what was asked', () =>
    withSmall(async ({ simulator, graph }) => {
      simulator.log.clear()
      const [one] = simulator.tenant.messages(alex, 'inbox')
      await graph(`/users/${alex}/messages/${one?.id ?? ''}/$value`, { headers: { 'user-agent': 'Tester/1' } })
      const userId = simulator.tenant.users().find((user) => user.userPrincipalName === alex)?.id
      expect(simulator.log.entries()).toMatchObject([
        {
          method: 'GET',
          route: 'users/{user}/messages/{message}/$value',
          status: 200,
          user: userId,
          authorized: true,
          prefer: 'IdType="ImmutableId"',
          userAgent: 'Tester/1',
          content: true,
          batched: false,
          bytesIn: 0,
          bytesOut: (await simulator.tenant.mime(alex, one?.id ?? '')).length,
        },
      ])
    }))

  test.each(['entries', 'counters'] as const)('counts by filter when it keeps %s', (keep) =>
    withSmall(
      async ({ simulator, graph }) => {
        await graph(`/users/${alex}/mailFolders`)
        await graph(`/users/${megan}/mailFolders`)
        await graph(`/users/${alex}/messages/nonsense`)
        const user = simulator.tenant.users().find((one) => one.userPrincipalName === alex)?.id ?? ''
        expect(simulator.log.count({ route: 'users/{user}/mailFolders' })).toBe(2)
        expect(simulator.log.count({ user })).toBe(2)
        expect(simulator.log.count({ user, status: 400 })).toBe(1)
        expect(simulator.log.count({ route: '{tenant}/token', method: 'POST' })).toBe(1)
        expect(simulator.log.count()).toBe(4)
        if (keep === 'entries') expect(simulator.log.count({ path: /mailFolders$/ })).toBe(2)
        else expect(() => simulator.log.entries()).toThrow('only counters')
        simulator.log.clear()
        expect(simulator.log.count()).toBe(0)
      },
      { log: { keep } },
    ),
  )

  test('counts what is in flight until the answer has left', () =>
    withSmall(async ({ simulator, graph }) => {
      for (let times = 0; times < 10; times++) await graph(`/users/${alex}/messages`)
      expect(simulator.maxInFlight(alex)).toBe(1)
    }))
})
