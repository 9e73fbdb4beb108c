import { describe, expect, it } from 'vitest'
import { teamsReader } from '../../../src-main/graph/teams/reader.ts'
import { readHeld } from '../../support/adapter-round.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import { ada, channelNamed, day, fillTeam, startTeam, withText } from './team-scene.ts'

const { signal } = new AbortController()

describe('trouble with a team', () => {
  it('tells a team that went, and one that may not be read', async () => {
    const { teams, team, client, root, simulator } = await startTeam()
    teams.forbidden.add(team)
    await expect(readHeld(teamsReader(client), root)).rejects.toMatchObject({ code: 'graph.forbidden' })
    groupDirectory(simulator.tenant).remove(team)
    await expect(readHeld(teamsReader(client), root)).rejects.toMatchObject({ code: 'graph.no-team' })
    const told = { ...root, properties: { resourceProvisioningOptions: ['Team'] } }
    await expect(readHeld(teamsReader(client), told)).rejects.toMatchObject({ code: 'graph.root-gone' })
  })

  it('reads messages with no more permissions than those for messages and channels', async () => {
    const roles = ['Channel.ReadBasic.All', 'ChannelMessage.Read.All']
    const { teams, team, client, root } = await startTeam({ app: { roles } })
    fillTeam(teams, team)
    const held = await readHeld(teamsReader(client), root)
    expect(channelNamed(held, 'Secret')).not.toHaveProperty('members')
    expect(channelNamed(held, 'General')).not.toHaveProperty('tabs')
    expect(withText(held, 'between us')).toBeDefined()
    expect(held.items.filter(({ container }) => container === team)).toHaveLength(1)
  })

  it('reads the rest when some of it fails, and keeps what was stored of it', async () => {
    const scene = await startTeam()
    const { teams, team, client, root, simulator } = scene
    fillTeam(teams, team)
    const held = await readHeld(teamsReader(client), root)
    simulator.faults.add({
      kind: 'status',
      status: 500,
      match: { path: /\/(tabs|members|tags|filesFolder|installedApps)/ },
    })
    const after = await readHeld(teamsReader(client), root, held)
    expect(after.containers).toEqual(held.containers)
    expect(new Set(after.items)).toEqual(new Set(held.items))
  })

  it('takes a picture that cannot be had for missing alone', async () => {
    const { teams, team, client, root, simulator } = await startTeam()
    fillTeam(teams, team)
    simulator.faults.add({ kind: 'status', status: 500, match: { path: /replies.*hostedContents/ } })
    const held = await readHeld(teamsReader(client), root)
    const first = withText(held, 'a pixel')
    expect([...first.parts.keys()]).toEqual(['inline-1.png'])
    expect(first.unreadParts).toEqual(['graph.service-failed'])
    expect(held.unread.size).toBe(0)
  })

  it('begins anew when a listing of changes is refused, or a link to the next page is dead', async () => {
    const { teams, team, client, root, simulator } = await startTeam()
    const general = teams.channel(team, 'General')
    for (let days = 60; days > 0; days--)
      teams.post(general, ada, { text: 'm', at: new Date(Date.now() - days * day).toISOString() })
    const reader = teamsReader(client)
    const held = await readHeld(reader, root)
    const container = held.containers.find(({ id }) => id === general.id)
    if (container === undefined) throw new Error('no General')
    const cursor = held.cursors.get(general.id)
    for (const message of general.messages) teams.react(general, message, ada, 'like')
    simulator.faults.add({ kind: 'break-cursor', match: { path: /delta\?.*skiptoken/ } })
    const lost = Array.fromAsync(reader.changes(root, container, { cursor }, signal))
    await expect(lost).rejects.toMatchObject({ code: 'graph.cursor-lost' })
    general.email = ''
    const refused = Array.fromAsync(reader.changes(root, container, { cursor }, signal))
    await expect(refused).rejects.toMatchObject({ code: 'graph.cursor-lost' })
    const broken = Array.fromAsync(reader.changes(root, container, { cursor: 'nonsense' }, signal))
    await expect(broken).rejects.toMatchObject({ code: 'graph.cursor-lost' })
    const [page] = await Array.fromAsync(reader.changes(root, container, {}, signal))
    const stale = page?.next?.replace(/skiptoken=[^"&]+/, 'skiptoken=AAAA')
    const dead = Array.fromAsync(reader.changes(root, container, { next: stale }, signal))
    await expect(dead).rejects.toMatchObject({ code: 'graph.cursor-lost' })
  })

  it('does not let one channel that cannot be listed stop the list of channels', async () => {
    const { teams, team, client, root } = await startTeam()
    const { secret } = fillTeam(teams, team)
    const reader = teamsReader(client)
    const { containers } = await reader.containers(root, undefined, signal)
    teams.removeChannel(secret)
    const gone = containers.find(({ id }) => id === secret.id)
    if (gone === undefined) throw new Error('no Secret')
    await expect(Array.fromAsync(reader.changes(root, gone, {}, signal))).rejects.toMatchObject({
      code: 'graph.not-found',
    })
    const held = await readHeld(reader, root)
    expect(channelNamed(held, 'General')).toBeDefined()
  })
})
