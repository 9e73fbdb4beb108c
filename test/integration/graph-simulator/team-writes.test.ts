import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import {
  teamDirectory,
  type StoredChannel,
  type TeamDirectory,
} from '../../support/graph-simulator/services/teams/state.ts'
import { connect, type Answer, type Graph } from './client.ts'
import { Contract, contractFolder } from './schema.ts'

const ada = 'ada@contoso.example'
const grace = 'grace@contoso.example'
const alan = 'alan@contoso.example'
let simulator: GraphSimulator
let graph: Graph
let teams: TeamDirectory
let team: string

beforeAll(async () => {
  const users = [ada, grace, alan].map((userPrincipalName) => ({ userPrincipalName }))
  simulator = await startGraphSimulator({ tenant: { kind: 'inline', users } })
  graph = await connect(simulator)
  teams = teamDirectory(simulator.tenant)
  const groups = groupDirectory(simulator.tenant)
  team = groups.add({ displayName: 'Engines', owners: [ada], members: [ada, grace], team: true }).id
})

afterAll(async () => simulator.close())

const post = (path: string, json?: unknown): Promise<Answer> =>
  graph(path, { method: 'POST', ...(json === undefined ? {} : { json }) })

const onChannel = ({ id }: StoredChannel, what: string): string => `/teams/${team}/channels/${id}/${what}`

let number = 0

/** A channel of its own for every test. */
const channel = (more: Partial<Parameters<TeamDirectory['addChannel']>[1]> = {}): StoredChannel =>
  teams.addChannel(team, { displayName: `Channel ${String(++number)}`, ...more })

const bind = (user: string): string => `${simulator.graphBaseUrl}/v1.0/users('${teams.user(user).id}')`

const member = (user: string, ...roles: readonly string[]): object => ({
  '@odata.type': '#microsoft.graph.aadUserConversationMember',
  roles,
  'user@odata.bind': bind(user),
})

const said = ({ status, json }: Answer): readonly unknown[] => {
  const { error } = json as { readonly error?: { readonly code: string } }
  return [status, error?.code]
}

const longAgo = '2020-01-01T00:00:00.000Z'

const message = (at: string, more: object = {}): object => ({
  createdDateTime: at,
  from: { user: { id: teams.user(grace).id, displayName: 'Grace', userIdentityType: 'aadUser' } },
  body: { contentType: 'html', content: '<p>hello</p>' },
  ...more,
})

async function opened(): Promise<StoredChannel> {
  const one = channel()
  expect((await post(onChannel(one, 'startMigration'), { conversationCreationDateTime: longAgo })).status).toBe(204)
  return one
}

describe('migration mode of the simulator', () => {
  it('takes messages and answers at their times, under their authors, and ends', async () => {
    const one = await opened()
    expect(one).toMatchObject({ migrationMode: 'inProgress', createdDateTime: longAgo })
    const first = await post(onChannel(one, 'messages'), message('2021-02-03T04:05:06.789Z', { subject: 'Hello' }))
    expect(first.status).toBe(200)
    const { id } = first.json
    const answer = await post(onChannel(one, `messages/${String(id)}/replies`), message('2021-02-03T04:05:07.000Z'))
    expect(answer.status).toBe(200)
    expect(answer.json).toMatchObject({ replyToId: id, createdDateTime: '2021-02-03T04:05:07.000Z' })
    expect((await post(onChannel(one, 'completeMigration'))).status).toBe(204)
    expect(one.migrationMode).toBe('completed')
    const listed = await graph(onChannel(one, 'messages?$expand=replies'))
    expect(listed.json).toMatchObject({ value: [{ id, subject: 'Hello', replies: [{ replyToId: id }] }] })
    if (contractFolder === undefined) return
    const contract = new Contract(contractFolder)
    expect(contract.problems('microsoft.graph.chatMessage', first.json)).toEqual([])
  })

  it('is entered once, with a time before that of the channel, and can be entered again', async () => {
    const one = await opened()
    expect(said(await post(onChannel(one, 'startMigration'), {}))).toEqual([400, 'BadRequest'])
    await post(onChannel(one, 'completeMigration'))
    expect(said(await post(onChannel(one, 'completeMigration')))).toEqual([400, 'BadRequest'])
    const later = { conversationCreationDateTime: '2020-01-01T00:00:00.000Z' }
    expect(said(await post(onChannel(one, 'startMigration'), later))).toEqual([400, 'BadRequest'])
    expect((await post(onChannel(one, 'startMigration'))).status).toBe(204)
    expect(said(await post(onChannel(one, 'messages'), message('2021-01-01T00:00:00.000Z')))).toEqual([
      400,
      'BadRequest',
    ])
  })

  it('belongs to the application that began it', async () => {
    const one = await opened()
    one.migratedBy = 'another'
    expect(said(await post(onChannel(one, 'messages'), message('2021-01-01T00:00:00.000Z')))).toEqual([
      403,
      'Forbidden',
    ])
    expect(said(await post(onChannel(one, 'completeMigration')))).toEqual([403, 'Forbidden'])
  })

  it('is what an application needs to write', async () => {
    const one = channel()
    expect(said(await post(onChannel(one, 'messages'), message('2021-01-01T00:00:00.000Z')))).toEqual([
      403,
      'Forbidden',
    ])
  })

  it.each([
    ['a time in the future', { createdDateTime: '2999-01-01T00:00:00.000Z' }],
    ['a time before the channel', { createdDateTime: longAgo }],
    ['no time', { createdDateTime: undefined }],
    ['no author', { from: undefined }],
    ['an author of elsewhere', { from: { user: { id: '0b4f1d3c-0000-4000-a000-000000000000' } } }],
    ['mentions', { mentions: [{ id: 0, mentionText: 'Ada', mentioned: { user: { id: 'x' } } }] }],
    ['a card', { attachments: [{ id: 'a', contentType: 'application/vnd.microsoft.card.adaptive', content: '{}' }] }],
    [
      'a file that the text does not name',
      { attachments: [{ id: 'a', contentType: 'reference', contentUrl: 'https://x', name: 'x' }] },
    ],
    [
      'a picture that the text does not show',
      { hostedContents: [{ '@microsoft.graph.temporaryId': '1', contentBytes: 'AAAA', contentType: 'image/png' }] },
    ],
    ['a property of its own', { webUrl: 'https://x' }],
  ])('refuses %s', async (_what, more) => {
    const one = await opened()
    const answer = await post(onChannel(one, 'messages'), message('2021-01-01T00:00:00.000Z', more))
    expect(said(answer)).toEqual([400, 'BadRequest'])
    expect(one.messages).toEqual([])
  })

  it('has each time once in a channel, answers included', async () => {
    const one = await opened()
    const { id } = (await post(onChannel(one, 'messages'), message('2021-01-01T00:00:00.000Z'))).json
    const again = message('2021-01-01T00:00:00.0004Z')
    expect(said(await post(onChannel(one, 'messages'), again))).toEqual([409, 'Conflict'])
    expect(said(await post(onChannel(one, `messages/${String(id)}/replies`), again))).toEqual([409, 'Conflict'])
  })

  it('keeps pictures', async () => {
    const one = await opened()
    const content = '<img src="../hostedContents/1/$value">'
    const hostedContents = [{ '@microsoft.graph.temporaryId': '1', contentBytes: 'iVBORw==', contentType: 'image/png' }]
    const more = { body: { contentType: 'html', content }, hostedContents }
    const { body } = (await post(onChannel(one, 'messages'), message('2021-01-01T00:00:00.000Z', more))).json
    const [, address = ''] = /src="([^"]+)"/.exec((body as { content: string }).content) ?? []
    expect((await graph(address)).bytes.toString('base64')).toBe('iVBORw==')
  })
})

describe('channels of the simulator', () => {
  const create = (json: object): Promise<Answer> => post(`/teams/${team}/channels`, json)

  it('are made with a name that is free and allowed', async () => {
    const made = await create({ displayName: 'Ideas', description: 'New ones', membershipType: 'standard' })
    expect(made.status).toBe(201)
    expect(made.json).toMatchObject({ displayName: 'Ideas', description: 'New ones', membershipType: 'standard' })
    expect(said(await create({ displayName: 'IDEAS' }))).toEqual([400, 'NameAlreadyExists'])
    for (const displayName of ['', 'a'.repeat(51), 'what?', '_x', 'x.', undefined])
      expect(said(await create({ displayName }))).toEqual([400, 'BadRequest'])
  })

  it('are private with an owner and members of the team', async () => {
    const wanted = { displayName: 'Private', membershipType: 'private' }
    expect(said(await create(wanted))).toEqual([400, 'BadRequest'])
    expect(said(await create({ ...wanted, members: [member(grace)] }))).toEqual([400, 'BadRequest'])
    expect(said(await create({ ...wanted, members: [member(alan, 'owner')] }))).toEqual([400, 'BadRequest'])
    expect((await create({ ...wanted, members: [member(ada, 'owner'), member(grace)] })).status).toBe(201)
    expect(teams.channel(team, 'Private').members.map(({ roles }) => roles)).toEqual([['owner'], []])
  })

  it('are shared with one owner, and made after the answer', async () => {
    const wanted = { displayName: 'Shared', membershipType: 'shared' }
    const owners = [member(ada, 'owner'), member(grace, 'owner')]
    expect(said(await create({ ...wanted, members: owners }))).toEqual([400, 'BadRequest'])
    const made = await create({ ...wanted, members: [member(ada, 'owner'), member(alan)] })
    expect(made.status).toBe(202)
    const [, operation = ''] = /operations\('([^']+)'\)/.exec(made.headers.get('location') ?? '') ?? []
    const status = async (): Promise<unknown> => (await graph(`/teams/${team}/operations/${operation}`)).json.status
    expect([await status(), await status()]).toEqual(['inProgress', 'succeeded'])
  })

  it('begin in migration mode where that is asked for', async () => {
    const wanted = { displayName: 'Old', createdDateTime: longAgo }
    expect(said(await create(wanted))).toEqual([400, 'BadRequest'])
    const made = await create({ ...wanted, '@microsoft.graph.channelCreationMode': 'migration' })
    expect(made.status).toBe(201)
    expect(teams.channel(team, 'Old')).toMatchObject({ migrationMode: 'inProgress', createdDateTime: longAgo })
  })

  it('can be changed, but for the name of General', async () => {
    const one = channel()
    const patch = (of: StoredChannel, json: object): Promise<Answer> =>
      graph(`/teams/${team}/channels/${of.id}`, { method: 'PATCH', json })
    expect((await patch(one, { displayName: 'Renamed', description: null })).status).toBe(204)
    expect(one.displayName).toBe('Renamed')
    expect(said(await patch(teams.channel(team, 'General'), { displayName: 'Else' }))).toEqual([400, 'BadRequest'])
  })

  it('take members where they have their own, who are told', async () => {
    const one = channel({ membershipType: 'private', owners: [ada] })
    expect((await post(onChannel(one, 'members'), member(grace))).status).toBe(201)
    expect(said(await post(onChannel(one, 'members'), member(grace)))).toEqual([409, 'Conflict'])
    expect(said(await post(onChannel(one, 'members'), member(alan)))).toEqual([400, 'BadRequest'])
    expect(said(await post(onChannel(channel(), 'members'), member(grace)))).toEqual([400, 'BadRequest'])
  })
})

describe('teams, apps and tabs of the simulator', () => {
  const app = (id: string): object => ({
    'teamsApp@odata.bind': `${simulator.graphBaseUrl}/v1.0/appCatalogs/teamsApps/${id}`,
  })
  const contosoApp = '06805b9e-77e3-4b93-ac81-525eb87513b8'

  it('are made with an owner, after the answer', async () => {
    const template = { 'template@odata.bind': `${simulator.graphBaseUrl}/v1.0/teamsTemplates('standard')` }
    expect(said(await post('/teams', { ...template, displayName: 'New' }))).toEqual([400, 'BadRequest'])
    const made = await post('/teams', { ...template, displayName: 'New', members: [member(ada, 'owner')] })
    expect(made.status).toBe(202)
    const [, id = ''] = /teams\('([^']+)'\)$/.exec(made.headers.get('content-location') ?? '') ?? []
    expect((await graph(`/teams/${id}`)).json).toMatchObject({ displayName: 'New' })
  })

  it('are given to groups that have an owner, once', async () => {
    const groups = groupDirectory(simulator.tenant)
    const put = (id: string): Promise<Answer> => graph(`/groups/${id}/team`, { method: 'PUT', json: {} })
    expect(said(await put(groups.add({ displayName: 'Ownerless' }).id))).toEqual([400, 'BadRequest'])
    const { id } = groups.add({ displayName: 'Owned', owners: [ada] })
    expect((await put(id)).status).toBe(201)
    expect(said(await put(id))).toEqual([409, 'Conflict'])
  })

  it('have settings that can be changed one by one', async () => {
    const patch = (json: object): Promise<Answer> => graph(`/teams/${team}`, { method: 'PATCH', json })
    expect((await patch({ funSettings: { allowGiphy: false } })).status).toBe(204)
    expect(teams.team(team).settings.funSettings).toMatchObject({ allowGiphy: false, allowCustomMemes: true })
    expect(said(await patch({ funSettings: { allowFun: true } }))).toEqual([400, 'BadRequest'])
    expect(said(await patch({ displayName: 'Else' }))).toEqual([400, 'BadRequest'])
  })

  it('take apps of the catalog once, and tabs of apps that they have', async () => {
    const one = channel()
    const tab = {
      displayName: 'Orders',
      ...app(contosoApp),
      configuration: { entityId: '1', contentUrl: 'https://x.example' },
    }
    expect(said(await post(onChannel(one, 'tabs'), tab))).toEqual([400, 'BadRequest'])
    expect(said(await post(`/teams/${team}/installedApps`, app('nothing')))).toEqual([404, 'NotFound'])
    expect((await post(`/teams/${team}/installedApps`, app(contosoApp))).status).toBe(200)
    expect(said(await post(`/teams/${team}/installedApps`, app(contosoApp)))).toEqual([409, 'Conflict'])
    const made = await post(onChannel(one, 'tabs'), tab)
    expect(made.status).toBe(201)
    expect(made.json).toMatchObject({ displayName: 'Orders', configuration: { entityId: '1' } })
    const web = { displayName: 'Web', ...app('com.microsoft.teamspace.tab.web') }
    expect((await post(onChannel(one, 'tabs'), web)).status).toBe(201)
  })
})
