import { describe, expect, it } from 'vitest'
import { teamsDescriber, teamsReader } from '../../../src-main/graph/teams/reader.ts'
import { readHeld, type HeldType } from '../../support/adapter-round.ts'
import { BackupScene } from '../../support/backup-scene.ts'
import type { StoredChannel, StoredChannelMessage } from '../../support/graph-simulator/services/teams/state.ts'
import {
  ada,
  alan,
  channelNamed,
  day,
  fillTeam,
  grace,
  startTeam,
  stored,
  withText,
  type TeamScene,
} from './team-scene.ts'

const { signal } = new AbortController()

/** A message long before now, so that it does not count as just written. */
function postAt(scene: TeamScene, channel: StoredChannel, daysAgo: number, text: string): StoredChannelMessage {
  const at = new Date(Date.now() - daysAgo * day).toISOString()
  return scene.teams.post(channel, grace, { text, at })
}

/** As the engine does: a lost cursor lists the container anew. */
async function again(scene: TeamScene, reader: ReturnType<typeof teamsReader>, held: HeldType): Promise<HeldType> {
  return await readHeld(reader, scene.root, held)
}

describe('changes of a team', () => {
  it('tell new messages, answers, edits, reactions and deletions, and nothing else', async () => {
    const scene = await startTeam()
    const { teams, team, client, root } = scene
    const general = teams.channel(team, 'General')
    const [quiet, answered, edited, liked, deleted] = [50, 40, 30, 20, 10].map((days) =>
      postAt(scene, general, days, `message of ${String(days)} days ago`),
    )
    const reader = teamsReader(client)
    const held = await readHeld(reader, root)
    expect(held.items.filter(({ container }) => container === general.id)).toHaveLength(5)
    teams.post(general, ada, { text: 'new' })
    if (answered !== undefined) teams.post(general, alan, { text: 'late answer' }, answered)
    if (edited !== undefined) teams.edit(general, edited, '<p>changed</p>')
    if (liked !== undefined) teams.react(general, liked, ada, 'heart')
    if (deleted !== undefined) teams.delete(general, deleted)
    scene.asked()
    const after = await again(scene, reader, held)
    expect(scene.asked().filter((name) => name === 'delta')).toHaveLength(1)
    expect(after.items.filter(({ container }) => container === general.id)).toHaveLength(5)
    expect(stored(withText(after, 'of 40 days ago')).replies).toMatchObject([{ body: { content: 'late answer' } }])
    expect(stored(withText(after, 'changed')).lastEditedDateTime).not.toBeNull()
    expect(stored(withText(after, 'of 20 days ago')).reactions).toHaveLength(1)
    expect(() => withText(after, 'of 10 days ago')).toThrow()
    expect(withText(after, 'of 50 days ago')).toEqual(withText(held, 'of 50 days ago'))
    expect(quiet).toBeDefined()
    const fresh = await readHeld(teamsReader(client), root)
    expect(new Map(after.items.map((item) => [item.id, item.metadata]))).toEqual(
      new Map(fresh.items.map((item) => [item.id, item.metadata])),
    )
  })

  it('tell what an answer that was deleted, and a message with answers that was, left behind', async () => {
    const scene = await startTeam()
    const { teams, team, client, root } = scene
    const { general } = fillTeam(teams, team)
    const reader = teamsReader(client)
    const held = await readHeld(reader, root)
    const [first] = general.messages
    if (first?.replies[0] === undefined) throw new Error('no answer')
    teams.delete(general, first.replies[0])
    teams.delete(general, first)
    const after = stored(withText(await again(scene, reader, held), 'answer with a picture'))
    expect(after.deletedDateTime).not.toBeNull()
    expect(after.replies).toHaveLength(1)
  })

  it('tell nothing twice, whatever the clock of this machine says', async () => {
    for (const skew of [-400 * day, 0, 400 * day]) {
      const scene = await startTeam()
      const { teams, team, client, root } = scene
      const general = teams.channel(team, 'General')
      for (let days = 20; days > 0; days--) postAt(scene, general, days, `old ${String(days)}`)
      const reader = teamsReader(client, () => Date.now() + skew)
      let held = await readHeld(reader, root)
      for (const words of ['one', 'two']) {
        teams.post(general, ada, { text: words })
        held = await again(scene, reader, held)
        expect(withText(held, words)).toBeDefined()
      }
      expect(held.items.filter(({ container }) => container === general.id)).toHaveLength(22)
    }
  })

  it('find a rename, another member and another tab of a channel', async () => {
    const scene = await startTeam()
    const { teams, team, client, root } = scene
    const { secret } = fillTeam(teams, team)
    const reader = teamsReader(client)
    const held = await readHeld(reader, root)
    secret.displayName = 'Very secret'
    teams.addMember(secret, alan)
    teams.addTab(secret, { displayName: 'Board', teamsAppId: 'com.microsoft.teamspace.tab.planner' })
    const after = await again(scene, reader, held)
    const channel = channelNamed(after, 'Very secret')
    expect(channel.members).toHaveLength(3)
    expect(channel.tabs).toMatchObject([{ displayName: 'Board' }])
    expect(channel.filesFolder).toEqual(channelNamed(held, 'Secret').filesFolder)
  })

  it('find new and deleted channels, tags and settings', async () => {
    const scene = await startTeam()
    const { teams, team, client, root } = scene
    const { secret } = fillTeam(teams, team)
    const reader = teamsReader(client)
    const held = await readHeld(reader, root)
    teams.removeChannel(secret)
    const added = teams.addChannel(team, { displayName: 'Later' })
    teams.post(added, ada, { text: 'first words' })
    teams.team(team).tags.length = 0
    teams.team(team).isArchived = true
    const after = await again(scene, reader, held)
    expect(after.containers.map(({ name }) => name).sort()).toEqual(['General', 'Later', 'Shared', 'Team'])
    expect(withText(after, 'first words').container).toBe(added.id)
    expect(() => withText(after, 'between us')).toThrow()
    expect(() => withText(after, 'Engineers')).toThrow()
    expect(stored(withText(after, 'memberSettings')).isArchived).toBe(true)
  })

  it('read a channel in which nobody had written before', async () => {
    const scene = await startTeam()
    const { teams, team, client, root } = scene
    const general = teams.channel(team, 'General')
    const reader = teamsReader(client)
    const empty = await readHeld(reader, root)
    const still = await again(scene, reader, empty)
    expect(still.cursors.get(general.id)).toBeDefined()
    teams.post(general, ada, { text: 'hello' })
    const after = await again(scene, reader, still)
    expect(withText(after, 'hello')).toBeDefined()
    teams.post(general, ada, { text: 'and again' })
    scene.asked()
    expect(withText(await again(scene, reader, after), 'and again')).toBeDefined()
    expect(scene.asked().filter((name) => name === 'messages')).toEqual([])
  })

  it('list a channel whole when it refuses to tell changes, what is gone included', async () => {
    const scene = await startTeam()
    const { teams, team, client, root } = scene
    const channel = teams.addChannel(team, { displayName: 'Odd', addressed: false })
    for (let days = 70; days > 0; days--) postAt(scene, channel, days, `odd ${String(days)}`)
    const backups = new BackupScene(undefined, undefined, [teamsDescriber])
    try {
      await backups.init()
      const listings: number[] = []
      for (let run = 0; run < 4; run++) {
        scene.asked()
        const report = await backups.backUp(client, { roots: [root], readers: [teamsReader(client)] })
        expect([report.unread, report.notRefreshed]).toEqual([[], []])
        // General is listed each time, as it is empty, and the odd one in two pages.
        listings.push(scene.asked().filter((name) => name === 'delta').length)
        // The team's settings, and what there was in the channel.
        expect(report.items).toBe(71 - run)
        channel.messages.pop()
      }
      expect(listings).toEqual([0, 2, 0, 2])
    } finally {
      backups.remove()
    }
  })

  it('list a channel whole when it was open for imports, or was not listed whole for months', async () => {
    const scene = await startTeam()
    const { teams, team, client, root } = scene
    const general = teams.channel(team, 'General')
    const purged = postAt(scene, general, 30, 'purged')
    postAt(scene, general, 20, 'kept')
    const clock = { now: Date.now() }
    const reader = teamsReader(client, () => clock.now)
    const held = await readHeld(reader, root)
    const cursor = held.cursors.get(general.id)
    const container = held.containers.find(({ id }) => id === general.id)
    if (container === undefined) throw new Error('no General')
    const changes = (from: typeof container): Promise<unknown> =>
      Array.fromAsync(reader.changes(root, from, { cursor }, signal))
    await expect(changes(container)).resolves.toHaveLength(1)
    general.migrationMode = 'completed'
    teams.place(general, { from: null, text: 'imported', at: '2021-05-01T10:00:00.123Z', imported: true })
    const [imported] = (await readHeld(reader, root)).containers.filter(({ id }) => id === general.id)
    await expect(changes(imported ?? container)).rejects.toMatchObject({ code: 'graph.cursor-lost' })
    teams.purge(general, purged)
    clock.now += 130 * day
    await expect(changes(container)).rejects.toMatchObject({ code: 'graph.cursor-lost' })
    expect(withText(await readHeld(reader, root), 'imported')).toBeDefined()
  })

  it('go on in the middle of a listing', async () => {
    const scene = await startTeam()
    const { teams, team, client, root } = scene
    const general = teams.channel(team, 'General')
    for (let days = 120; days > 0; days--) postAt(scene, general, days, `m${String(days)}`)
    const reader = teamsReader(client)
    const { containers } = await reader.containers(root, undefined, signal)
    const container = containers.find(({ id }) => id === general.id)
    if (container === undefined) throw new Error('no General')
    let next: string | undefined
    for await (const page of reader.changes(root, container, {}, signal)) {
      next = page.next
      break
    }
    scene.asked()
    const rest = await Array.fromAsync(teamsReader(client).changes(root, container, { next }, signal))
    expect(rest.flatMap(({ changes }) => changes)).toHaveLength(70)
    expect(rest.at(-1)?.cursor).toBeDefined()
    expect(scene.asked()).toEqual(['messages', 'messages'])
  })
})
