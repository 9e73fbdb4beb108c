import { describe, expect, test } from 'vitest'
import { mailboxSettingsReader } from '../../../src-main/graph/mailbox-settings/reader.ts'
import { ada, containerNamed, httpRequests, listContainers, readChanges, signal } from '../mail/mailbox-fixture.ts'
import { read, settings, sourceWorld } from './settings-fixture.ts'

describe('rules, settings and categories', () => {
  test('are read with where the folders of rules are', async () => {
    const world = await sourceWorld()
    const { containers, items } = await read(world, ada)
    expect(containers.map(({ id }) => id)).toEqual(['rules', 'settings', 'categories'])
    const of = (container: string) => items.filter((item) => item.container === container)
    expect(of('rules')).toHaveLength(5)
    expect(of('categories').map(({ metadata }) => metadata['o365:Name'])).toEqual(['Red category', 'Ünïcode', 'Plain'])
    expect(of('settings')[0]?.metadata).toMatchObject({ 'o365:Type': 'mailboxSettings', properties: settings })
    expect(of('rules')[0]?.metadata.properties).toMatchObject({
      folders: [
        { anchor: 'inbox', anchorName: 'Inbox', names: ['Projects', '2024'] },
        { anchor: 'msgfolderroot', anchorName: '', names: ['Lists'] },
      ],
    })
    const reader = mailboxSettingsReader(world.client)
    const names = of('rules').map(({ metadata }) => reader.row(metadata, 0).name.replace(/ ~.*/, ''))
    expect(names).toEqual(['0001 Everything', '0002 Junk', '0003 Off', '0004 Same', '0005 Same'])
    expect(new Set(items.map(({ metadata }) => reader.row(metadata, 0).name)).size).toBe(9)
    expect(world.simulator.log.unknown).toEqual([])
  })

  test('cost one batch when nothing changed', async () => {
    const world = await sourceWorld()
    const first = await read(world, ada)
    world.simulator.log.clear()
    const second = await read(world, ada, first)
    expect(second.items).toEqual(first.items)
    expect(httpRequests(world)).toBe(1)
  })

  test('show edits and deletions', async () => {
    const world = await sourceWorld()
    const first = await read(world, ada)
    const [rule, other] = world.state.rules(ada)
    world.state.changeRule(ada, rule?.id ?? '', { isEnabled: false })
    world.state.removeRule(ada, other?.id ?? '')
    world.state.setSettings(ada, { timeZone: 'UTC' })
    world.state.removeCategory(ada, 'Plain')
    world.simulator.log.clear()
    const { items } = await read(world, ada, first)
    expect(items).toHaveLength(7)
    expect(items.find(({ id }) => id === rule?.id)?.metadata.properties).toMatchObject({ isEnabled: false })
    expect(items.find(({ id }) => id === 'settings')?.metadata.properties).toMatchObject({ timeZone: 'UTC' })
    // The batch of all, that of the well-known folders, and the three folders on the way up.
    expect(httpRequests(world)).toBe(5)
  })

  test('say which part is not allowed, the others are read', async () => {
    const world = await sourceWorld()
    world.simulator.faults.add({
      kind: 'status',
      status: 403,
      code: 'ErrorAccessDenied',
      match: { path: 'masterCategories' },
    })
    const reader = mailboxSettingsReader(world.client)
    const root = world.root(ada)
    const listing = await listContainers(reader, root)
    const categories = readChanges(reader, root, containerNamed(listing, 'categories'))
    await expect(categories).rejects.toMatchObject({ code: 'graph.forbidden' })
    expect((await readChanges(reader, root, containerNamed(listing, 'rules'))).changes).toHaveLength(5)
  })

  test('of a folder that is gone are kept without its place', async () => {
    const world = await sourceWorld()
    world.simulator.tenant.deleteFolder(ada, 'Lists', { permanent: true })
    const { items, unread } = await read(world, ada)
    expect(unread.size).toBe(0)
    const rule = items.find(({ metadata }) => metadata['o365:Name'] === 'Everything')
    const { folders } = rule?.metadata.properties as { readonly folders: readonly object[] }
    expect(folders[1]).toMatchObject({ anchorName: '', names: [] })
    expect(folders[1]).not.toHaveProperty('anchor')
  })

  test('of a user without a mailbox are refused as such', async () => {
    const world = await sourceWorld()
    world.simulator.tenant.removeMailbox(ada)
    const listing = listContainers(mailboxSettingsReader(world.client), world.root(ada))
    await expect(listing).rejects.toMatchObject({ code: 'graph.no-mailbox' })
  })

  test('are found one by one when they are tried again', async () => {
    const world = await sourceWorld()
    const reader = mailboxSettingsReader(world.client)
    const { items } = await read(world, ada)
    for (const { id, container } of items) {
      expect(await reader.item(world.root(ada), id, signal)).toMatchObject({ container, properties: { id } })
    }
    await expect(reader.item(world.root(ada), 'AQ==', signal)).rejects.toMatchObject({ code: 'graph.not-found' })
  })
})
