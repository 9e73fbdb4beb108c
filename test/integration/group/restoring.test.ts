import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import type { ItemOutcome, RestoreOptions } from '../../../src-main/engine/ports/restore-target.ts'
import { groupReader } from '../../../src-main/graph/group/reader.ts'
import { groupRestorer } from '../../../src-main/graph/group/restorer.ts'
import { readHeld, restoreHeld } from '../../support/adapter-round.ts'
import type { HeldType } from '../../support/adapter-round.ts'
import type { StoredGroup } from '../../support/graph-simulator/services/groups/state.ts'
import { ada, bob, eve, everything, fullGroup, groupWorld, peopleOf, photo, silent } from './group-fixture.ts'
import type { GroupWorld } from './group-fixture.ts'

const domain = 'fabrikam.example'
const there = ['ada', 'bob', 'eve'].map((name) => `${name}@${domain}`)

async function heldFrom(world: GroupWorld, group: StoredGroup): Promise<HeldType> {
  return await readHeld(groupReader(world.client), await world.listed(group))
}

/** Outcomes by item. */
async function restore(
  world: GroupWorld,
  group: StoredGroup,
  held: HeldType,
  options: Partial<RestoreOptions> = { onRequest: everything },
): Promise<Record<string, ItemOutcome | undefined>> {
  const root = await world.listed(group)
  const people = peopleOf(world, domain)
  const all = await restoreHeld(groupRestorer(world.client), groupReader(world.client), held, root, {
    people,
    ...options,
  })
  const [settings, members, owners] = held.items.map(({ id }) => all.get(id))
  return { settings, members, owners }
}

function writes({ simulator }: GroupWorld): number {
  return simulator.log.entries().filter(({ method, route }) => method !== 'GET' && !/token|\$batch/.test(route)).length
}

describe('restoring a group', () => {
  test('does nothing that was not asked for', async () => {
    const source = await groupWorld()
    const target = await groupWorld(there)
    const group = target.groups.add({ displayName: 'Empty' })
    const held = await heldFrom(source, fullGroup(source))
    const skipped = { kind: 'skipped', code: 'only-on-request' }
    expect(await restore(target, group, held, {})).toEqual({ settings: skipped, members: skipped, owners: skipped })
    expect(writes(target)).toBe(0)
  })

  test('brings everything into an empty group of another tenant, and nothing twice', async () => {
    const source = await groupWorld()
    const target = await groupWorld(there)
    const group = target.groups.add({ displayName: 'Empty', properties: silent })
    const held = await heldFrom(source, fullGroup(source))
    const created = { kind: 'created', id: group.id, remarks: [] }
    expect(await restore(target, group, held)).toEqual({ settings: created, members: created, owners: created })
    const back = await heldFrom(target, group)
    // Assigned by the target: ids, addresses, dates; the name stays that of the group that was chosen.
    const own = ['id', 'mail', 'mailNickname', 'proxyAddresses', 'securityIdentifier', 'displayName', 'changeKey']
    const times = ['createdDateTime', 'renewedDateTime']
    const without = (item: HeldType['items'][number] | undefined): JsonObject => {
      const properties = item?.metadata.properties as JsonObject
      return Object.fromEntries(Object.entries(properties).filter(([name]) => ![...own, ...times].includes(name)))
    }
    expect(without(back.items[0])).toEqual(without(held.items[0]))
    expect(group.photo?.bytes).toEqual(photo)
    expect([...group.members].toSorted()).toEqual(there.map((user) => target.id(user)).toSorted())
    expect([...group.owners]).toEqual([target.id(`ada@${domain}`)])
    target.simulator.log.clear()
    const same = { kind: 'duplicate', remarks: [] }
    expect(await restore(target, group, held)).toEqual({ settings: same, members: same, owners: same })
    expect(writes(target)).toBe(0)
    expect(target.groups.welcomed).toBe(0)
  })

  test('counts in a dry run, and changes nothing', async () => {
    const source = await groupWorld()
    const target = await groupWorld(there)
    const group = target.groups.add({ displayName: 'Empty', properties: silent })
    const held = await heldFrom(source, fullGroup(source))
    const outcomes = await restore(target, group, held, { onRequest: everything, dryRun: true })
    expect(Object.values(outcomes).map((outcome) => outcome?.kind)).toEqual(['created', 'created', 'created'])
    expect(writes(target)).toBe(0)
  })

  test('sets the name on the group that it came from alone', async () => {
    const world = await groupWorld()
    const group = fullGroup(world)
    const held = await heldFrom(world, group)
    world.groups.set(group.id, { displayName: 'Other', description: 'other' })
    await restore(world, group, held, { onRequest: new Set(['group-settings']), people: () => undefined })
    expect(group).toMatchObject({ displayName: 'Engines', more: { description: 'All about engines' } })
  })
})

describe('restoring members', () => {
  const members = { onRequest: new Set(['members'] as const) }

  test('adds who is missing, removes nobody, and names who has no counterpart', async () => {
    const source = await groupWorld()
    const device = source.groups.addOther('device', 'PC')
    const group = source.groups.add({ displayName: 'G', members: [ada, bob, eve, device.id] })
    const held = await heldFrom(source, group)
    const target = await groupWorld([`ada@${domain}`, `bob@${domain}`, `zoe@${domain}`])
    const into = target.groups.add({
      displayName: 'G',
      members: [`ada@${domain}`, `zoe@${domain}`],
      properties: silent,
    })
    const outcomes = await restore(target, into, held, members)
    expect(outcomes.members).toMatchObject({ kind: 'created' })
    const codes = outcomes.members?.kind === 'created' ? outcomes.members.remarks?.map(({ code }) => code) : []
    expect(codes?.toSorted()).toEqual(['member-not-a-person', 'person-unmapped'])
    const names = ['ada', 'zoe', 'bob'].map((name) => target.id(`${name}@${domain}`))
    expect([...into.members].toSorted()).toEqual(names.toSorted())
  })

  test('mails nobody: where Exchange would, it adds nobody', async () => {
    const source = await groupWorld()
    const held = await heldFrom(source, fullGroup(source))
    const target = await groupWorld(there)
    const loud = target.groups.add({ displayName: 'Loud' })
    const skipped = { kind: 'skipped', code: 'welcome-mail-not-sent' }
    expect(await restore(target, loud, held, members)).toMatchObject({ members: skipped, owners: skipped })
    expect(loud.members.size + loud.owners.size + target.groups.welcomed).toBe(0)
    target.groups.applicationsUseExchange = true
    expect(await restore(target, loud, held, members)).toMatchObject({ members: skipped })
    target.groups.set(loud.id, { welcomeMessageEnabled: false })
    expect(await restore(target, loud, held, members)).toMatchObject({ members: { kind: 'created' } })
    expect(target.groups.welcomed).toBe(0)
  })

  test('adds hundreds 20 at a time, and whoever was added by an interrupted one is left alone', async () => {
    const names = Array.from({ length: 90 }, (_, number) => `user${String(number)}`)
    const source = await groupWorld(names.map((name) => `${name}@contoso.example`))
    const held = await heldFrom(
      source,
      source.groups.add({ displayName: 'G', members: names.map((name) => `${name}@contoso.example`) }),
    )
    const target = await groupWorld(names.map((name) => `${name}@${domain}`))
    const into = target.groups.add({ displayName: 'G', properties: silent })
    const match = { route: 'groups/{group}/members/$ref' }
    target.simulator.faults.add({ match, kind: 'done-but-failed', status: 503, count: 5 })
    target.simulator.log.clear()
    expect(await restore(target, into, held, members)).toMatchObject({ members: { kind: 'created', remarks: [] } })
    expect(into.members.size).toBe(90)
    expect(target.requests()).toBeLessThan(20)
  })

  test('names that some were refused', async () => {
    const source = await groupWorld()
    const held = await heldFrom(source, fullGroup(source))
    const target = await groupWorld(there)
    const into = target.groups.add({ displayName: 'G', properties: silent })
    const match = { route: 'groups/{group}/members/$ref' }
    target.simulator.faults.add({ match, kind: 'status', status: 400, code: 'Request_BadRequest', count: 1 })
    const outcomes = await restore(target, into, held, members)
    expect(outcomes.members).toEqual({ kind: 'created', id: into.id, remarks: [{ code: 'member-refused' }] })
    expect(into.members.size).toBe(2)
  })

  test('leaves groups alone whose members follow from a rule', async () => {
    const source = await groupWorld()
    const held = await heldFrom(source, fullGroup(source))
    const target = await groupWorld(there)
    const into = target.groups.add({
      displayName: 'G',
      properties: { ...silent, groupTypes: ['Unified', 'DynamicMembership'] },
    })
    const outcomes = await restore(target, into, held, members)
    expect(outcomes).toMatchObject({
      members: { kind: 'skipped', code: 'members-follow-rule' },
      owners: { kind: 'created' },
    })
  })
})

describe('restoring settings', () => {
  test('goes on after a field that Graph refuses, and names it', async () => {
    const source = await groupWorld()
    source.groups.applicationsUseExchange = true
    const group = fullGroup(source)
    source.groups.set(group.id, { visibility: 'HiddenMembership', allowExternalSenders: true })
    const held = await heldFrom(source, group)
    const target = await groupWorld(there)
    const into = target.groups.add({ displayName: 'G', properties: silent })
    const { settings } = await restore(target, into, held, { onRequest: new Set(['group-settings']) })
    expect(settings).toMatchObject({ kind: 'created' })
    const remarks = settings?.kind === 'created' ? settings.remarks : []
    expect(remarks).toContainEqual({ code: 'field-refused', detail: 'visibility' })
    expect(remarks).toContainEqual({ code: 'needs-signed-in-user', detail: 'allowExternalSenders' })
    expect(into).toMatchObject({ visibility: 'Public', more: { description: 'All about engines', theme: 'Teal' } })
  })
})
