import { describe, expect, it } from 'vitest'
import { teamsDescriber, teamsReader } from '../../../src-main/graph/teams/reader.ts'
import { readHeld } from '../../support/adapter-round.ts'
import { alan, channelNamed, fillTeam, grace, pixel, startTeam, stored, withText } from './team-scene.ts'

describe('reading a team', () => {
  it('keeps channels with their tabs, members and places of files', async () => {
    const { teams, team, client, root } = await startTeam()
    const { general } = fillTeam(teams, team)
    const held = await readHeld(teamsReader(client), root)
    expect(held.containers.map(({ name }) => name).sort()).toEqual(['General', 'Secret', 'Shared', 'Team'])
    const open = channelNamed(held, 'General')
    expect(open).toMatchObject({ id: general.id, membershipType: 'standard', isPrimary: true })
    expect(open.tabs).toMatchObject([{ displayName: 'Notes', teamsApp: { id: 'com.microsoft.teamspace.tab.web' } }])
    expect(open).not.toHaveProperty('members')
    expect(open.filesFolder).toMatchObject({ name: 'General' })
    expect(open.filesFolder).not.toHaveProperty('size')
    const secret = channelNamed(held, 'Secret')
    expect(secret).not.toHaveProperty('isPrimary')
    const members = secret.members as readonly { readonly email: string; readonly roles: readonly string[] }[]
    expect(new Map(members.map(({ email, roles }) => [email, roles]))).toEqual(
      new Map([
        ['ada@contoso.example', ['owner']],
        ['grace@contoso.example', []],
      ]),
    )
  })

  it('keeps the settings, apps and tags of the team, and names channels that others share with it', async () => {
    const { teams, team, client, root } = await startTeam()
    fillTeam(teams, team)
    const held = await readHeld(teamsReader(client), root)
    const own = held.items.filter(({ container }) => container === team)
    const rows = own.map(({ metadata }) => teamsDescriber.row(metadata, 0).name)
    expect(rows).toEqual(['settings', 'installed apps', 'tags', 'shared by other teams'])
    expect(stored(withText(held, 'memberSettings'))).toMatchObject({ displayName: 'Engines', isArchived: false })
    expect(stored(withText(held, 'teamsAppDefinition')).installedApps).toMatchObject([
      { teamsApp: { displayName: 'Contoso' }, teamsAppDefinition: { version: '1.0.0' } },
    ])
    const [tag] = stored(withText(held, 'Engineers')).tags as readonly { readonly members: readonly object[] }[]
    expect(tag?.members).toMatchObject([{ displayName: 'Grace Hopper' }, { displayName: 'Alan <Turing>' }])
    expect(stored(withText(held, 'Suppliers')).incomingChannels).toMatchObject([{ displayName: 'Suppliers' }])
    expect(held.containers.map(({ name }) => name)).not.toContain('Suppliers')
  })

  it('keeps conversations with answers, pictures, reactions, mentions and lines of Teams', async () => {
    const { teams, team, client, root } = await startTeam()
    const { general } = fillTeam(teams, team)
    const held = await readHeld(teamsReader(client), root)
    const first = withText(held, 'a pixel')
    expect(first.container).toBe(general.id)
    expect(first.id).toBe(`${general.id}/${general.messages[0]?.id ?? ''}`)
    expect(first.metadata).toMatchObject({ 'o365:Type': 'channelMessage', 'o365:Id': general.messages[0]?.id })
    const properties = stored(first)
    expect(properties.reactions).toMatchObject([{ reactionType: 'like' }])
    expect(properties.mentions).toMatchObject([{ mentionText: 'Grace Hopper' }])
    const replies = properties.replies as readonly { readonly body: object; readonly replyToId: string }[]
    expect(replies.map(({ body }) => (body as { content: string }).content.slice(0, 17))).toEqual([
      'a plain answer',
      '<p>answer with a ',
    ])
    expect(JSON.stringify(properties)).not.toContain('@odata.nextLink')
    expect([...first.parts]).toEqual([
      ['inline-1.png', pixel],
      ['inline-2.gif', Buffer.from('GIF89a...')],
    ])
    expect(properties.hostedContents).toMatchObject([
      { name: 'inline-1.png', message: general.messages[0]?.id },
      { name: 'inline-2.gif', reply: general.messages[0]?.replies[1]?.id },
    ])
    expect(stored(withText(held, 'channelAdded')).messageType).toBe('systemEventMessage')
  })

  it('leaves out what was deleted, but not answers to it', async () => {
    const { teams, team, client, root } = await startTeam()
    fillTeam(teams, team)
    const held = await readHeld(teamsReader(client), root)
    const all = JSON.stringify(held.items.map(({ metadata }) => metadata))
    expect(all).not.toContain('an answer that is gone')
    expect(all).not.toContain('gone without an answer')
    const kept = withText(held, 'still there')
    expect(stored(kept).deletedDateTime).not.toBeNull()
    expect(stored(kept).replies).toHaveLength(1)
  })

  it('shows and finds a conversation by its first message and by what was answered', async () => {
    const { teams, team, client, root } = await startTeam()
    const { general } = fillTeam(teams, team)
    const held = await readHeld(teamsReader(client), root)
    const first = withText(held, 'a pixel')
    const row = teamsDescriber.row(first.metadata, 0)
    const at = general.messages[0]?.createdDateTime ?? ''
    expect(row).toMatchObject({
      shard: at.slice(0, 7),
      title: 'See Grace Hopper a pixel',
      from: 'Ada Lovelace',
      hasAttachments: true,
    })
    const text = await teamsDescriber.searchText(first.metadata, new Uint8Array())
    expect(text).toContain('See Grace Hopper')
    expect(text).toContain('Alan <Turing> answer with a picture')
    const tags = await teamsDescriber.searchText(withText(held, 'Engineers').metadata, new Uint8Array())
    expect(tags).toContain('Engineers')
  })

  it('reads replies beyond those that come with a message, with a link to them or without', async () => {
    for (const losesReplyLinks of [false, true]) {
      const { teams, team, client, root } = await startTeam()
      const general = teams.channel(team, 'General')
      const first = teams.post(general, grace, { text: 'count' })
      for (let number = 0; number < 1_030; number++) teams.post(general, alan, { text: String(number) }, first)
      teams.losesReplyLinks = losesReplyLinks
      const held = await readHeld(teamsReader(client), root)
      const replies = stored(withText(held, 'count')).replies as readonly {
        readonly body: { readonly content: string }
      }[]
      expect(replies.map(({ body }) => Number(body.content))).toEqual(Array.from({ length: 1_030 }, (_, at) => at))
    }
  })

  it('reads archived teams and channels', async () => {
    const { teams, team, client, root } = await startTeam()
    const { secret } = fillTeam(teams, team)
    teams.team(team).isArchived = true
    secret.isArchived = true
    const held = await readHeld(teamsReader(client), root)
    expect(stored(withText(held, 'memberSettings')).isArchived).toBe(true)
    expect(channelNamed(held, 'Secret').isArchived).toBe(true)
    expect(withText(held, 'between us')).toBeDefined()
  })

  it('stores a channel that is shared among teams of the tenant with its owner alone', async () => {
    const { teams, team, client, root, simulator } = await startTeam()
    const { shared } = fillTeam(teams, team)
    teams.post(shared, grace, { text: 'for both' })
    const { groupDirectory } = await import('../../support/graph-simulator/services/groups/state.ts')
    const other = groupDirectory(simulator.tenant).add({ displayName: 'Others', owners: [grace], team: true })
    teams.share(shared, other.id)
    const reader = teamsReader(client)
    const theirs = await readHeld(reader, { kind: 'group', id: other.id, name: 'others' })
    expect(theirs.containers.map(({ name }) => name).sort()).toEqual(['General', 'Team'])
    expect(stored(withText(theirs, 'incomingChannels')).incomingChannels).toMatchObject([
      { displayName: 'Shared', teamId: team },
    ])
    expect(withText(await readHeld(reader, root), 'for both').container).toBe(shared.id)
  })

  it('gives one item by its id', async () => {
    const { teams, team, client, root } = await startTeam()
    fillTeam(teams, team)
    const reader = teamsReader(client)
    const held = await readHeld(reader, root)
    const { signal } = new AbortController()
    for (const item of held.items) {
      const { container, properties } = await reader.item(root, item.id, signal)
      expect(container).toBe(item.container)
      expect(reader.identity(reader.metadata(properties))).toEqual(reader.identity(item.metadata))
    }
    const gone = reader.item(root, `${team}/nonsense`, signal)
    await expect(gone).rejects.toMatchObject({ code: 'graph.not-found' })
  })
})
