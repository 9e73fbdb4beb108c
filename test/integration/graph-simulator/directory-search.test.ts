import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'

describe('$search of users and groups', () => {
  let simulator: GraphSimulator
  let token: string

  const get = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(`${simulator.graphBaseUrl}/v1.0${path}`, {
      headers: { authorization: `Bearer ${token}`, ...headers },
    })
    const body = (await response.json()) as {
      readonly value?: readonly { readonly displayName: string }[]
      readonly error?: { readonly code: string }
    }
    const names = body.value?.map(({ displayName }) => displayName)
    return { status: response.status, names, code: body.error?.code }
  }
  const eventual = { ConsistencyLevel: 'eventual' }
  const search = (text: string): string => `$search=${encodeURIComponent(text)}`

  beforeAll(async () => {
    const names = ['Ada Lovelace', 'Grace Hopper', 'Adam Grace']
    const users = names.map((displayName, at) => ({ displayName, userPrincipalName: `u${String(at)}@contoso.example` }))
    simulator = await startGraphSimulator({ tenant: { kind: 'inline', users } })
    groupDirectory(simulator.tenant).add({ displayName: 'Sales North' })
    groupDirectory(simulator.tenant).add({ displayName: 'Sales doors', unified: false })
    const answer = await fetch(`${simulator.loginBaseUrl}/${simulator.tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: simulator.clientId,
        client_secret: simulator.clientSecret,
        scope: `${simulator.graphBaseUrl}/.default`,
      }),
    })
    token = ((await answer.json()) as { readonly access_token: string }).access_token
  })
  afterAll(() => simulator.close())

  it('needs eventual consistency, quotes, and properties that it knows', async () => {
    const path = `/users?$select=id,displayName&${search('"displayName:ada"')}`
    expect(await get(path)).toMatchObject({ status: 400, code: 'Request_UnsupportedQuery' })
    expect(await get(`/users?${search('displayName:ada')}`, eventual)).toMatchObject({ status: 400 })
    expect(await get(`/users?${search('"jobTitle:ada"')}`, eventual)).toMatchObject({ status: 400 })
    expect(await get(`${path}&$orderby=displayName`, eventual)).toMatchObject({ status: 400 })
    expect((await get(`${path}&$orderby=displayName desc&$count=true`, eventual)).names?.[0]).toBe('Adam Grace')
    expect((await get(path, eventual)).names).toEqual(['Ada Lovelace', 'Adam Grace'])
  })

  it('looks for the beginnings of words, joined by AND and OR', async () => {
    const names = async (text: string) => (await get(`/users?${search(text)}`, eventual)).names
    expect(await names('"displayName:grace"')).toEqual(['Grace Hopper', 'Adam Grace'])
    expect(await names('"displayName:race"')).toEqual([])
    expect(await names('"displayName:grace ad"')).toEqual(['Adam Grace'])
    expect(await names('"displayName:love" OR "userPrincipalName:u1@"')).toEqual(['Ada Lovelace', 'Grace Hopper'])
    expect(await names('"displayName:grace" AND "displayName:adam"')).toEqual(['Adam Grace'])
  })

  it('goes together with the filter of groups', async () => {
    const unified = encodeURIComponent("groupTypes/any(c:c eq 'Unified')")
    const path = `/groups?${search('"displayName:sales"')}&$count=true`
    expect((await get(path, eventual)).names).toEqual(['Sales North', 'Sales doors'])
    expect((await get(`${path}&$filter=${unified}`, eventual)).names).toEqual(['Sales North'])
  })
})
