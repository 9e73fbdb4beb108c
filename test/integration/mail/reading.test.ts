import { describe, expect, it } from 'vitest'
import type { ContainerListing } from '../../../src-main/engine/ports/data-type.ts'
import { createUserLister } from '../../../src-main/graph/directory/users.ts'
import { propertiesOf } from '../../../src-main/graph/item/metadata.ts'
import { mailReader } from '../../../src-main/graph/mail/reader.ts'
import {
  ada,
  containerNamed,
  httpRequests,
  listContainers,
  mail,
  readChanges,
  signal,
  startWorld,
  readContent,
} from './mailbox-fixture.ts'
import type { World } from './mailbox-fixture.ts'

function paths(listing: ContainerListing): readonly string[] {
  const byId = new Map(listing.containers.map((container) => [container.id, container]))
  const pathOf = (id: string): string => {
    const container = byId.get(id)
    if (container === undefined) return '?'
    return container.parentId === undefined ? container.name : `${pathOf(container.parentId)}/${container.name}`
  }
  return listing.containers.map((container) => pathOf(container.id)).sort()
}

function expected({ simulator }: World): readonly string[] {
  return simulator.tenant
    .folders(ada)
    .filter((folder) => !folder.path.includes('Recoverable Items'))
    .map((folder) => folder.path.join('/'))
    .sort()
}

const folders = [
  { displayName: 'Projects', parent: 'inbox' },
  { displayName: 'Deep', parent: ['Inbox', 'Projects'] },
  { displayName: 'Twin' },
  { displayName: 'Twin' },
  { displayName: 'Secret', hidden: true },
  { displayName: 'Below', parent: 'Secret' },
  { displayName: 'Hidden child', parent: ['Inbox', 'Projects'], hidden: true },
]

describe('mail folders', () => {
  it('are listed completely: nested, hidden, with equal names', async () => {
    const world = await startWorld([{ userPrincipalName: ada, folders }])
    const listing = await listContainers(mailReader(world.client), world.root(ada))
    expect(paths(listing)).toEqual(expected(world))
    expect(listing.containers.filter((container) => container.name === 'Twin')).toHaveLength(2)
  })

  it('carry their well-known names, whatever the language', async () => {
    const world = await startWorld([{ userPrincipalName: ada, mailbox: { language: 'de' } }])
    const listing = await listContainers(mailReader(world.client), world.root(ada))
    const { properties } = containerNamed(listing, 'Gelöschte Elemente')
    expect(properties).toMatchObject({ 'o365:Type': 'mailFolder', 'o365:Name': 'Gelöschte Elemente' })
    expect(propertiesOf(properties)).toMatchObject({ wellKnownName: 'deleteditems', isHidden: false })
    expect(JSON.stringify(listing.containers)).not.toMatch(/Count/)
  })

  it('cost one request when nothing changed', async () => {
    const world = await startWorld([{ userPrincipalName: ada, folders }])
    const reader = mailReader(world.client)
    const first = await listContainers(reader, world.root(ada))
    const before = httpRequests(world)
    const second = await listContainers(reader, world.root(ada), first)
    expect(httpRequests(world) - before).toBe(1)
    // Counts are for the progress display: a listing of changes has them only of what it names.
    const stored = (listing: typeof first): object[] => listing.containers.map((folder) => ({ ...folder, items: 0 }))
    expect(stored(second)).toEqual(stored(first))
    expect(second.cursor).toBeDefined()
  })

  it('follow what happens: new, renamed, moved, deleted, hidden ones too', async () => {
    const world = await startWorld([{ userPrincipalName: ada, folders }])
    const { tenant } = world.simulator
    const reader = mailReader(world.client)
    let listing = await listContainers(reader, world.root(ada))
    const steps = [
      () => tenant.addFolder(ada, { displayName: 'New' }),
      () => tenant.addFolder(ada, { displayName: 'Newer', parent: ['Inbox', 'Projects', 'Deep'] }),
      () => tenant.renameFolder(ada, 'New', 'Renamed'),
      () => tenant.moveFolder(ada, ['Inbox', 'Projects'], 'Renamed'),
      () => tenant.addFolder(ada, { displayName: 'Hidden too', hidden: true, parent: 'inbox' }),
      () => tenant.addFolder(ada, { displayName: 'Top secret', hidden: true }),
      () => tenant.deleteFolder(ada, ['Renamed', 'Projects', 'Hidden child'], { permanent: true }),
      () => tenant.deleteFolder(ada, 'Secret', { permanent: true }),
      () => tenant.deleteFolder(ada, 'Renamed'),
      () => tenant.deleteFolder(ada, ['Deleted Items', 'Renamed'], { permanent: true }),
    ]
    for (const step of steps) {
      step()
      listing = await listContainers(reader, world.root(ada), JSON.parse(JSON.stringify(listing)) as ContainerListing)
      expect(paths(listing)).toEqual(expected(world))
    }
  })

  it('learn a well-known folder that came later', async () => {
    const world = await startWorld([{ userPrincipalName: ada }])
    const reader = mailReader(world.client)
    const first = await listContainers(reader, world.root(ada))
    world.simulator.tenant.addFolder(ada, { displayName: 'Unordnung', wellKnownName: 'clutter' })
    const second = await listContainers(reader, world.root(ada), first)
    expect(propertiesOf(containerNamed(second, 'Unordnung').properties)).toMatchObject({ wellKnownName: 'clutter' })
  })

  it('are listed anew when the cursor died or is of another version', async () => {
    const world = await startWorld([{ userPrincipalName: ada, folders }])
    const reader = mailReader(world.client)
    const first = await listContainers(reader, world.root(ada))
    world.simulator.tenant.breakCursors(ada)
    const second = await listContainers(reader, world.root(ada), first)
    expect(paths(second)).toEqual(expected(world))
    const third = await listContainers(reader, world.root(ada), { ...second, cursor: 'something else' })
    expect(third.containers).toEqual(second.containers)
  })

  it('say so when there is no mailbox', async () => {
    const world = await startWorld([{ userPrincipalName: ada, mailbox: false }])
    const listing = listContainers(mailReader(world.client), world.root(ada))
    await expect(listing).rejects.toMatchObject({ code: 'graph.no-mailbox' })
  })
})

function inboxOf(count: number): readonly { readonly folder: string; readonly mime: string }[] {
  return Array.from({ length: count }, (_value, index) => ({ folder: 'inbox', mime: mail(`Mail ${index}`) }))
}

describe('messages', () => {
  it('come with all their properties, and once per page', async () => {
    const world = await startWorld([{ userPrincipalName: ada, messages: inboxOf(300) }])
    const reader = mailReader(world.client)
    const root = world.root(ada)
    const inbox = containerNamed(await listContainers(reader, root), 'Inbox')
    const { changes, cursor } = await readChanges(reader, root, inbox)
    const ids = new Set(world.simulator.tenant.messages(ada, 'inbox').map((message) => message.id))
    expect(new Set(changes.map((change) => change.id))).toEqual(ids)
    expect(cursor).toBeDefined()
    const first = changes[0]
    expect(first).toMatchObject({ kind: 'put', partial: false })
    const prefer = world.simulator.log.entries({ route: 'users/{user}/mailFolders/{folder}/messages/delta' })[0]?.prefer
    expect(prefer).toContain('odata.maxpagesize=250')
  })

  it('change: only what changed is read, read state alone is partial', async () => {
    const messages = inboxOf(20)
    const world = await startWorld([{ userPrincipalName: ada, messages }])
    const { tenant } = world.simulator
    const reader = mailReader(world.client)
    const root = world.root(ada)
    const inbox = containerNamed(await listContainers(reader, root), 'Inbox')
    const { cursor } = await readChanges(reader, root, inbox)
    const [one, two, three, four] = tenant.messages(ada, 'inbox').map((message) => message.id)
    tenant.setRead(ada, one ?? '', true)
    tenant.flagMessage(ada, two ?? '', { flagStatus: 'flagged' })
    tenant.moveMessage(ada, three ?? '', 'archive')
    tenant.deleteMessage(ada, four ?? '', { permanent: true })
    const { id: fresh } = tenant.addMessage(ada, 'inbox', mail('Fresh'))
    const next = await readChanges(reader, root, inbox, { cursor })
    const kinds = new Map(next.changes.map((change) => [change.id, change]))
    expect(new Set(kinds.keys())).toEqual(new Set([one, two, three, four, fresh]))
    expect(kinds.get(one ?? '')).toMatchObject({ kind: 'put', partial: true })
    expect(kinds.get(fresh)).toMatchObject({ kind: 'put', partial: false })
    expect(kinds.get(three ?? '')).toEqual({ kind: 'removed', id: three })
    expect(kinds.get(four ?? '')).toEqual({ kind: 'removed', id: four })
  })

  it('that were read and flagged at once show both', async () => {
    const world = await startWorld([{ userPrincipalName: ada, messages: inboxOf(2) }])
    const { tenant } = world.simulator
    const reader = mailReader(world.client)
    const root = world.root(ada)
    const inbox = containerNamed(await listContainers(reader, root), 'Inbox')
    const first = await readChanges(reader, root, inbox)
    const id = tenant.messages(ada, 'inbox')[0]?.id ?? ''
    tenant.setRead(ada, id, true)
    tenant.flagMessage(ada, id, { flagStatus: 'flagged' })
    const { changes } = await readChanges(reader, root, inbox, { cursor: first.cursor })
    expect(changes).toMatchObject([{ id, properties: { isRead: true, flag: { flagStatus: 'flagged' } } }])
    const before = first.changes.find((change) => change.id === id)
    const [after] = changes
    if (before?.kind !== 'put' || after?.kind !== 'put') throw new Error('no message')
    // By its change key the change is known, though the entry has only what changed.
    const merged = reader.metadata({ ...before.properties, ...after.properties })
    expect(reader.identity(merged).changeKey).not.toBe(reader.identity(reader.metadata(before.properties)).changeKey)
    const item = { id, properties: reader.properties(merged), previous: reader.metadata(before.properties) }
    expect(await reader.body(root, inbox, item, signal)).toEqual({ content: 'unchanged' })
  })

  it('of 30 unchanged folders cost 32 requests', async () => {
    const more = Array.from({ length: 22 }, (_value, index) => ({ displayName: `Folder ${index}` }))
    const world = await startWorld([{ userPrincipalName: ada, folders: more, messages: inboxOf(3) }])
    const reader = mailReader(world.client)
    const root = world.root(ada)
    const first = await listContainers(reader, root)
    expect(first.containers).toHaveLength(30)
    const cursors = new Map<string, string | undefined>()
    for (const container of first.containers) {
      cursors.set(container.id, (await readChanges(reader, root, container)).cursor)
    }
    const before = httpRequests(world)
    for await (const _root of createUserLister(world.client, { tenant: 'contoso' }).roots(signal)) continue
    const { containers } = await listContainers(reader, root, first)
    for (const container of containers) {
      const { changes } = await readChanges(reader, root, container, { cursor: cursors.get(container.id) })
      expect(changes).toEqual([])
    }
    expect(httpRequests(world) - before).toBe(32)
  })

  it('can be listed on from an interrupted page', async () => {
    const world = await startWorld([{ userPrincipalName: ada, messages: inboxOf(600) }])
    const reader = mailReader(world.client)
    const root = world.root(ada)
    const inbox = containerNamed(await listContainers(reader, root), 'Inbox')
    const seen = new Set<string>()
    let next: string | undefined
    for await (const page of reader.changes(root, inbox, {}, signal)) {
      for (const change of page.changes) seen.add(change.id)
      next = page.next
      break
    }
    expect(next).toBeDefined()
    const rest = await readChanges(reader, root, inbox, { next })
    for (const change of rest.changes) seen.add(change.id)
    expect(seen.size).toBe(600)
    expect(rest.cursor).toBeDefined()
  })

  it('tell that the cursor is lost', async () => {
    const world = await startWorld([{ userPrincipalName: ada, messages: inboxOf(3) }])
    const reader = mailReader(world.client)
    const root = world.root(ada)
    const inbox = containerNamed(await listContainers(reader, root), 'Inbox')
    const { cursor } = await readChanges(reader, root, inbox)
    world.simulator.tenant.breakCursors(ada, 'inbox')
    await expect(readChanges(reader, root, inbox, { cursor })).rejects.toMatchObject({ code: 'graph.cursor-lost' })
  })

  it('of a mailbox over its quota are listed without delta, and without a cursor', async () => {
    const world = await startWorld([{ userPrincipalName: ada, folders, messages: inboxOf(30) }], {
      faults: [{ kind: 'status', status: 507, code: 'ErrorQuotaExceeded', match: { path: /\/delta/ } }],
    })
    const reader = mailReader(world.client)
    const root = world.root(ada)
    const listing = await listContainers(reader, root)
    expect(paths(listing)).toEqual(expected(world))
    expect(listing.cursor).toBeUndefined()
    const inbox = containerNamed(listing, 'Inbox')
    const { changes, cursor } = await readChanges(reader, root, inbox)
    expect(changes).toHaveLength(30)
    expect(cursor).toBeUndefined()
    const again = readChanges(reader, root, inbox, {
      cursor: `${world.simulator.graphBaseUrl}/v1.0/users/x/mailFolders/y/messages/delta?$deltatoken=z`,
    })
    await expect(again).rejects.toMatchObject({ code: 'graph.cursor-lost' })
  })
})

describe('message contents', () => {
  it('are the bytes that Graph serves, small and large, through breaks in the middle', async () => {
    const large = mail('Large', { body: 'x'.repeat(12 * 1024 * 1024) })
    const messages = [
      { folder: 'inbox', mime: mail('Small') },
      { folder: 'inbox', mime: large },
    ]
    const world = await startWorld([{ userPrincipalName: ada, messages }], {
      faults: [{ kind: 'reset-in-body', match: { path: /\$value/ }, perPath: 2 }],
    })
    const { tenant } = world.simulator
    const reader = mailReader(world.client)
    const root = world.root(ada)
    const inbox = containerNamed(await listContainers(reader, root), 'Inbox')
    for (const { id } of tenant.messages(ada, 'inbox')) {
      const content = await readContent(reader, root, inbox, { id, properties: {} })
      expect(Buffer.compare(content, await tenant.mime(ada, id))).toBe(0)
    }
    expect(world.simulator.faults.appliedCount()).toBe(4)
  })

  it('that cannot be read give a named error', async () => {
    const world = await startWorld([{ userPrincipalName: ada, messages: inboxOf(2) }])
    const [one, two] = world.simulator.tenant.messages(ada, 'inbox').map((message) => message.id)
    world.simulator.faults.add({ kind: 'corrupt', match: { items: [one ?? ''] } })
    world.simulator.tenant.deleteMessage(ada, two ?? '', { permanent: true })
    const reader = mailReader(world.client)
    const root = world.root(ada)
    const inbox = containerNamed(await listContainers(reader, root), 'Inbox')
    const read = (id: string | undefined): Promise<unknown> =>
      readContent(reader, root, inbox, { id: id ?? '', properties: {} })
    await expect(read(one)).rejects.toMatchObject({ code: 'graph.item-unreadable' })
    await expect(read(two)).rejects.toMatchObject({ code: 'graph.not-found' })
  })

  it('can be asked for again without a listing', async () => {
    const world = await startWorld([{ userPrincipalName: ada, messages: inboxOf(1) }])
    const reader = mailReader(world.client)
    const root = world.root(ada)
    const inbox = containerNamed(await listContainers(reader, root), 'Inbox')
    const { changes } = await readChanges(reader, root, inbox)
    const change = changes[0]
    if (change?.kind !== 'put') throw new Error('no message')
    const item = await reader.item(root, change.id, signal)
    expect(item.container).toBe(inbox.id)
    expect(reader.metadata(item.properties)).toEqual(reader.metadata(change.properties))
  })
})
