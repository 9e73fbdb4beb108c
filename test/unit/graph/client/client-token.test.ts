import { describe, expect, it } from 'vitest'
import { EngineError, isEngineError } from '../../../../src-main/engine/model/errors.ts'
import type { TokenSource } from '../../../../src-main/engine/ports/token-source.ts'
import { clientFor, failure, mailbox, sendError, sendJson, serve } from './test-graph.ts'

/** Gives token-1, and another one on each refresh. */
function tokens(): TokenSource & { readonly refreshes: (string | undefined)[] } {
  const refreshes: (string | undefined)[] = []
  return {
    refreshes,
    token: async ({ refresh = false, claims } = {}) => {
      if (refresh) refreshes.push(claims)
      return `token-${refreshes.length + 1}`
    },
  }
}

describe('a token that Graph refuses', () => {
  it('is renewed once, and the request goes again', async () => {
    const source = tokens()
    const server = await serve((request, response) => {
      if (request.headers.authorization === 'Bearer token-1') sendError(response, 401, 'InvalidAuthenticationToken')
      else sendJson(response, 200, {})
    })
    const client = clientFor(server, { tokens: source })
    await client.json({ method: 'POST', path: '/me/messages', pool: mailbox, body: {} })
    expect(source.refreshes).toEqual([undefined])
    expect(server.seen).toHaveLength(2)
  })

  it('is renewed once for all who had it', async () => {
    const source = tokens()
    const held: (() => void)[] = []
    const server = await serve((request, response) => {
      if (request.headers.authorization !== 'Bearer token-1') {
        sendJson(response, 200, {})
        return
      }
      held.push(() => sendError(response, 401, 'InvalidAuthenticationToken'))
      if (held.length === 4) for (const refuse of held) refuse()
    })
    const client = clientFor(server, { tokens: source })
    await Promise.all(Array.from({ length: 4 }, () => client.json({ path: '/me', pool: mailbox })))
    expect(source.refreshes).toEqual([undefined])
  })

  it('ends the request when the new one is refused too', async () => {
    const source = tokens()
    const server = await serve((_request, response) => sendError(response, 401, 'InvalidAuthenticationToken'))
    const error = await failure(clientFor(server, { tokens: source }).json({ path: '/me', pool: mailbox }))
    expect(isEngineError(error, 'auth.failed') && error.retry).toBe('reauth')
    expect(isEngineError(error) && error.context).toMatchObject({
      status: 401,
      graphCode: 'InvalidAuthenticationToken',
    })
    expect(server.seen).toHaveLength(2)
  })

  it('is renewed with the claims of a challenge', async () => {
    const source = tokens()
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}'
    const challenge = `Bearer realm="", error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`
    const server = await serve((_request, response, index) => {
      if (index === 0) sendError(response, 401, 'TokenIssuedBeforeRevocation', { 'www-authenticate': challenge })
      else sendJson(response, 200, {})
    })
    await clientFor(server, { tokens: source }).json({ path: '/me', pool: mailbox })
    expect(source.refreshes).toEqual([claims])
  })

  it('does not hide why there is no token', async () => {
    const refusing: TokenSource = { token: () => Promise.reject(new EngineError('auth.secret-refused')) }
    const server = await serve((_request, response) => sendJson(response, 200, {}))
    const client = clientFor(server, { tokens: refusing })
    for (let asked = 0; asked < 5; asked++) {
      expect(isEngineError(await failure(client.json({ path: '/me', pool: mailbox })), 'auth.secret-refused')).toBe(
        true,
      )
    }
    expect(server.seen).toHaveLength(0)
  })
})
