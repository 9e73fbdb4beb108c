import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { tenantChats, type StoredChat } from '../../support/graph-simulator/services/chats/state.ts'
import { connect, type Graph, type JsonBody } from './client.ts'
import { Contract, contractFolder } from './schema.ts'

const ada = 'ada@contoso.example'
const grace = 'grace@contoso.example'
let simulator: GraphSimulator
let graph: Graph
let chat: StoredChat

beforeAll(async () => {
  const users = [ada, grace, 'alan@contoso.example'].map((userPrincipalName) => ({ userPrincipalName }))
  simulator = await startGraphSimulator({ tenant: { kind: 'inline', users } })
  graph = await connect(simulator)
  const chats = tenantChats(simulator.tenant)
  chat = chats.addChat({ topic: 'Group', members: [ada, grace] })
  for (let number = 0; number < 60; number++) chats.send(chat, grace, { text: String(number) })
  const [first] = chat.messages
  if (first !== undefined) chats.react(first, ada, 'like')
  chats.pin(
    chat,
    chats.send(chat, ada, { html: '<img src="hosted:a">', hosted: { a: { type: 'image/png', bytes: 'PNG' } } }),
  )
  chats.addChat({ type: 'oneOnOne', members: [ada, 'alan@contoso.example'] })
  chat.tabs.push({ id: 't', displayName: 'Tab', url: 'https://contoso.example' })
  chat.apps.push({ id: 'a', teamsAppId: 'x', displayName: 'App' })
})

afterAll(async () => simulator.close())

function values(body: JsonBody): readonly JsonBody[] {
  return body.value as readonly JsonBody[]
}

const messages = (query: string): string => `/chats/${chat.id}/messages?${query}`

describe('chats of the simulator', () => {
  it.skipIf(contractFolder === undefined)(
    'answer as the contract says (skipped without the contract data)',
    async () => {
      const contract = new Contract(contractFolder ?? '')
      const found = await graph(`/users/${ada}/chats?$expand=members,lastMessagePreview`)
      expect(contract.problems('microsoft.graph.chatCollectionResponse', found.json)).toEqual([])
      const listed = await graph(messages('$top=50'))
      expect(contract.problems('microsoft.graph.chatMessageCollectionResponse', listed.json)).toEqual([])
      for (const [name, type] of [
        ['members', 'conversationMember'],
        ['pinnedMessages', 'pinnedChatMessageInfo'],
        ['installedApps?$expand=teamsApp', 'teamsAppInstallation'],
        ['tabs?$expand=teamsApp', 'teamsTab'],
      ] as const) {
        const [first] = values((await graph(`/chats/${chat.id}/${name}`)).json)
        expect(contract.problems(`microsoft.graph.${type}`, first)).toEqual([])
      }
    },
  )

  it('lists the chats of a member alone, nothing expanded unasked', async () => {
    const body = (await graph(`/users/${grace}/chats`)).json
    expect(values(body)).toHaveLength(1)
    expect(values(body)[0]).not.toHaveProperty('members')
    expect(values(body)[0]).not.toHaveProperty('lastMessagePreview')
  })

  it('gives messages newest change first, 50 at most', async () => {
    const first = (await graph(messages('$top=50'))).json
    expect(values(first)).toHaveLength(50)
    const rest = (await graph(String(first['@odata.nextLink']))).json
    expect(values(rest)).toHaveLength(12)
    const changed = [...values(first), ...values(rest)].map(({ lastModifiedDateTime }) => String(lastModifiedDateTime))
    expect(changed).toEqual(changed.toSorted().toReversed())
  })

  it('filters by the property that it sorts by, and not at all otherwise', async () => {
    const time = chat.messages[57]?.createdDateTime ?? ''
    const both = `$orderby=lastModifiedDateTime desc&$filter=lastModifiedDateTime gt ${time}`
    expect(values((await graph(messages(both))).json).length).toBe(5)
    expect(values((await graph(messages(`$top=50&$filter=lastModifiedDateTime gt ${time}`))).json)).toHaveLength(50)
    expect(
      values(
        (await graph(messages(`$top=50&$orderby=createdDateTime desc&$filter=lastModifiedDateTime gt ${time}`))).json,
      ),
    ).toHaveLength(50)
  })

  it.each([
    ['$top=51'],
    ['$orderby=lastModifiedDateTime asc'],
    ['$orderby=subject desc'],
    ['$filter=createdDateTime gt 2024-01-01T00:00:00Z&$orderby=createdDateTime desc'],
    ['$filter=from eq 1&$orderby=createdDateTime desc'],
    ['$select=id'],
    ['$skip=5'],
  ])('refuses messages?%s', async (query) => {
    expect((await graph(messages(query))).status).toBe(400)
  })

  it.each([['$select=id'], ['$expand=messages'], ['$orderby=topic'], ['$top=51']])(
    'refuses chats?%s',
    async (query) => {
      expect((await graph(`/users/${ada}/chats?${query}`)).status).toBe(400)
    },
  )

  it('shows lines of Teams by their name only to those who ask for it', async () => {
    const plain = values((await graph(messages('$top=1'))).json)[0]
    const asked = values(
      (await graph(messages('$top=1'), { headers: { prefer: 'include-unknown-enum-members' }, immutable: false })).json,
    )[0]
    expect([plain?.messageType, asked?.messageType]).toEqual(['unknownFutureValue', 'systemEventMessage'])
  })

  it('gives hosted contents by their address, and finds nothing elsewhere', async () => {
    const [message] = values((await graph(messages('$top=2&$orderby=createdDateTime desc'))).json).slice(1)
    const address =
      /src="([^"]+)"/.exec(JSON.parse(JSON.stringify((message?.body as JsonBody).content)) as string)?.[1] ?? ''
    expect((await graph(address)).bytes.toString()).toBe('PNG')
    expect((await graph(address.replace(/hostedContents\/[^/]+/, 'hostedContents/other'))).status).toBe(404)
    expect((await graph(`/chats/${chat.id}/messages/1`)).status).toBe(404)
    expect((await graph('/chats/nonsense/messages')).status).toBe(400)
    expect((await graph(`/users/alan@contoso.example/chats/${chat.id}/messages`)).status).toBe(404)
  })

  it('takes no message from an application', async () => {
    const before = chat.messages.length
    const answer = await graph(`/chats/${chat.id}/messages`, { method: 'POST', json: { body: { content: 'x' } } })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(chat.messages).toHaveLength(before)
  })
})
