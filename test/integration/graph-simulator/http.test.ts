import { request as plainRequest } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { errorCode, signIn } from './client.ts'
import { alex, withSmall } from './tenant.ts'

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

describe('answers', () => {
  test('errors have the shape of Graph and echo the ids', () =>
    withSmall(async ({ graph }) => {
      const id = '11111111-2222-4333-8444-555555555555'
      const answer = await graph('/users/nobody@nowhere.example', { headers: { 'client-request-id': id } })
      expect(answer.status).toBe(404)
      expect(answer.headers.get('client-request-id')).toBe(id)
      expect(answer.headers.get('request-id')).toMatch(guid)
      expect(answer.json).toEqual({
        error: {
          code: 'Request_ResourceNotFound',
          message: expect.any(String) as string,
          innerError: {
            date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/) as string,
            'request-id': answer.headers.get('request-id'),
            'client-request-id': id,
          },
        },
      })
    }))

  test('an unknown route is refused and recorded', () =>
    withSmall(async ({ simulator, graph }) => {
      expect(simulator.log.unknown).toEqual([])
      expect((await graph(`/users/${alex}/nonsense/root`)).status).toBe(400)
      expect((await graph('/users', { method: 'PUT' })).status).toBe(400)
      expect(simulator.log.unknown).toEqual([
        { method: 'GET', path: `/v1.0/users/${alex}/nonsense/root` },
        { method: 'PUT', path: '/v1.0/users' },
      ])
    }))

  test('an option a route does not know is refused and recorded, not passed over', () =>
    withSmall(async ({ simulator, graph }) => {
      const answer = await graph(`/users/${alex}/mailFolders?$expand=childFolders`)
      expect([answer.status, errorCode(answer)]).toEqual([400, 'ErrorInvalidUrlQuery'])
      expect(simulator.log.unknown).toHaveLength(1)
    }))

  test('/me is for delegated sign-in only', () =>
    withSmall(async ({ graph }) => {
      const answer = await graph('/me/messages')
      expect([answer.status, errorCode(answer)]).toEqual([400, 'BadRequest'])
    }))

  test('JSON is compressed for clients that accept it', () =>
    withSmall(async ({ simulator }) => {
      const token = await signIn(simulator)
      const { headers, body } = await rawGet(`${simulator.graphBaseUrl}/v1.0/users/${alex}/messages`, {
        authorization: `Bearer ${token}`,
        'accept-encoding': 'gzip',
      })
      expect(headers['content-encoding']).toBe('gzip')
      expect(JSON.parse(gunzipSync(body).toString())).toHaveProperty('value')
    }))
})

function rawGet(
  url: string,
  headers: Record<string, string>,
): Promise<{ headers: Record<string, unknown>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const outgoing = plainRequest(url, { headers }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () => {
        resolve({ headers: incoming.headers, body: Buffer.concat(chunks) })
      })
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

describe('ways to write a path', () => {
  test.each([
    `/users/${alex}/mailFolders/inbox/messages/delta`,
    `/users/${alex}/mailFolders/inbox/messages/delta()`,
    `/users/${alex}/mailFolders/inbox/messages/microsoft.graph.delta()`,
    `/users/${alex}/mailfolders('inbox')/messages/delta`,
    `/Users('${alex}')/MailFolders('Inbox')/Messages/delta`,
  ])('%s', (path) =>
    withSmall(async ({ graph }) => {
      expect((await graph(path)).json).toHaveProperty('@odata.deltaLink')
    }),
  )
})
