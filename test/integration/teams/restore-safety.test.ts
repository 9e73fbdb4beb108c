import { describe, expect, it } from 'vitest'
import { plainRestore, type HeldType } from '../../support/adapter-round.ts'
import { closeOpenedChannels } from '../../../src-main/graph/teams/restore-ledger.ts'
import { teamsRestorer } from '../../../src-main/graph/teams/restorer.ts'
import { HeldLedger } from '../../support/held-ledger.ts'
import {
  contoso,
  fabrikam,
  kinds,
  ledgerTenant,
  lockedIn,
  peopleOf,
  posts,
  read,
  restore,
  signal,
  teamTenant,
  wordsOf,
  type TeamTenant,
} from './restore-scene.ts'

const [ada, grace] = contoso

const plain = ['one', 'two', 'three', 'four', 'five', 'six']

/** Two channels of conversations with answers. */
async function twoTenants(): Promise<{ source: TeamTenant; target: TeamTenant; held: HeldType }> {
  const source = await teamTenant(contoso)
  const target = await teamTenant(fabrikam)
  const { teams, team } = source
  for (const channel of [teams.channel(team, 'General'), teams.addChannel(team, { displayName: 'Plans' })]) {
    for (const words of plain) {
      const first = teams.post(channel, ada, { text: words })
      teams.post(channel, grace, { text: `${words}, answered` }, first)
    }
  }
  return { source, target, held: await read(source) }
}

const everything = plain.map((words) => [words, `${words}, answered`])

const channelsOf = (scene: TeamTenant): readonly (readonly (readonly string[])[])[] =>
  ['General', 'Plans'].map((name) => wordsOf(scene, name))

describe('a channel is never left locked', () => {
  it('is closed by the next start when the process died in between, and the restore goes on', async () => {
    const { source, target, held } = await twoTenants()
    const people = peopleOf(source, target)
    const ledger = new HeldLedger()
    // After the fifth message nothing answers any more.
    const fault = target.simulator.faults.add({ kind: 'reset', match: { method: 'POST' }, skip: 6 })
    await expect(restore(target, held, { people, ledger, dies: true })).resolves.toBeDefined()
    expect(lockedIn(target)).toHaveLength(1)
    expect(ledger.entries).toHaveLength(1)
    target.simulator.faults.remove(fault)
    const done = await closeOpenedChannels(target.client, ledger, ledgerTenant, signal)
    expect(done).toMatchObject({ closed: [{ team: target.team }], gone: [], kept: [] })
    expect(lockedIn(target)).toEqual([])
    expect(ledger.entries).toEqual([])
    await restore(target, held, { people, ledger })
    expect(channelsOf(target)).toEqual([everything, everything])
    expect(lockedIn(target)).toEqual([])
    expect(ledger.entries).toEqual([])
    expect(kinds(await restore(target, held, { people }))).toEqual(['duplicate', 'skipped'])
  })

  it.each([1, 2, 3, 4, 5, 7, 13, 15, 16])(
    'can be killed after %i writing requests, and loses and doubles nothing',
    async (skip) => {
      const { source, target, held } = await twoTenants()
      const people = peopleOf(source, target)
      const ledger = new HeldLedger()
      const stop = new AbortController()
      const restorer = teamsRestorer(target.client, { ledger, tenant: ledgerTenant, clock: target.clock })
      const fault = target.simulator.faults.add({ kind: 'reset-after', match: { method: 'POST' }, skip, count: 1 })
      const killed = target.simulator.faults.add({ kind: 'reset', match: { method: 'POST' }, skip: skip + 1 })
      try {
        const options = { ...plainRestore, targetFolder: '/', people }
        const top = await restorer.begin(target.root, options, stop.signal)
        for (const { id, name, properties } of held.containers) {
          const container = await restorer.container(top, { dirName: name, metadata: properties }, stop.signal)
          for (const { metadata } of held.items.filter((item) => item.container === id))
            await restorer.item(container, { path: '', metadata, content: undefined, parts: [] }, stop.signal)
        }
      } finally {
        target.simulator.faults.remove(fault)
        target.simulator.faults.remove(killed)
      }
      await closeOpenedChannels(target.client, ledger, ledgerTenant, signal)
      expect(lockedIn(target)).toEqual([])
      await restore(target, held, { people, ledger })
      expect(channelsOf(target)).toEqual([everything, everything])
      expect(target.teams.team(target.team).channels.map(({ displayName }) => displayName)).toEqual([
        'General',
        'Plans',
      ])
      expect(lockedIn(target)).toEqual([])
      expect(ledger.entries).toEqual([])
    },
  )

  it('is closed when the restore is cancelled', async () => {
    const { source, target, held } = await twoTenants()
    const ledger = new HeldLedger()
    const stop = new AbortController()
    const restorer = teamsRestorer(target.client, { ledger, tenant: ledgerTenant, clock: target.clock })
    const options = { ...plainRestore, targetFolder: '/', people: peopleOf(source, target) }
    const top = await restorer.begin(target.root, options, stop.signal)
    const general = held.containers.find(({ name }) => name === 'General')
    const container = await restorer.container(top, { dirName: '', metadata: general?.properties }, stop.signal)
    const items = held.items.filter((item) => item.container === general?.id)
    const [first, second] = items.map(({ metadata }) => ({ path: '', metadata, content: undefined, parts: [] }))
    if (first === undefined || second === undefined) throw new Error('no items')
    expect(await restorer.item(container, first, stop.signal)).toMatchObject({ kind: 'created' })
    expect(lockedIn(target)).toEqual(['General'])
    stop.abort()
    await expect(restorer.item(container, second, stop.signal)).rejects.toMatchObject({ code: 'cancelled' })
    expect(lockedIn(target)).toEqual([])
    expect(ledger.entries).toEqual([])
  })

  it('is closed at the end by who was stopped between two items', async () => {
    const { source, target, held } = await twoTenants()
    const ledger = new HeldLedger()
    const stop = new AbortController()
    const restorer = teamsRestorer(target.client, { ledger, tenant: ledgerTenant, clock: target.clock })
    const options = { ...plainRestore, targetFolder: '/', people: peopleOf(source, target) }
    const top = await restorer.begin(target.root, options, stop.signal)
    const [item] = held.items.filter(({ metadata }) => JSON.stringify(metadata).includes('"one"'))
    const container = held.containers.find(({ id }) => id === item?.container)
    const place = await restorer.container(top, { dirName: '', metadata: container?.properties }, stop.signal)
    await restorer.item(place, { path: '', metadata: item?.metadata ?? {}, content: undefined, parts: [] }, stop.signal)
    expect(lockedIn(target)).toHaveLength(1)
    stop.abort()
    await restorer.finished?.(top, stop.signal)
    expect(lockedIn(target)).toEqual([])
    expect(ledger.entries).toEqual([])
  })

  it('says which channel could not be closed, and keeps it in the ledger', async () => {
    const { source, target, held } = await twoTenants()
    const refuse = { kind: 'status', status: 500, match: { path: /completeMigration/ } } as const
    const fault = target.simulator.faults.add(refuse)
    const { findings, ledger } = await restore(target, held, { people: peopleOf(source, target) })
    const locked = findings.filter(({ remarks }) => remarks.some(({ code }) => code === 'channel-still-locked'))
    expect(locked.map(({ path }) => path).sort()).toEqual(['General', 'Plans'])
    expect(ledger.entries).toHaveLength(2)
    target.simulator.faults.remove(fault)
    await closeOpenedChannels(target.client, ledger, ledgerTenant, signal)
    expect(lockedIn(target)).toEqual([])
    expect(ledger.entries).toEqual([])
  })

  it('is opened again when something else closed it in the middle', async () => {
    const { source, target, held } = await twoTenants()
    const general = target.teams.channel(target.team, 'General')
    const ledger = new HeldLedger()
    const people = peopleOf(source, target)
    const restorer = teamsRestorer(target.client, { ledger, tenant: ledgerTenant, clock: target.clock })
    const top = await restorer.begin(target.root, { ...plainRestore, targetFolder: '/', people }, signal)
    const container = held.containers.find(({ name }) => name === 'General')
    const place = await restorer.container(top, { dirName: '', metadata: container?.properties }, signal)
    for (const { metadata } of held.items.filter((item) => item.container === container?.id)) {
      const outcome = await restorer.item(place, { path: '', metadata, content: undefined, parts: [] }, signal)
      expect(outcome.kind).toBe('created')
      general.migrationMode = 'completed'
    }
    await restorer.finished?.(top, signal)
    expect(wordsOf(target, 'General')).toEqual(everything)
    expect(ledger.noted).toHaveLength(everything.length)
    expect(ledger.entries).toEqual([])
    expect(lockedIn(target)).toEqual([])
  })

  it('leaves a channel alone that another program is importing into', async () => {
    const { source, target, held } = await twoTenants()
    const general = target.teams.channel(target.team, 'General')
    general.migrationMode = 'inProgress'
    general.migratedBy = 'another application'
    const { outcomes, ledger } = await restore(target, held, { people: peopleOf(source, target) })
    const codes = [...outcomes.values()].map((outcome) => ('code' in outcome ? outcome.code : outcome.kind))
    expect(new Set(codes)).toEqual(new Set(['restore.channel-importing', 'created', 'only-on-request']))
    expect(wordsOf(target, 'General')).toEqual([])
    expect(wordsOf(target, 'Plans')).toEqual(everything)
    expect(lockedIn(target)).toEqual(['General'])
    expect(ledger.entries).toEqual([])
  })
})

describe('a channel that was left open without a note', () => {
  it('is closed and opened again when something is restored into it', async () => {
    const { source, target, held } = await twoTenants()
    const people = peopleOf(source, target)
    await restore(target, { ...held, items: held.items.slice(0, 2) }, { people, dies: true })
    expect(lockedIn(target)).toHaveLength(1)
    const { ledger } = await restore(target, held, { people })
    expect(channelsOf(target)).toEqual([everything, everything])
    expect(lockedIn(target)).toEqual([])
    expect(ledger.entries).toEqual([])
  })
})

describe('closing what was left open', () => {
  it('forgets channels that are gone or closed, and keeps those that it may not close', async () => {
    const { target } = await twoTenants()
    const { teams, team, client } = target
    const closed = teams.channel(team, 'General')
    const others = teams.addChannel(team, { displayName: 'Others' })
    others.migrationMode = 'inProgress'
    others.migratedBy = 'another application'
    const ledger = new HeldLedger()
    const gone = '19:0123456789abcdef0123456789abcdef@thread.tacv2'
    for (const channel of [closed.id, others.id, gone])
      await ledger.opened({ tenant: ledgerTenant, team, channel, openedAt: 1 })
    await ledger.opened({ tenant: 'elsewhere', team, channel: 'x', openedAt: 1 })
    const done = await closeOpenedChannels(client, ledger, ledgerTenant, signal)
    expect(done.closed).toEqual([])
    expect(done.gone.map(({ channel }) => channel)).toEqual([closed.id, gone])
    expect(done.kept).toMatchObject([{ channel: others.id, code: 'graph.forbidden' }])
    expect(ledger.entries.map(({ channel }) => channel)).toEqual([others.id, 'x'])
  })
})

describe('requests whose outcome is unknown', () => {
  it.each(['reset-after', 'done-but-failed'] as const)('are not doubled (%s)', async (kind) => {
    const { source, target, held } = await twoTenants()
    target.simulator.faults.add({ kind, status: 503, match: { method: 'POST' }, perPath: 1 })
    const restored = await restore(target, held, { people: peopleOf(source, target) })
    expect([...restored.outcomes.values()].filter((outcome) => outcome.kind === 'failed')).toEqual([])
    expect(channelsOf(target)).toEqual([everything, everything])
    expect(target.teams.team(target.team).channels).toHaveLength(2)
    expect(lockedIn(target)).toEqual([])
    expect(restored.ledger.entries).toEqual([])
  })

  it('finds a message again whose moment is taken by another one', async () => {
    const { source, target, held } = await twoTenants()
    const [first] = source.teams.channel(source.team, 'General').messages
    const general = target.teams.channel(target.team, 'General')
    target.teams.post(general, fabrikam[2], { text: 'something else', at: first?.createdDateTime ?? '' })
    const people = peopleOf(source, target)
    await restore(target, held, { people })
    const sent = posts(target)
    const moments = general.messages.slice(0, 3).map(({ id }) => Number(id) - Number(first?.id))
    expect(new Set(moments)).toContain(1)
    expect(wordsOf(target, 'General')).toEqual([['something else'], ...everything])
    expect(kinds(await restore(target, held, { people }))).toEqual(['duplicate', 'skipped'])
    expect(posts(target)).toBe(sent)
  })
})
