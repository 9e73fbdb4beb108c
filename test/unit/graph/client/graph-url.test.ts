import { describe, expect, it } from 'vitest'
import { isEngineError } from '../../../../src-main/engine/model/errors.ts'
import {
  addQuery,
  anonymousUrl,
  checkedBase,
  graphPath,
  graphUrl,
} from '../../../../src-main/graph/client/graph-url.ts'

const base = checkedBase('https://graph.microsoft.com/')

function reasonFor(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return isEngineError(error) ? `${error.code} ${String(error.context.reason)}` : error
  }
  return 'nothing thrown'
}

describe('addresses', () => {
  it('puts paths below the version', () => {
    expect(graphUrl(base, '/users/1/messages').href).toBe('https://graph.microsoft.com/v1.0/users/1/messages')
  })

  it('encodes what it is given', () => {
    expect(graphPath`/users/${'a#EXT#@b'}/messages/${'x/y=+'}`).toBe('/users/a%23EXT%23%40b/messages/x%2Fy%3D%2B')
    expect(addQuery(graphUrl(base, '/users'), { $select: 'id,name', $filter: "a eq 'b&c'" }).search).toBe(
      '?$select=id,name&$filter=a%20eq%20%27b%26c%27',
    )
  })

  it('leaves a link of Graph as it is', () => {
    const link = 'https://graph.microsoft.com/v1.0/users/1/messages/delta?$skiptoken=a%2Bb/c=&x=(1)'
    expect(addQuery(graphUrl(base, link), {}).href).toBe(link)
  })

  it.each([
    'https://graph.microsoft.com.example.com/v1.0/users',
    'https://example.com/v1.0/users',
    'http://graph.microsoft.com/v1.0/users',
    'https://graph.microsoft.com:8443/v1.0/users',
  ])('refuses to send the token to %s', (link) => {
    expect(reasonFor(() => graphUrl(base, link))).toBe('graph.request-refused foreign-origin')
  })

  it('refuses addresses with a login in them, and nonsense', () => {
    expect(reasonFor(() => graphUrl(base, 'https://a:b@graph.microsoft.com/v1.0/me'))).toContain('malformed-url')
    expect(reasonFor(() => graphUrl(base, 'users'))).toContain('malformed-url')
  })

  it('takes plain http on this machine only', () => {
    expect(checkedBase('http://127.0.0.1:8080').href).toBe('http://127.0.0.1:8080/v1.0')
    expect(reasonFor(() => checkedBase('http://graph.example.com'))).toBe('usage graph-base-url')
    expect(reasonFor(() => checkedBase('graph'))).toBe('usage graph-base-url')
    expect(reasonFor(() => anonymousUrl('http://example.com/upload'))).toBe('graph.request-refused insecure-url')
    expect(anonymousUrl('https://contoso.sharepoint.com/upload?tempauth=1').host).toBe('contoso.sharepoint.com')
  })
})
