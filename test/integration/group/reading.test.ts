import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import { conversationsReader } from '../../../src-main/graph/conversations/reader.ts'
import { groupReader } from '../../../src-main/graph/group/reader.ts'
import { readHeld } from '../../support/adapter-round.ts'
import type { HeldItem, HeldType } from '../../support/adapter-round.ts'
import { ada, bob, eve, fullGroup, groupWorld, photo, signal } from './group-fixture.ts'

function itemOf(held: HeldType, name: string): HeldItem {
  const found = held.items.find(({ metadata }) => groupReaderRow(metadata) === name)
  if (found === undefined) throw new Error(`no ${name}`)
  return found
}

function groupReaderRow(metadata: JsonObject): string {
  const type = metadata['o365:Type']
  return type === 'groupSettings' ? 'settings' : type === 'groupMembers' ? 'members' : 'owners'
}

const propertiesOf = (held: HeldType, name: string): JsonObject => itemOf(held, name).metadata.properties as JsonObject

describe('a group', () => {
  test('is read as settings with a photo, members and owners', async () => {
    const world = await groupWorld()
    const root = await world.listed(fullGroup(world))
    const reader = groupReader(world.client)
    const held = await readHeld(reader, root)
    expect(held.containers.map(({ name }) => name)).toEqual(['directory'])
    expect(propertiesOf(held, 'settings')).toMatchObject({ displayName: 'Engines', description: 'All about engines' })
    expect(Buffer.from(itemOf(held, 'settings').content ?? [])).toEqual(photo)
    const ids = [ada, bob, eve].map((user) => world.id(user)).toSorted()
    const members = propertiesOf(held, 'members').members as readonly JsonObject[]
    expect(members.map(({ id }) => id)).toEqual(ids)
    expect(members.find(({ id }) => id === world.id(ada))).toEqual({
      id: world.id(ada),
      displayName: ada,
      userPrincipalName: ada,
    })
    expect(propertiesOf(held, 'owners').owners).toMatchObject([{ userPrincipalName: ada }])
    const rows = held.items.map(({ metadata }) => reader.row(metadata, 0))
    expect(rows.map(({ name }) => name)).toEqual(['settings', 'members', 'owners'])
    expect(rows[1]?.to).toContain(bob)
    expect(await reader.searchText(itemOf(held, 'members').metadata, Buffer.alloc(0))).toContain(eve)
  })

  test('that is the same costs one batch', async () => {
    const world = await groupWorld()
    const root = await world.listed(fullGroup(world))
    const held = await readHeld(groupReader(world.client), root)
    world.simulator.log.clear()
    const again = await readHeld(groupReader(world.client), root, held)
    expect(again.items).toEqual(held.items)
    expect(world.requests()).toBe(1)
    expect(world.simulator.log.count({ batched: true })).toBe(4)
  })

  test('and its conversations are asked for in one batch', async () => {
    const world = await groupWorld()
    const root = await world.listed(fullGroup(world))
    world.simulator.log.clear()
    const readers = [groupReader(world.client), conversationsReader(world.client)]
    await Promise.all(readers.map((reader) => reader.containers(root, undefined, signal)))
    expect(world.requests()).toBe(1)
  })

  test('is asked for its properties if the listing did not tell them', async () => {
    const world = await groupWorld()
    const group = fullGroup(world)
    const held = await readHeld(groupReader(world.client), { kind: 'group', id: group.id, name: 'x' })
    const listed = await readHeld(groupReader(world.client), await world.listed(group))
    expect(held.items).toEqual(listed.items)
  })

  test('that changed is read as far as it changed', async () => {
    const world = await groupWorld()
    const group = fullGroup(world)
    const reader = groupReader(world.client)
    const held = await readHeld(reader, await world.listed(group))
    group.members.delete(world.id(eve))
    world.groups.set(group.id, { renewedDateTime: '2030-01-01T00:00:00Z' })
    const left = await readHeld(reader, await world.listed(group), held)
    expect(propertiesOf(left, 'members').members).toHaveLength(2)
    expect(itemOf(left, 'settings')).toBe(itemOf(held, 'settings'))
    expect(itemOf(left, 'owners')).toBe(itemOf(held, 'owners'))
    world.groups.set(group.id, { description: 'Engines and more' })
    world.simulator.log.clear()
    const edited = await readHeld(reader, await world.listed(group), left)
    expect(propertiesOf(edited, 'settings').description).toBe('Engines and more')
    expect(itemOf(edited, 'settings').content).toBe(itemOf(held, 'settings').content)
    expect(world.simulator.log.count({ route: 'groups/{group}/photo/$value' })).toBe(0)
    world.groups.setPhoto(group.id, Buffer.from('another'))
    const pictured = await readHeld(reader, await world.listed(group), edited)
    expect(Buffer.from(itemOf(pictured, 'settings').content ?? []).toString()).toBe('another')
    world.groups.setPhoto(group.id, undefined)
    expect(itemOf(await readHeld(reader, await world.listed(group), pictured), 'settings').content).toBeUndefined()
  })

  test('of ten thousand is read by pages into one sorted list', async () => {
    const users = Array.from({ length: 2_100 }, (_, number) => `user${String(number)}@contoso.example`)
    const world = await groupWorld(users)
    const group = world.groups.add({ displayName: 'Everybody', members: users })
    const root = await world.listed(group)
    world.simulator.log.clear()
    const held = await readHeld(groupReader(world.client), root)
    const members = propertiesOf(held, 'members').members as readonly { readonly id: string }[]
    expect(members).toHaveLength(2_100)
    expect(members.map(({ id }) => id)).toEqual(members.map(({ id }) => id).toSorted())
    expect(world.simulator.log.count({ route: 'groups/{group}/members' })).toBe(3)
  })

  test('says of others than people what they are', async () => {
    const world = await groupWorld()
    const app = world.groups.addOther('servicePrincipal', 'Provisioner')
    const group = world.groups.add({ displayName: 'G', owners: [app.id, ada] })
    const held = await readHeld(groupReader(world.client), await world.listed(group))
    expect(propertiesOf(held, 'owners').owners).toContainEqual({
      id: app.id,
      type: 'servicePrincipal',
      displayName: 'Provisioner',
    })
  })
})

describe('what Exchange keeps of groups', () => {
  test('is asked for once, and not again after Graph refused', async () => {
    const world = await groupWorld()
    const reader = groupReader(world.client)
    const roots = await Promise.all(['A', 'B'].map((displayName) => world.listed(world.groups.add({ displayName }))))
    world.simulator.log.clear()
    for (const root of roots) {
      const held = await readHeld(reader, root)
      expect(propertiesOf(held, 'settings').notRead).toEqual({ exchange: 'graph.forbidden' })
    }
    expect(world.simulator.log.count({ path: 'allowExternalSenders' })).toBe(1)
  })

  test('is read where the sign-in may', async () => {
    const world = await groupWorld()
    world.groups.applicationsUseExchange = true
    const group = world.groups.add({ displayName: 'G', properties: { allowExternalSenders: true } })
    const reader = groupReader(world.client)
    const held = await readHeld(reader, await world.listed(group))
    expect(propertiesOf(held, 'settings')).toMatchObject({ allowExternalSenders: true, hideFromAddressLists: false })
    expect(propertiesOf(held, 'settings')).not.toHaveProperty('notRead')
    world.groups.applicationsUseExchange = false
    const refused = await readHeld(groupReader(world.client), await world.listed(group), held)
    expect(propertiesOf(refused, 'settings')).toMatchObject({ allowExternalSenders: true })
  })
})

describe('a group that cannot be read', () => {
  test('was deleted since the listing, or is forbidden', async () => {
    const world = await groupWorld()
    const gone = world.groups.add({ displayName: 'Gone' })
    const shut = world.groups.add({ displayName: 'Shut' })
    const [goneRoot, shutRoot] = [await world.listed(gone), await world.listed(shut)]
    world.groups.remove(gone.id)
    world.groups.forbidden.add(shut.id)
    const reader = groupReader(world.client)
    await expect(reader.containers(goneRoot, undefined, signal)).rejects.toMatchObject({ code: 'graph.root-gone' })
    await expect(reader.containers({ ...goneRoot, properties: {} }, undefined, signal)).rejects.toMatchObject({
      code: 'graph.root-gone',
    })
    await expect(reader.containers(shutRoot, undefined, signal)).rejects.toMatchObject({ code: 'graph.forbidden' })
  })

  test('hides its members: those who were known stay', async () => {
    const world = await groupWorld()
    const group = world.groups.add({ displayName: 'Secret', members: [ada, bob] })
    const reader = groupReader(world.client)
    const held = await readHeld(reader, await world.listed(group))
    group.visibility = 'HiddenMembership'
    group.members.clear()
    const hidden = await readHeld(reader, await world.listed(group), held)
    expect(propertiesOf(hidden, 'members').members).toHaveLength(2)
    expect(propertiesOf(hidden, 'members').notRead).toEqual({ members: 'graph.forbidden' })
  })

  test('is asked again item by item', async () => {
    const world = await groupWorld()
    const root = await world.listed(fullGroup(world))
    const reader = groupReader(world.client)
    const held = await readHeld(reader, root)
    for (const { id, container, metadata } of held.items) {
      const found = await reader.item(root, id, signal)
      expect(found.container).toBe(container)
      expect(reader.identity(reader.metadata(found.properties))).toEqual(reader.identity(metadata))
    }
    await expect(reader.item(root, 'nonsense', signal)).rejects.toMatchObject({ code: 'graph.not-found' })
  })
})
