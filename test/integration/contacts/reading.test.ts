import { describe, expect, test } from 'vitest'
import { contactsReader } from '../../../src-main/graph/contacts/reader.ts'
import { ada, containerNamed, httpRequests, listContainers, readChanges, signal } from '../mail/mailbox-fixture.ts'
import { contactWorld, fill, picture, read } from './contacts-fixture.ts'
import type { ContactWorld } from './contacts-fixture.ts'

async function filled(options: Parameters<typeof contactWorld>[1] = {}): Promise<ContactWorld> {
  const world = await contactWorld(ada, options)
  fill(world.state, ada)
  return world
}

const paths = (world: ContactWorld): Promise<readonly (string | undefined)[]> =>
  listContainers(contactsReader(world.client), world.root(ada)).then(({ containers }) =>
    containers.map(
      ({ id, parentId, name }) => `${containers.find((one) => one.id === parentId)?.name ?? ''}/${name || id}`,
    ),
  )

describe('contact folders', () => {
  const all = ['/Contacts', 'Contacts/Family', 'Family/Cousins', 'Cousins/Far away', 'Contacts/Empty']

  test('are listed with the default folder, which is known by its role and not by its name', async () => {
    const world = await filled({ language: 'de' })
    const { containers } = await listContainers(contactsReader(world.client), world.root(ada))
    expect(containers.map(({ name }) => name)).toEqual(['Kontakte', 'Family', 'Cousins', 'Far away', 'Empty'])
    const roles = containers.map(({ properties }) => (properties.properties as { role?: string }).role)
    expect(roles).toEqual(['default', undefined, undefined, undefined, undefined])
  })

  test('are the same if the default folder has no name in addresses, or is in the list', async () => {
    const world = await filled()
    world.state.listsDefault = true
    expect(await paths(world)).toEqual(all)
    world.state.knowsDefaultByName = false
    expect(await paths(world)).toEqual(all)
    world.state.listsDefault = false
    expect(await paths(world)).toEqual(all)
  })

  test('beyond a page, and of equal names, are all listed', async () => {
    const world = await contactWorld(ada)
    for (let number = 0; number < 260; number += 1) world.state.addFolder(ada, `Folder ${String(number % 255)}`)
    expect(await paths(world)).toHaveLength(261)
  })

  test('of a user without a mailbox are refused as such', async () => {
    const world = await contactWorld(ada)
    world.simulator.tenant.removeMailbox(ada)
    await expect(listContainers(contactsReader(world.client), world.root(ada))).rejects.toMatchObject({
      code: 'graph.no-mailbox',
    })
  })
})

describe('what reading costs', () => {
  test('20 photos go in a batch, one request for each contact', async () => {
    const world = await contactWorld(ada)
    for (let number = 0; number < 100; number += 1) {
      world.state.add(
        ada,
        '',
        { displayName: `Contact ${String(number)}` },
        number % 3 === 0 ? picture(number) : undefined,
      )
    }
    const held = await read(world, ada)
    expect(held.items.filter(({ content }) => content !== undefined)).toHaveLength(34)
    expect(world.simulator.log.count({ route: 'users/{user}/contacts/{contact}/photo/$value' })).toBe(100)
    // Two batches for the folders, one page of contacts, five batches of photos.
    expect(httpRequests(world)).toBe(8)
  })

  test('unchanged: one batch for the folders and one request for each of them', async () => {
    const world = await filled()
    const first = await read(world, ada)
    world.simulator.log.clear()
    const second = await read(world, ada, first)
    expect(second.items).toEqual(first.items)
    expect(httpRequests(world)).toBe(1 + 5)
    expect(world.simulator.log.count({ content: true })).toBe(0)
  })

  test('one changed contact: one more request, for its photo', async () => {
    const world = await filled()
    const first = await read(world, ada)
    const [, changed] = world.state.contacts(ada)
    world.state.setPhoto(ada, changed?.id ?? '', picture(7))
    world.simulator.log.clear()
    const second = await read(world, ada, first)
    expect(world.simulator.log.count({ content: true })).toBe(1)
    expect(second.items.find(({ id }) => id === changed?.id)?.content).toEqual(picture(7))
  })
})

describe('changes', () => {
  test('edits, moves and deletions show up', async () => {
    const world = await filled()
    const first = await read(world, ada)
    const [edited, moved, gone] = world.state.contacts(ada)
    world.state.update(ada, edited?.id ?? '', { jobTitle: 'Boss' })
    world.state.move(ada, moved?.id ?? '', 'Family')
    world.state.remove(ada, gone?.id ?? '')
    const second = await read(world, ada, first)
    const item = (id: string | undefined) => second.items.find((one) => one.id === id)
    expect(item(edited?.id)?.metadata.properties).toMatchObject({ jobTitle: 'Boss', nickName: 'Gee' })
    expect(item(moved?.id)?.container).toBe(second.containers.find(({ name }) => name === 'Family')?.id)
    expect(item(gone?.id)).toBeUndefined()
    expect(second.items).toHaveLength(12)
  })

  test('of a dead cursor are refused as such, and a new listing has all of it', async () => {
    const world = await filled()
    const reader = contactsReader(world.client)
    const root = world.root(ada)
    const container = containerNamed(await listContainers(reader, root), 'Contacts')
    const { cursor } = await readChanges(reader, root, container)
    world.state.breakCursors(ada)
    await expect(readChanges(reader, root, container, { cursor })).rejects.toMatchObject({ code: 'graph.cursor-lost' })
    expect((await readChanges(reader, root, container)).changes).toHaveLength(10)
  })

  test('of a mailbox over its quota, which has no delta, are a full listing', async () => {
    const world = await filled()
    const reader = contactsReader(world.client)
    const root = world.root(ada)
    const container = containerNamed(await listContainers(reader, root), 'Contacts')
    const { cursor } = await readChanges(reader, root, container)
    const full = { kind: 'status', status: 507, code: 'ErrorQuotaExceeded', match: { path: 'contacts/delta' } } as const
    world.simulator.faults.add(full)
    await expect(readChanges(reader, root, container, { cursor })).rejects.toMatchObject({ code: 'graph.cursor-lost' })
    expect(await readChanges(reader, root, container)).toMatchObject({ cursor: undefined, changes: { length: 10 } })
  })

  test('go on behind an interruption', async () => {
    const world = await contactWorld(ada, { delta: { maxPageSize: 4, emptyPageEvery: 2 } })
    for (let number = 0; number < 10; number += 1) world.state.add(ada, '', { displayName: String(number) })
    const reader = contactsReader(world.client)
    const root = world.root(ada)
    const container = containerNamed(await listContainers(reader, root), 'Contacts')
    let next: string | undefined
    for await (const page of reader.changes(root, container, {}, signal)) {
      next = page.next
      break
    }
    expect((await readChanges(reader, root, container, { next })).changes).toHaveLength(6)
  })
})

describe('faults', () => {
  test('a photo that cannot be read is a missing part of its contact', async () => {
    const world = await filled()
    const [broken] = world.state.contacts(ada)
    world.simulator.faults.add({ kind: 'corrupt', match: { path: `${encodeURIComponent(broken?.id ?? '')}/photo` } })
    const { items, unread } = await read(world, ada)
    expect(unread.size).toBe(0)
    expect(items).toHaveLength(13)
    const item = items.find(({ id }) => id === broken?.id)
    expect(item).toMatchObject({ content: undefined, unreadParts: ['graph.item-unreadable'] })
    expect(items.filter(({ content }) => content !== undefined)).toHaveLength(4)
  })

  test('a photo that fails for the moment leaves its contact for the next attempt, and its neighbours alone', async () => {
    const world = await filled()
    const [broken] = world.state.contacts(ada)
    world.simulator.faults.add({
      kind: 'unavailable',
      match: { path: `${encodeURIComponent(broken?.id ?? '')}/photo` },
    })
    const { items, unread } = await read(world, ada)
    expect([...unread.keys()]).toEqual([broken?.id])
    expect(items).toHaveLength(12)
    world.simulator.faults.clear()
    const reader = contactsReader(world.client)
    const item = await reader.item(world.root(ada), broken?.id ?? '', signal)
    expect(reader.metadata(item.properties)).toMatchObject({ 'o365:Name': 'Garth Fort', 'o365:Id': broken?.id })
  })

  test('a contact that is gone in flight says so when it is tried again', async () => {
    const world = await filled()
    const [gone] = world.state.contacts(ada)
    world.state.remove(ada, gone?.id ?? '')
    const reader = contactsReader(world.client)
    await expect(reader.item(world.root(ada), gone?.id ?? '', signal)).rejects.toMatchObject({
      code: 'graph.not-found',
    })
  })
})
