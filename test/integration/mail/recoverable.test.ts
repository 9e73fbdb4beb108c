import { describe, expect, it } from 'vitest'
import type { Container, ContainerListing } from '../../../src-main/engine/ports/data-type.ts'
import { propertiesOf } from '../../../src-main/graph/item/metadata.ts'
import { mailReader } from '../../../src-main/graph/mail/reader.ts'
import {
  ada,
  containerNamed,
  grace,
  httpRequests,
  listContainers,
  mail,
  readChanges,
  startWorld,
} from './mailbox-fixture.ts'
import type { World } from './mailbox-fixture.ts'
import { backUp, kinds, restore } from './restore-fixture.ts'

const place = 'recoverableitemsdeletions'
const name = 'Recoverable Items'

async function worldWith(deleted: number, options: Parameters<typeof startWorld>[1] = {}): Promise<World> {
  const messages = Array.from({ length: deleted }, (_value, index) => ({ folder: place, mime: mail(`Mail ${index}`) }))
  return await startWorld([{ userPrincipalName: ada, messages }, { userPrincipalName: grace }], options)
}

function found(listing: ContainerListing): readonly Container[] {
  return listing.containers.filter((container) => container.name === name)
}

describe('recoverable items', () => {
  it('are a hidden folder beside the others', async () => {
    const world = await worldWith(3)
    const reader = mailReader(world.client)
    const root = world.root(ada)
    const container = containerNamed(await listContainers(reader, root), name)
    expect(container).toMatchObject({ parentId: undefined, items: 3, id: world.simulator.tenant.folder(ada, place).id })
    expect(propertiesOf(container.properties)).toEqual({
      id: container.id,
      displayName: name,
      isHidden: true,
      wellKnownName: place,
    })
    const { changes } = await readChanges(reader, root, container)
    expect(changes).toHaveLength(3)
    const item = await reader.item(root, changes[0]?.id ?? '', new AbortController().signal)
    expect(item.container).toBe(container.id)
  })

  it('are no folder while nothing is in them, or they must not be read', async () => {
    const world = await worldWith(0)
    const { tenant, faults } = world.simulator
    const reader = mailReader(world.client)
    const root = world.root(ada)
    const first = await listContainers(reader, root)
    expect(found(first)).toEqual([])
    const { id } = tenant.addMessage(ada, place, mail('One'))
    const second = await listContainers(reader, root, first)
    expect(found(second)).toHaveLength(1)
    const rule = faults.add({ kind: 'status', status: 403, code: 'ErrorAccessDenied', match: { path: /recoverable/ } })
    expect(found(await listContainers(reader, root, second))).toEqual([])
    expect(found(await listContainers(reader, root))).toEqual([])
    faults.remove(rule)
    tenant.deleteMessage(ada, id, { permanent: true })
    expect(found(await listContainers(reader, root, second))).toEqual([])
  })

  it('stay as they were if Graph fails only there', async () => {
    const world = await worldWith(2)
    const reader = mailReader(world.client)
    const root = world.root(ada)
    const first = await listContainers(reader, root)
    world.simulator.faults.add({ kind: 'status', status: 500, match: { path: /recoverable/ } })
    const second = await listContainers(reader, root, first)
    expect(found(second)).toEqual(found(first))
    await expect(listContainers(reader, root)).rejects.toMatchObject({ code: 'graph.service-failed' })
  })

  it('follow what happens, without a request while nothing does', async () => {
    const world = await worldWith(3)
    const { tenant } = world.simulator
    const reader = mailReader(world.client)
    const root = world.root(ada)
    tenant.addMessage(ada, 'inbox', mail('Fresh'))
    let listing = await listContainers(reader, root)
    let { cursor } = await readChanges(reader, root, containerNamed(listing, name))
    const again = async () => {
      // As another process does, which has only what was stored.
      const next = mailReader(world.client)
      listing = await listContainers(next, root, JSON.parse(JSON.stringify(listing)) as ContainerListing)
      const before = httpRequests(world)
      const round = await readChanges(next, root, containerNamed(listing, name), { cursor })
      await next.finished?.(root)
      cursor = round.cursor
      return { changes: round.changes.map(({ kind, id }) => [kind, id]), requests: httpRequests(world) - before }
    }
    expect(await again()).toEqual({ changes: [], requests: 0 })
    const [gone, aged] = tenant.messages(ada, place).map(({ id }) => id)
    const fresh = tenant.messages(ada, 'inbox')[0]?.id ?? ''
    tenant.deleteMessage(ada, fresh)
    expect(await again()).toEqual({ changes: [], requests: 0 })
    tenant.deleteMessage(ada, fresh)
    expect(await again()).toEqual({ changes: [['put', fresh]], requests: 1 })
    expect(await again()).toEqual({ changes: [], requests: 0 })
    // One comes back, one ages out and one comes in: as many as before.
    tenant.moveMessage(ada, gone ?? '', 'inbox')
    tenant.deleteMessage(ada, aged ?? '', { permanent: true })
    const more = [tenant.addMessage(ada, place, mail('More')).id, tenant.addMessage(ada, place, mail('Most')).id]
    const round = await again()
    expect(round.requests).toBe(1)
    const expected = [['removed', gone], ['removed', aged], ...more.map((id) => ['put', id])]
    expect(new Set(round.changes.map(String))).toEqual(new Set(expected.map(String)))
    expect(await again()).toEqual({ changes: [], requests: 0 })
  })

  it('are asked again after a listing that was interrupted', async () => {
    const world = await worldWith(600)
    const { tenant } = world.simulator
    const root = world.root(ada)
    const first = await listContainers(mailReader(world.client), root)
    const container = containerNamed(first, name)
    let next: string | undefined
    for await (const page of mailReader(world.client).changes(root, container, {}, new AbortController().signal)) {
      next = page.next
      break
    }
    // The link that the listing ends with does not know it, what the folder looks like now does.
    const { id } = tenant.addMessage(ada, place, mail('Meanwhile'))
    const second = mailReader(world.client)
    await listContainers(second, root, first)
    const rest = await readChanges(second, root, container, { next })
    const third = mailReader(world.client)
    await listContainers(third, root, first)
    const { changes } = await readChanges(third, root, container, { cursor: rest.cursor })
    expect([...rest.changes, ...changes].map((change) => change.id)).toContain(id)
  })

  it('tell that the cursor is lost', async () => {
    const world = await worldWith(2)
    const { tenant } = world.simulator
    const reader = mailReader(world.client)
    const root = world.root(ada)
    const container = containerNamed(await listContainers(reader, root), name)
    const { cursor } = await readChanges(reader, root, container)
    tenant.breakCursors(ada, place)
    tenant.addMessage(ada, place, mail('More'))
    await listContainers(reader, root)
    for (const lost of [cursor, 'something else']) {
      const reading = readChanges(reader, root, container, { cursor: lost })
      await expect(reading).rejects.toMatchObject({ code: 'graph.cursor-lost' })
    }
  })

  it('of a mailbox over its quota are listed without delta', async () => {
    const world = await worldWith(5, {
      faults: [{ kind: 'status', status: 507, code: 'ErrorQuotaExceeded', match: { path: /\/delta/ } }],
    })
    const reader = mailReader(world.client)
    const root = world.root(ada)
    const container = containerNamed(await listContainers(reader, root), name)
    const { changes, cursor } = await readChanges(reader, root, container)
    expect(changes).toHaveLength(5)
    expect(cursor).toBeUndefined()
  })
})

describe('a restore of recoverable items', () => {
  it.each([
    ['Restored', ['Restored', name]],
    ['/', [name]],
  ])('into %s makes a plain folder, and nothing in the target mailbox’s own', async (targetFolder, path) => {
    const world = await worldWith(2)
    const { tenant } = world.simulator
    const folders = await backUp(world)
    expect(kinds(await restore(world, folders, { targetFolder }))).toEqual({ created: 2 })
    expect(tenant.messages(grace).map(({ folderPath }) => folderPath)).toEqual([path, path])
    expect(tenant.folder(grace, path)).toMatchObject({ isHidden: false, wellKnownName: undefined })
    expect(tenant.messages(grace, place)).toEqual([])
    expect(kinds(await restore(world, folders, { targetFolder }))).toEqual({ duplicate: 2 })
  })

  it('into the same mailbox does not mix with those it has, nor with the next backup', async () => {
    const world = await worldWith(2)
    await restore(world, await backUp(world), { targetFolder: '/' }, ada)
    expect(world.simulator.tenant.messages(ada, place)).toHaveLength(2)
    expect(world.simulator.tenant.messages(ada, name)).toHaveLength(2)
    const again = await backUp(world)
    expect(again.filter((folder) => folder.name === name).map(({ items }) => items.length)).toEqual([2, 2])
  })
})
