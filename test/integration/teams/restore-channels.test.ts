import { describe, expect, it } from 'vitest'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import type { StoredChannel } from '../../support/graph-simulator/services/teams/state.ts'
import {
  contoso,
  fabrikam,
  kinds,
  lockedIn,
  peopleOf,
  read,
  remarkCodes,
  restore,
  teamTenant,
  wordsOf,
  type TeamTenant,
} from './restore-scene.ts'

const [ada, grace, alan] = contoso

const names = ({ teams, team }: TeamTenant): readonly string[] =>
  teams.team(team).channels.map(({ displayName }) => displayName)

const membersOf = (channel: StoredChannel): readonly (readonly [string, readonly string[]])[] =>
  channel.members.map(({ displayName, roles }) => [displayName, roles] as const)

const self = ({ id }: { readonly id?: string | undefined }): { id: string; address: string } => ({
  id: id ?? '',
  address: '',
})

async function withChannel(
  membershipType: 'standard' | 'private' | 'shared',
  more: { readonly owners?: readonly string[]; readonly members?: readonly string[] } = {},
): Promise<{ source: TeamTenant; channel: StoredChannel }> {
  const source = await teamTenant(contoso)
  const channel = source.teams.addChannel(source.team, { displayName: 'Plans', membershipType, ...more })
  source.teams.post(channel, ada, { text: 'hello' })
  return { source, channel }
}

describe('where channels go', () => {
  it('takes the channels of those names, whatever their case, and General for General', async () => {
    const { source } = await withChannel('standard')
    const target = await teamTenant(fabrikam)
    const { teams, team } = target
    teams.channel(team, 'General').displayName = 'Allgemein'
    teams.addChannel(team, { displayName: 'PLANS' })
    source.teams.post(source.teams.channel(source.team, 'General'), ada, { text: 'in general' })
    const restored = await restore(target, await read(source), { people: peopleOf(source, target) })
    expect(names(target)).toEqual(['Allgemein', 'PLANS'])
    expect(wordsOf(target, 'PLANS')).toEqual([['hello']])
    expect(wordsOf(target, 'Allgemein')).toEqual([['in general']])
    expect(remarkCodes(restored)).toEqual(['channel-renamed', 'channel-renamed'])
  })

  it('puts what is missing back into the channel itself, though it has another name now', async () => {
    const { source, channel } = await withChannel('standard')
    const held = await read(source)
    const [sent] = channel.messages
    channel.displayName = 'Ideas'
    channel.messages.splice(0)
    await restore(source, held, { people: self })
    expect(names(source)).toEqual(['General', 'Ideas'])
    expect(channel.messages).toMatchObject([{ createdDateTime: sent?.createdDateTime, body: sent?.body }])
  })

  it('makes channels beside them for a named folder, within 50 characters', async () => {
    const source = await teamTenant(contoso)
    const long = 'A channel with quite a long name, almost fifty'
    for (const name of [long, `${long}!`])
      source.teams.post(source.teams.addChannel(source.team, { displayName: name }), ada, { text: name })
    source.teams.post(source.teams.channel(source.team, 'General'), ada, { text: 'in general' })
    const held = await read(source)
    const restored = await restore(source, held, { people: self, targetFolder: 'Restored' })
    expect(names(source).slice(3).sort()).toEqual(
      [
        'A channel with quite a long name, almos (Restored)',
        'A channel with quite a long name, a (Restored) (2)',
        'General (Restored)',
      ].sort(),
    )
    expect(wordsOf(source, 'General (Restored)')).toEqual([['in general']])
    expect(wordsOf(source, 'General')).toEqual([['in general']])
    expect(remarkCodes(restored).filter((code) => code === 'channel-renamed')).toHaveLength(2)
    const again = await restore(source, held, { people: self, targetFolder: 'Restored' })
    expect(kinds(again)).toEqual(['duplicate', 'skipped'])
    expect(names(source)).toHaveLength(6)
  })

  it('does not put private messages into a channel that all can read', async () => {
    const { source } = await withChannel('private', { owners: [ada] })
    const target = await teamTenant(fabrikam)
    target.teams.addChannel(target.team, { displayName: 'Plans' })
    const restored = await restore(target, await read(source), { people: peopleOf(source, target) })
    expect(wordsOf(target, 'Plans')).toEqual([])
    expect(target.teams.channel(target.team, 'Plans (2)')).toMatchObject({ membershipType: 'private' })
    expect(wordsOf(target, 'Plans (2)')).toEqual([['hello']])
    expect(remarkCodes(restored)).toEqual(['channel-renamed'])
  })

  it('does not make public what is not known to be', async () => {
    const { source } = await withChannel('standard')
    const target = await teamTenant(fabrikam)
    const held = await read(source)
    const containers = held.containers.map((one) => (one.name === 'Plans' ? { ...one, properties: {} } : one))
    const restored = await restore(target, { ...held, containers }, { people: peopleOf(source, target) })
    expect(target.teams.channel(target.team, 'Plans')).toMatchObject({ membershipType: 'private' })
    expect(wordsOf(target, 'Plans')).toEqual([['hello']])
    expect(remarkCodes(restored)).toEqual(['channel-owner-replaced'])
  })

  it('fails the messages of a channel that cannot be made, and no others', async () => {
    const { source } = await withChannel('standard')
    source.teams.post(source.teams.channel(source.team, 'General'), ada, { text: 'in general' })
    const target = await teamTenant(fabrikam)
    const match = { method: 'POST', path: /\/channels$/ }
    target.simulator.faults.add({ kind: 'corrupt', status: 400, code: 'BadRequest', match })
    const { outcomes } = await restore(target, await read(source), { people: peopleOf(source, target) })
    expect([...outcomes.values()]).toContainEqual({ kind: 'failed', code: 'restore.channel-refused' })
    expect(wordsOf(target, 'General')).toEqual([['in general']])
  })
})

describe('members of channels', () => {
  it('come along with a private channel, if they are in the team', async () => {
    const { source } = await withChannel('private', { owners: [grace], members: [ada, alan] })
    const target = await teamTenant(fabrikam)
    groupDirectory(target.simulator.tenant)
      .get(target.team)
      ?.members.delete(target.users[2] ?? '')
    const restored = await restore(target, await read(source), { people: peopleOf(source, target) })
    expect(membersOf(target.teams.channel(target.team, 'Plans'))).toEqual([
      ['bea', ['owner']],
      ['ann', []],
    ])
    expect(remarkCodes(restored)).toEqual(['member-not-in-team'])
    expect(target.told()).toBe(0)
  })

  it('give way to an owner of the team where no owner has a counterpart', async () => {
    const { source } = await withChannel('private', { owners: [alan], members: [grace] })
    const target = await teamTenant(fabrikam)
    const restored = await restore(target, await read(source), { people: peopleOf(source, target, 2) })
    expect(membersOf(target.teams.channel(target.team, 'Plans'))).toEqual([
      ['ann', ['owner']],
      ['bea', []],
    ])
    expect(remarkCodes(restored)).toEqual(['person-unmapped', 'channel-owner-replaced'])
  })

  it('are added later only when they are asked for, since Teams tells them', async () => {
    const { source } = await withChannel('shared', { owners: [ada, grace], members: [alan] })
    const target = await teamTenant(fabrikam)
    const held = await read(source)
    const people = peopleOf(source, target)
    const restored = await restore(target, held, { people })
    const channel = target.teams.channel(target.team, 'Plans')
    const owners = (): readonly string[] =>
      membersOf(channel).flatMap(([name, [role]]) => (role === 'owner' ? [name] : []))
    expect(owners()).toHaveLength(1)
    expect(membersOf(channel)).toContainEqual(['cal', []])
    expect(remarkCodes(restored)).toEqual(['channel-members-left-out'])
    expect(target.told()).toBe(0)
    const asked = await restore(target, held, { people, onRequest: new Set(['members']) })
    expect(owners().toSorted()).toEqual(['ann', 'bea'])
    expect(remarkCodes(asked)).toEqual([])
    expect(target.told()).toBe(1)
    await restore(target, held, { people, onRequest: new Set(['members']) })
    expect(target.told()).toBe(1)
  })
})

describe('the team itself', () => {
  it('is made for a group that has none', async () => {
    const { source } = await withChannel('standard')
    source.teams.team(source.team).settings.funSettings = { allowGiphy: false }
    const target = await teamTenant(fabrikam, { team: false })
    const held = await read(source)
    const dry = await restore(target, held, { people: peopleOf(source, target), dryRun: true })
    expect(kinds(dry)).toEqual(['created'])
    expect(target.teams.get(target.team)).toBeUndefined()
    await restore(target, held, { people: peopleOf(source, target) })
    expect(names(target)).toEqual(['General', 'Plans'])
    expect(target.teams.team(target.team).settings.funSettings).toMatchObject({ allowGiphy: false })
  })

  it('fails clearly where a group cannot have one', async () => {
    const { source } = await withChannel('standard')
    const target = await teamTenant(fabrikam, { team: false, owned: false })
    const { outcomes } = await restore(target, await read(source), { people: peopleOf(source, target) })
    expect(new Set([...outcomes.values()].map((outcome) => 'code' in outcome && outcome.code))).toEqual(
      new Set(['graph.no-team']),
    )
  })

  it('fails clearly where it may not be touched', async () => {
    const { source } = await withChannel('standard')
    const target = await teamTenant(fabrikam)
    target.teams.forbidden.add(target.team)
    const { outcomes } = await restore(target, await read(source), { people: peopleOf(source, target) })
    expect(new Set([...outcomes.values()].map((outcome) => 'code' in outcome && outcome.code))).toEqual(
      new Set(['graph.forbidden']),
    )
  })

  it('keeps its settings unless they are asked for', async () => {
    const source = await teamTenant(contoso)
    source.teams.team(source.team).settings.guestSettings = {
      allowCreateUpdateChannels: true,
      allowDeleteChannels: true,
    }
    const target = await teamTenant(fabrikam)
    const held = await read(source)
    const { settings } = target.teams.team(target.team)
    expect([...(await restore(target, held)).outcomes.values()]).toContainEqual({
      kind: 'skipped',
      code: 'only-on-request',
    })
    expect(settings.guestSettings).toMatchObject({ allowDeleteChannels: false })
    const onRequest = new Set(['group-settings'] as const)
    expect(kinds(await restore(target, held, { onRequest }))).toEqual(['created'])
    expect(settings.guestSettings).toMatchObject({ allowDeleteChannels: true })
    expect(kinds(await restore(target, held, { onRequest }))).toEqual(['duplicate'])
  })

  it('leaves out tags and channels of other teams, and says so', async () => {
    const source = await teamTenant(contoso)
    source.teams.addTag(source.team, 'Engineers', [ada])
    source.teams.shareFromOutside(source.team, 'Suppliers')
    const target = await teamTenant(fabrikam)
    const { outcomes } = await restore(target, await read(source))
    expect([...outcomes.values()].flatMap((outcome) => ('code' in outcome ? [outcome.code] : [])).sort()).toEqual([
      'channel-of-other-team',
      'only-on-request',
      'team-tags-not-restored',
    ])
  })
})

describe('apps and tabs', () => {
  const own = { distributionMethod: 'organization', version: '2.1.0' } as const

  it('come back where the catalog has them, by their own id or that of their manifest', async () => {
    const source = await teamTenant(contoso)
    const target = await teamTenant(fabrikam)
    source.teams.catalog.set('a1', { id: 'a1', externalId: 'm1', displayName: 'Orders', ...own })
    source.teams.catalog.set('a2', { id: 'a2', externalId: 'm2', displayName: 'Wages', ...own })
    target.teams.catalog.set('b1', { id: 'b1', externalId: 'm1', displayName: 'Orders', ...own })
    const general = source.teams.channel(source.team, 'General')
    const contentUrl = 'https://contoso.sharepoint.com/sites/team'
    for (const app of ['a1', 'a2']) {
      source.teams.install(source.team, app)
      source.teams.addTab(general, { displayName: app, teamsAppId: app, configuration: { entityId: '7', contentUrl } })
    }
    const held = await read(source)
    const restored = await restore(target, held)
    expect(target.teams.team(target.team).apps.map(({ teamsAppId }) => teamsAppId)).toEqual(['b1'])
    expect(target.teams.channel(target.team, 'General').tabs).toMatchObject([
      { displayName: 'a1', teamsAppId: 'b1', configuration: { entityId: '7', contentUrl } },
    ])
    expect(remarkCodes(restored).toSorted()).toEqual([
      'app-not-in-catalog',
      'tab-app-not-in-catalog',
      'tab-shows-source',
    ])
    const again = await restore(target, held)
    expect(target.teams.channel(target.team, 'General').tabs).toHaveLength(1)
    expect(kinds(again)).toEqual(['duplicate', 'skipped'])
  })

  it('are not doubled when the answer to their creation is lost', async () => {
    const source = await teamTenant(contoso)
    const target = await teamTenant(fabrikam)
    const web = 'com.microsoft.teamspace.tab.web'
    source.teams.addTab(source.teams.channel(source.team, 'General'), { displayName: 'Notes', teamsAppId: web })
    target.simulator.faults.add({ kind: 'reset-after', match: { method: 'POST', path: /\/tabs$/ }, count: 1 })
    await restore(target, await read(source))
    expect(target.teams.channel(target.team, 'General').tabs).toHaveLength(1)
  })
})

describe('a dry run', () => {
  it('counts what would be made, and changes nothing', async () => {
    const { source } = await withChannel('private', { owners: [ada] })
    source.teams.post(source.teams.channel(source.team, 'General'), ada, { text: 'in general' })
    const target = await teamTenant(fabrikam)
    const held = await read(source)
    target.simulator.log.clear()
    const { outcomes, ledger } = await restore(target, held, { people: peopleOf(source, target), dryRun: true })
    expect([...outcomes.values()].filter(({ kind }) => kind === 'created')).toHaveLength(2)
    expect(
      target.simulator.log.entries().filter(({ method, path }) => method !== 'GET' && !path.includes('/token')),
    ).toEqual([])
    expect(names(target)).toEqual(['General'])
    expect(ledger.noted).toEqual([])
    await restore(target, held, { people: peopleOf(source, target) })
    const after = await restore(target, held, { people: peopleOf(source, target), dryRun: true })
    expect([...after.outcomes.values()].filter(({ kind }) => kind === 'created')).toEqual([])
    expect(lockedIn(target)).toEqual([])
  })
})

describe('requests', () => {
  it('are one a message, and two a channel', async () => {
    const source = await teamTenant(contoso)
    const target = await teamTenant(fabrikam)
    const general = source.teams.channel(source.team, 'General')
    for (let number = 0; number < 30; number += 1) source.teams.post(general, ada, { text: `message ${number}` })
    const held = await read(source)
    target.simulator.log.clear()
    await restore(target, held, { people: peopleOf(source, target) })
    const asked = (path: RegExp): number => target.simulator.log.count({ path })
    expect(asked(/\/messages$/)).toBe(30)
    expect(asked(/(start|complete)Migration$/)).toBe(2)
    expect(asked(/\/messages\?/)).toBe(1)
    expect(target.simulator.log.count({})).toBeLessThan(42)
  })
})
