import { describe, expect, it } from 'vitest'
import { teamsDescriber, teamsReader } from '../../../src-main/graph/teams/reader.ts'
import { readHeld } from '../../support/adapter-round.ts'
import { BackupScene } from '../../support/backup-scene.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import { ada, day, fillTeam, grace, startTeam } from './team-scene.ts'

describe('requests for a team', () => {
  it('are few for many messages, and none for messages that are unchanged', async () => {
    const scene = await startTeam()
    const { teams, team, client, root, simulator } = scene
    const channels = [teams.channel(team, 'General')]
    while (channels.length < 8)
      channels.push(teams.addChannel(team, { displayName: `Channel ${String(channels.length)}` }))
    const start = Date.now() - 100 * day
    for (let number = 0; number < 1_000; number++) {
      const channel = channels[number % channels.length]
      if (channel === undefined) continue
      const at = new Date(start + number * 3_600_000).toISOString()
      const answered = number % 5 === 0 ? undefined : channel.messages.at(-1)
      teams.post(channel, grace, { text: `message ${String(number)}`, at }, answered)
    }
    simulator.log.clear()
    const reader = teamsReader(client)
    const held = await readHeld(reader, root)
    expect(scene.requests() / 1_000).toBeLessThanOrEqual(0.08)
    const again = await readHeld(reader, root, held)
    // The channels, what is asked about all of them in batches, and each one's changes.
    expect(scene.requests()).toBeLessThanOrEqual(2 + channels.length)
    expect(again.items).toEqual(held.items)
    expect(again.containers).toEqual(held.containers)
  })

  it('travel together in a run in which nothing happened, twenty at a time', async () => {
    const team = await startTeam()
    const channels = 30
    for (let number = 1; number < channels; number++) {
      const channel = team.teams.addChannel(team.team, { displayName: `Channel ${String(number)}` })
      team.teams.post(channel, grace, { text: 'hello', at: new Date(Date.now() - number * day).toISOString() })
    }
    const scene = new BackupScene(undefined, undefined, [teamsDescriber])
    try {
      await scene.init()
      const options = { roots: [team.root], readers: [teamsReader(team.client)] }
      const first = await scene.backUp(team.client, options)
      expect([first.unread, first.notRefreshed]).toEqual([[], []])
      team.requests()
      const second = await scene.backUp(team.client, options)
      expect(second.items).toBe(first.items)
      // The channels, two batches about them, two of changes.
      expect(team.requests()).toBeLessThanOrEqual(5)
    } finally {
      scene.remove()
    }
  })

  it('ask for a picture once', async () => {
    const scene = await startTeam()
    const { teams, team, client, root } = scene
    const { general } = fillTeam(teams, team)
    const reader = teamsReader(client)
    const held = await readHeld(reader, root)
    expect(scene.asked().filter((name) => name === '$value')).toHaveLength(2)
    const [first] = general.messages
    if (first !== undefined) teams.react(general, first, ada, 'heart')
    const after = await readHeld(reader, root, held)
    expect(scene.asked()).not.toContain('$value')
    expect(after.items.find(({ id }) => id === `${general.id}/${first?.id ?? ''}`)?.parts.size).toBe(2)
  })

  it('are two for a small team in which nothing happened, when they travel together', async () => {
    const scene = await startTeam()
    const { teams, team, client, root } = scene
    teams.post(teams.channel(team, 'General'), ada, { text: 'hello' })
    const reader = teamsReader(client)
    const held = await readHeld(reader, root)
    scene.requests()
    await readHeld(reader, root, held)
    expect(scene.requests()).toBe(2)
  })

  it('are none for a group that has no team, if that was told', async () => {
    const scene = await startTeam()
    const { client, simulator } = scene
    const { id } = groupDirectory(simulator.tenant).add({ displayName: 'Without', owners: [ada] })
    const root = { kind: 'group', id, name: 'without' } as const
    const told = { ...root, properties: { resourceProvisioningOptions: [] } }
    scene.requests()
    await expect(readHeld(teamsReader(client), told)).rejects.toMatchObject({ code: 'graph.no-team' })
    expect(scene.requests()).toBe(0)
    await expect(readHeld(teamsReader(client), root)).rejects.toMatchObject({ code: 'graph.no-team' })
    expect(scene.requests()).toBe(1)
  })
})
