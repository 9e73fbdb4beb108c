import { describe, expect, it } from 'vitest'
import { fullScopes, signInWithWindow } from '../../../src-main/auth/sign-in-person.ts'
import { EngineError, isEngineError } from '../../../src-main/engine/model/errors.ts'
import { clouds, type CloudName } from '../../../src-main/graph/client/clouds.ts'
import { steppingClock } from '../graph/client/clocks.ts'
import { failure } from '../graph/client/test-graph.ts'

/** The page that a person would see, without anybody being asked. */
async function pageOf(cloud: CloudName, more: object = {}): Promise<URL> {
  let page = ''
  const window = {
    open: async (pageFor: (redirectUri: string) => Promise<string>) => {
      page = await pageFor('http://localhost:7000')
      throw new EngineError('auth.declined')
    },
  }
  const request = {
    name: 'a',
    tenantId: 'organizations',
    clientId: 'the-client',
    scopes: ['Mail.Read'],
    ...clouds[cloud],
  }
  await failure(signInWithWindow({ ...request, ...more }, { clock: steppingClock(), window }))
  return new URL(page)
}

describe('the page that a person signs in on', () => {
  it.each([
    ['global', 'https://login.microsoftonline.com', 'https://graph.microsoft.com/Mail.Read'],
    ['usgov', 'https://login.microsoftonline.us', 'https://graph.microsoft.us/Mail.Read'],
    ['usgov-dod', 'https://login.microsoftonline.us', 'https://dod-graph.microsoft.us/Mail.Read'],
    ['china', 'https://login.partner.microsoftonline.cn', 'https://microsoftgraph.chinacloudapi.cn/Mail.Read'],
  ] as const)('is that of the cloud %s', async (cloud, origin, scope) => {
    const page = await pageOf(cloud)
    expect([page.origin, page.pathname]).toEqual([origin, '/organizations/oauth2/v2.0/authorize'])
    expect(page.searchParams.get('scope')?.split(' ')).toContain(scope)
  })

  it('asks with a challenge, and lets the person choose who', async () => {
    const asked = Object.fromEntries((await pageOf('global')).searchParams)
    expect(asked).toMatchObject({
      client_id: 'the-client',
      redirect_uri: 'http://localhost:7000',
      response_type: 'code',
      code_challenge_method: 'S256',
      prompt: 'select_account',
    })
    expect(asked.code_challenge).toMatch(/^[\w-]{43}$/)
    expect(asked.state).not.toBe((await pageOf('global')).searchParams.get('state'))
  })

  it('is filled in for somebody who was there before, with what Graph wanted', async () => {
    const page = await pageOf('global', {
      username: 'ada@contoso.example',
      claims: '{"access_token":{"acrs":{"value":"c1"}}}',
    })
    expect(page.searchParams.get('login_hint')).toBe('ada@contoso.example')
    expect(page.searchParams.has('prompt')).toBe(false)
    expect(JSON.parse(page.searchParams.get('claims') ?? '{}')).toMatchObject({
      access_token: { acrs: { value: 'c1' } },
    })
  })

  it('is no page over plain http elsewhere', async () => {
    const window = { open: () => Promise.reject(new Error('nobody opens it')) }
    const request = { name: 'a', tenantId: 'common', clientId: 'x', scopes: [], graphBaseUrl: 'https://graph.example' }
    const work = signInWithWindow(
      { ...request, loginBaseUrl: 'http://login.example' },
      { clock: steppingClock(), window },
    )
    const error = await failure(work)
    expect(isEngineError(error, 'usage') && error.context.reason).toBe('login-base-url')
  })
})

it('takes scopes of other services as they are', () => {
  const scopes = ['User.Read', 'https://contoso.sharepoint.com/AllSites.Read']
  expect(fullScopes(scopes, 'https://graph.microsoft.com/')).toEqual([
    'https://graph.microsoft.com/User.Read',
    'https://contoso.sharepoint.com/AllSites.Read',
  ])
})
