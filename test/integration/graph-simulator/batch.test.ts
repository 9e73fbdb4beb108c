import { describe, expect, test } from 'vitest'
import { errorCode } from './client.ts'
import type { Answer, Entity, Graph } from './client.ts'
import { alex, mail, withSmall } from './tenant.ts'

const post = (graph: Graph, requests: readonly unknown[]): Promise<Answer> =>
  graph('/$batch', { method: 'POST', json: { requests } })

const get = (id: string, url: string, more: object = {}): object => ({ id, method: 'GET', url, ...more })

function byId(answer: Answer): Map<unknown, Entity> {
  const { responses } = answer.json
  return new Map((responses as Entity[]).map((response) => [response.id, response]))
}

describe('$batch', () => {
  test('answers every member for itself', () =>
    withSmall(async ({ simulator, graph }) => {
      const { id } = simulator.tenant.addMessage(alex, 'inbox', mail(9))
      const answer = await post(graph, [
        get('1', `/users/${alex}/mailFolders/inbox?$select=displayName`),
        get('2', `users/${alex}/messages/nonsense`),
        get('3', `/users/${alex}/messages/${id}/$value`),
        {
          id: '4',
          method: 'POST',
          url: `/users/${alex}/mailFolders`,
          headers: { 'Content-Type': 'application/json' },
          body: { displayName: 'By batch' },
        },
      ])
      expect(answer.status).toBe(200)
      const members = byId(answer)
      expect(members.get('1')).toMatchObject({ status: 200, body: { displayName: 'Inbox' } })
      expect(members.get('2')).toMatchObject({ status: 400, body: { error: { code: 'ErrorInvalidIdMalformed' } } })
      expect(members.get('3')).toMatchObject({ status: 200, body: Buffer.from(mail(9)).toString('base64') })
      expect(members.get('4')).toMatchObject({ status: 201, body: { displayName: 'By batch' } })
      expect(simulator.log.count({ batched: true })).toBe(4)
      expect(simulator.log.count({ route: '$batch' })).toBe(1)
    }))

  test('members have preferences of their own', () =>
    withSmall(async ({ simulator, graph }) => {
      const [one] = simulator.tenant.messages(alex, 'inbox')
      const url = `/users/${alex}/messages/${one?.id ?? ''}?$select=id`
      const members = byId(
        await post(graph, [get('a', url), get('b', url, { headers: { Prefer: 'IdType="ImmutableId"' } })]),
      )
      expect(members.get('a')).toMatchObject({ body: { id: one?.regularId } })
      expect(members.get('b')).toMatchObject({ body: { id: one?.id } })
    }))

  test('members wait for those they depend on, and fail with them', () =>
    withSmall(async ({ graph }) => {
      const members = byId(
        await post(graph, [
          get('1', '/users/who@nowhere.example'),
          get('2', '/users', { dependsOn: ['1'] }),
          get('3', '/users'),
          get('4', '/users', { dependsOn: ['3'] }),
        ]),
      )
      expect([...members.values()].map((member) => member.status)).toEqual([404, 424, 200, 200])
    }))

  test('takes raw bodies as base64', () =>
    withSmall(async ({ graph }) => {
      const body = Buffer.from(Buffer.from(mail(8)).toString('base64')).toString('base64url')
      const url = `/users/${alex}/messages`
      const member = { id: '1', method: 'POST', url, headers: { 'Content-Type': 'text/plain' }, body }
      expect(byId(await post(graph, [member])).get('1')).toMatchObject({ status: 201, body: { subject: 'Message 8' } })
    }))

  test.each([
    ['21 members', Array.from({ length: 21 }, (_, index) => get(String(index), '/users'))],
    ['two equal ids', [get('a', '/users'), get('A', '/users')]],
    ['an absolute address', [get('1', 'https://graph.microsoft.com/v1.0/users')]],
    [
      'a batch inside',
      [{ id: '1', method: 'POST', url: '/$batch', headers: { 'Content-Type': 'application/json' }, body: {} }],
    ],
    ['a body without a type', [{ id: '1', method: 'POST', url: '/users', body: {} }]],
    ['no id', [{ method: 'GET', url: '/users' }]],
    ['a dependency that is not there', [get('1', '/users', { dependsOn: ['9'] })]],
  ])('refuses %s as a whole', (_name, requests) =>
    withSmall(async ({ graph }) => {
      const answer = await post(graph, requests)
      expect(answer.status).toBe(400)
      expect(errorCode(answer)).toMatch(/BadRequest|MaximumValueExceeded/)
    }),
  )

  test('works at four members of a mailbox at a time, and each counts against its pool', () =>
    withSmall(
      async ({ simulator, graph }) => {
        const requests = Array.from({ length: 20 }, (_, index) => get(String(index), `/users/${alex}/messages`))
        const statuses = [...byId(await post(graph, requests)).values()].map((member) => member.status)
        expect(simulator.maxInFlight(alex)).toBe(4)
        expect(statuses.filter((status) => status === 200)).toHaveLength(15)
        expect(statuses.filter((status) => status === 429)).toHaveLength(5)
      },
      { latencyMs: 1, throttling: { requestsPerWindow: 15 } },
    ))
})
