import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import {
  teamDirectory,
  type StoredChannel,
  type TeamDirectory,
} from '../../support/graph-simulator/services/teams/state.ts'
import { connect, type Graph, type JsonBody } from './client.ts'
import { Contract, contractFolder } from './schema.ts'

const ada = 'ada@contoso.example'
const grace = 'grace@contoso.example'
let simulator: GraphSimulator
let graph: Graph
let teams: TeamDirectory
let team: string
let channel: StoredChannel

const day = 86_400_000

beforeAll(async () => {
  simulator = await startGraphSimulator({
    tenant: { kind: 'inline', users: [ada, grace].map((userPrincipalName) => ({ userPrincipalName })) },
  })
  graph = await connect(simulator)
  const { tenant } = simulator
  team = groupDirectory(tenant).add({ displayName: 'Engines', owners: [ada], members: [grace], team: true }).id
  teams = teamDirectory(tenant)
  channel = teams.channel(team, 'General')
  teams.post(channel, ada, { text: 'very old', at: new Date(Date.now() - 300 * day).toISOString() })
  for (let number = 0; number < 60; number++)
    teams.post(channel, grace, { text: String(number), at: new Date(Date.now() - (100 - number) * day).toISOString() })
  teams.addTab(channel, { displayName: 'Notes', teamsAppId: 'com.microsoft.teamspace.tab.web' })
  teams.install(team, '06805b9e-77e3-4b93-ac81-525eb87513b8')
  teams.addTag(team, 'Engineers', [ada])
  teams.addChannel(team, { displayName: 'Secret', membershipType: 'private', owners: [ada] })
  teams.shareFromOutside(team, 'Suppliers')
})

afterAll(async () => simulator.close())

function values(body: JsonBody): readonly JsonBody[] {
  return body.value as readonly JsonBody[]
}

const of = (rest = ''): string => `/teams/${team}${rest}`
const inChannel = (rest: string): string => of(`/channels/${channel.id}${rest}`)

async function listed(path: string): Promise<readonly JsonBody[]> {
  const answer = await graph(path)
  expect(answer.status).toBe(200)
  return values(answer.json)
}

/** All pages of a delta round, and the link with which the next begins. */
async function round(path: string): Promise<{ readonly entries: readonly JsonBody[]; readonly link: string }> {
  const entries: JsonBody[] = []
  let next: unknown = path
  for (;;) {
    const { json } = await graph(String(next))
    entries.push(...values(json))
    if (typeof json['@odata.deltaLink'] === 'string') return { entries, link: json['@odata.deltaLink'] }
    next = json['@odata.nextLink']
  }
}

describe('teams of the simulator', () => {
  it.skipIf(contractFolder === undefined)(
    'answer as the contract says (skipped without the contract data)',
    async () => {
      const contract = new Contract(contractFolder ?? '')
      expect(contract.problems('microsoft.graph.team', (await graph(of())).json)).toEqual([])
      for (const [path, type] of [
        [of('/channels'), 'channel'],
        [of('/allChannels'), 'channel'],
        [of('/installedApps?$expand=teamsApp,teamsAppDefinition'), 'teamsAppInstallation'],
        [of('/tags'), 'teamworkTag'],
        [of('/members'), 'aadUserConversationMember'],
        [inChannel('/members'), 'aadUserConversationMember'],
        [inChannel('/tabs?$expand=teamsApp'), 'teamsTab'],
        [inChannel('/messages?$expand=replies'), 'chatMessage'],
        ['/appCatalogs/teamsApps?$expand=appDefinitions', 'teamsApp'],
      ] as const) {
        const entries = await listed(path)
        expect(entries.length).toBeGreaterThan(0)
        for (const entry of entries) expect(contract.problems(`microsoft.graph.${type}`, entry)).toEqual([])
      }
      const folder = (await graph(inChannel('/filesFolder'))).json
      expect(contract.problems('microsoft.graph.driveItem', folder)).toEqual([])
    },
  )

  it('lists own channels, and with those that others share', async () => {
    expect((await listed(of('/channels'))).map(({ displayName }) => displayName)).toEqual(['General', 'Secret'])
    const all = await listed(of('/allChannels'))
    expect(all.map(({ displayName }) => displayName)).toEqual(['General', 'Secret', 'Suppliers'])
    expect(String(all[2]?.['@odata.id'])).not.toContain(team)
    expect(await listed(of('/incomingChannels'))).toHaveLength(1)
    expect(await listed(of("/channels?$filter=membershipType eq 'private'&$select=id"))).toEqual([
      { id: teams.channel(team, 'Secret').id },
    ])
  })

  it('gives first messages newest first, 50 at most, with their replies if asked', async () => {
    const first = (await graph(inChannel('/messages?$top=50'))).json
    expect(values(first)).toHaveLength(50)
    expect(values(first)[0]).not.toHaveProperty('replies')
    const rest = (await graph(String(first['@odata.nextLink']))).json
    expect(values(rest)).toHaveLength(11)
    const ids = [...values(first), ...values(rest)].map(({ id }) => Number(id))
    expect(ids).toEqual(ids.toSorted((one, other) => other - one))
    const [expanded] = await listed(inChannel('/messages?$top=1&$expand=replies'))
    expect(expanded?.replies).toEqual([])
  })

  it('cuts replies off, with a link to the rest', async () => {
    const busy = teams.addChannel(team, { displayName: 'Busy' })
    const message = teams.post(busy, ada, { text: 'count' })
    for (let number = 0; number < 5; number++) teams.post(busy, grace, { text: String(number) }, message)
    teams.expandedReplies = 3
    const [shown] = await listed(of(`/channels/${busy.id}/messages?$expand=replies`))
    teams.expandedReplies = 1_000
    expect(shown?.replies).toMatchObject([
      { body: { content: '4' } },
      { body: { content: '3' } },
      { body: { content: '2' } },
    ])
    const rest = await listed(String(shown?.['replies@odata.nextLink']))
    expect(rest).toMatchObject([{ body: { content: '1' } }, { body: { content: '0' } }])
  })

  it('tells changes of the last eight months, conversations with new answers among them', async () => {
    const { entries, link } = await round(inChannel('/messages/delta?$top=50&$expand=replies'))
    expect(entries).toHaveLength(60)
    const nothing = await round(link)
    expect(nothing.entries).toEqual([])
    const [old] = channel.messages
    if (old !== undefined) teams.post(channel, ada, { text: 'late' }, old)
    const changed = await round(nothing.link)
    expect(changed.entries).toMatchObject([{ id: old?.id, replies: [{ body: { content: 'late' } }] }])
    const since = new Date(Date.now() - 45.5 * day).toISOString()
    const filtered = await round(inChannel(`/messages/delta?$top=50&$filter=lastModifiedDateTime gt ${since}`))
    expect(filtered.entries.length).toBe(6)
  })

  it('refuses to go on with the changes of a channel without an address', async () => {
    const { id } = teams.addChannel(team, { displayName: 'Empty' })
    const { json } = await graph(of(`/channels/${id}/messages/delta`))
    expect(values(json)).toEqual([])
    const next = await graph(String(json['@odata.nextLink']))
    expect(next.status).toBe(400)
    expect(next.json).toMatchObject({ error: { code: 'BadRequest' } })
  })

  it.each([
    ['/messages?$top=51'],
    ['/messages?$filter=lastModifiedDateTime gt 2024-01-01T00:00:00Z'],
    ['/messages?$orderby=createdDateTime'],
    ['/messages?$select=id'],
    ['/messages?$expand=hostedContents'],
    ['/messages/delta?$top=51'],
    ['/messages/delta?$filter=lastModifiedDateTime lt 2024-01-01T00:00:00Z'],
    ['/messages/delta?$filter=createdDateTime gt 2024-01-01T00:00:00Z'],
    ['/messages/delta?$orderby=createdDateTime'],
    ['/tabs?$expand=configuration'],
  ])('refuses %s of a channel', async (rest) => {
    expect((await graph(inChannel(rest))).status).toBe(400)
  })

  it('finds no team of other groups, no channel of other teams, no message of other channels', async () => {
    const { id } = groupDirectory(simulator.tenant).add({ displayName: 'Without', owners: [ada] })
    expect((await graph(`/teams/${id}`)).status).toBe(404)
    expect((await graph('/teams/nonsense')).status).toBe(400)
    expect((await graph(of('/channels/nonsense/messages'))).status).toBe(400)
    const foreign = teams.team(team).foreignChannels[0]?.id ?? ''
    expect((await graph(of(`/channels/${foreign}/messages`))).status).toBe(404)
    expect((await graph(inChannel('/messages/1'))).status).toBe(404)
  })

  it('has an own address for the team of a group', async () => {
    expect((await graph(`/groups/${team}/team`)).json).toMatchObject({ id: team, displayName: 'Engines' })
  })

  it('finds apps of the catalog by equality alone', async () => {
    const found = await listed("/appCatalogs/teamsApps?$filter=id eq '06805b9e-77e3-4b93-ac81-525eb87513b8'")
    expect(found).toMatchObject([{ displayName: 'Contoso' }])
    expect((await graph("/appCatalogs/teamsApps?$filter=startswith(displayName,'C')")).status).toBe(400)
  })
})
