import { describe, expect, it } from 'vitest'
import type { DataTypeReader, ListedItem } from '../../../src-main/engine/ports/data-type.ts'
import type { DriveNotice } from '../../../src-main/graph/drive/reader.ts'
import { text } from '../../../src-main/graph/item/fields.ts'
import { propertiesOf } from '../../../src-main/graph/item/metadata.ts'
import { readHeld } from '../../support/adapter-round.ts'
import type { FaultKind } from '../../support/graph-simulator/faults/rules.ts'
import { bytesOf, contentFrom } from '../../support/graph-simulator/services/drive/index.ts'
import {
  ada,
  itemNamed,
  nameOf,
  pathsOf,
  read,
  requestsOf,
  signal,
  startDriveWorld,
  textOf,
  type DriveWorld,
} from './reading-fixture.ts'

const downloadRoute = 'drives/{drive}/items/{item}/download'
const itemRoute = 'drives/{drive}/items/{item}'

/** Large enough to be handed over in pieces. */
const large = { size: 12 * 1024 * 1024 + 77, seed: 3 }

/** All files of the drive as listed, by name. */
async function listed(world: DriveWorld, reader = world.reader): Promise<ReadonlyMap<string, ListedItem>> {
  const { containers } = await reader.containers(world.root, undefined, signal)
  const items = new Map<string, ListedItem>()
  for (const container of containers)
    for await (const { changes } of reader.changes(world.root, container, {}, signal))
      for (const change of changes) {
        if (change.kind !== 'put') continue
        const { id, properties } = change
        items.set(text(properties, 'name') ?? '', { id, properties, previous: undefined })
      }
  await reader.finished?.(world.root)
  return items
}

async function contentOf(
  world: DriveWorld,
  item: ListedItem | undefined,
  reader: DataTypeReader = world.reader,
): Promise<Buffer> {
  if (item === undefined) throw new Error('not listed')
  const nowhere = { id: '', parentId: undefined, name: '', properties: {} }
  const { content } = await reader.body(world.root, nowhere, item, signal)
  if (content === undefined || content === 'unchanged') throw new Error('no content')
  if (content instanceof Uint8Array) return Buffer.from(content)
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks)
}

describe('the content of a file', () => {
  it.each([401, 403, 404] as const)('is read by a new address when the old one answers %i', async (expiredDownload) => {
    const world = await startDriveWorld()
    world.drives.behave(ada, { expiredDownload })
    world.drives.addFile(ada, 'a.txt', 'text')
    const start = Date.now()
    const reader = world.readerWith({ clock: { now: () => start } })
    const items = await listed(world, reader)
    world.pass(2 * 3_600_000)
    const { result, requests } = await requestsOf(world, () => contentOf(world, items.get('a.txt'), reader))
    expect(result.toString()).toBe('text')
    expect(requests).toEqual([`GET ${downloadRoute}`, `GET ${itemRoute}`, `GET ${downloadRoute}`])
  })

  it('is not asked for at an address that has grown old', async () => {
    const world = await startDriveWorld()
    world.drives.addFile(ada, 'a.txt', 'text')
    const items = await listed(world)
    world.pass(51 * 60_000)
    const { result, requests } = await requestsOf(world, () => contentOf(world, items.get('a.txt')))
    expect(result.toString()).toBe('text')
    expect(requests).toEqual([`GET ${itemRoute}`, `GET ${downloadRoute}`])
  })

  it.each(['reset-in-body', 'truncate', 'stall-in-body'] satisfies readonly FaultKind[])(
    'goes on in the middle after a %s',
    async (kind) => {
      // In real time, so only where it has to be short: a pause of this machine would be taken for a stall as well.
      const world = await startDriveWorld({}, kind === 'stall-in-body' ? { stallMs: 2_000 } : {})
      world.drives.addFile(ada, 'large.bin', large)
      const items = await listed(world)
      world.simulator.faults.add({ kind, count: 2, match: { route: downloadRoute } })
      const before = world.simulator.log.entries().length
      const content = await contentOf(world, items.get('large.bin'))
      expect(content.equals(bytesOf(contentFrom(large)))).toBe(true)
      const downloads = world.simulator.log
        .entries()
        .slice(before)
        .filter(({ route }) => route === downloadRoute)
      expect(downloads.filter(({ fault }) => fault === kind)).toHaveLength(2)
      if (kind !== 'stall-in-body') expect(downloads).toHaveLength(3)
      // What came is not asked for again, but for what a reset took with it.
      expect(downloads.at(-1)).toMatchObject({ status: 206, fault: undefined })
      expect(downloads.at(-1)?.bytesOut).toBeLessThan(large.size)
    },
  )

  it('goes on in the middle when the server sends everything once more', async () => {
    const world = await startDriveWorld()
    world.drives.behave(ada, { ignoresRanges: true })
    world.drives.addFile(ada, 'large.bin', large)
    const items = await listed(world)
    world.simulator.faults.add({ kind: 'reset-in-body', count: 1, match: { route: downloadRoute } })
    const content = await contentOf(world, items.get('large.bin'))
    expect(content.equals(bytesOf(contentFrom(large)))).toBe(true)
  })

  it('is that of one moment when somebody replaces a small file meanwhile', async () => {
    const world = await startDriveWorld()
    world.drives.addFile(ada, 'a.txt', 'old text')
    const items = await listed(world)
    world.drives.edit(ada, 'a.txt', 'new content')
    const item = items.get('a.txt')
    if (item === undefined) throw new Error('not listed')
    const nowhere = { id: '', parentId: undefined, name: '', properties: {} }
    const body = await world.reader.body(world.root, nowhere, item, signal)
    expect(textOf(body.content as Uint8Array)).toBe('new content')
    expect(body.properties).toMatchObject({ size: 11 })
    expect(body.properties?.eTag).not.toBe(item.properties.eTag)
  })

  it('is given up for now when a small file became a large one', async () => {
    const world = await startDriveWorld()
    world.drives.addFile(ada, 'a.bin', 'small')
    const items = await listed(world)
    world.drives.edit(ada, 'a.bin', large)
    const changed = { code: 'graph.service-failed', retry: 'later', context: { fault: 'content-changed' } }
    await expect(contentOf(world, items.get('a.bin'))).rejects.toMatchObject(changed)
    const again = await world.reader.item(world.root, items.get('a.bin')?.id ?? '', signal)
    const item = { id: items.get('a.bin')?.id ?? '', properties: again.properties, previous: undefined }
    expect(await contentOf(world, item)).toHaveLength(large.size)
  })

  it('is given up for now when somebody replaces a large file in the middle', async () => {
    const world = await startDriveWorld()
    world.drives.addFile(ada, 'large.bin', large)
    const items = await listed(world)
    world.simulator.faults.add({ kind: 'reset-in-body', count: 1, match: { route: downloadRoute } })
    world.drives.edit(ada, 'large.bin', { ...large, seed: 4 })
    const changed = { code: 'graph.service-failed', retry: 'later', context: { fault: 'content-changed' } }
    await expect(contentOf(world, items.get('large.bin'))).rejects.toMatchObject(changed)
    const fresh = await listed(world)
    world.drives.edit(ada, 'large.bin', { ...large, seed: 5 })
    await expect(contentOf(world, fresh.get('large.bin'))).rejects.toMatchObject(changed)
  })

  it('is taken as Graph gives it when Graph itself has rewritten it, with a notice', async () => {
    const world = await startDriveWorld()
    world.drives.addFile(ada, 'small.docx', 'as sent', { served: 'as rewritten' })
    world.drives.addFile(ada, 'large.heic', large, { served: { ...large, seed: 9 } })
    const notices: DriveNotice[] = []
    const reader = world.readerWith({ onNotice: (notice) => notices.push(notice) })
    const held = await readHeld(reader, world.root)
    const small = itemNamed(held, 'small.docx')
    expect(textOf(small.content)).toBe('as rewritten')
    expect(small.metadata['o365:Notices']).toEqual(['content-differs'])
    const heic = itemNamed(held, 'large.heic')
    expect(heic.content).toHaveLength(large.size)
    expect(notices).toEqual([{ root: world.root, id: heic.id, code: 'content-differs' }])
    world.drives.rename(ada, 'small.docx', 'renamed.docx')
    const { result, requests } = await requestsOf(world, () => readHeld(reader, world.root, held))
    expect(requests).toHaveLength(1)
    expect(itemNamed(result, 'renamed.docx').metadata['o365:Notices']).toEqual(['content-differs'])
  })

  it('of an infected, vanished, denied or damaged file is missing alone', async () => {
    for (const malwareAnswer of ['forbidden', 'as-content'] as const) {
      const world = await startDriveWorld()
      world.drives.behave(ada, { malwareAnswer })
      for (const name of ['good', 'known virus', 'new virus', 'denied', 'broken', 'better'])
        world.drives.addFile(ada, `F/${name}.txt`, name)
      world.drives.setFacets(ada, 'F/known virus.txt', { malware: { description: 'found' } })
      const fault = (name: string, status: number): void => {
        const id = encodeURIComponent(world.drives.itemId(ada, `F/${name}.txt`))
        world.simulator.faults.add({ kind: 'status', status, match: { route: downloadRoute, path: id } })
      }
      fault('denied', 403)
      fault('broken', 404)
      const held = await readHeld(world.reader, world.root)
      expect(pathsOf(held).map((path) => path.split('/').at(-1))).toEqual(['better.txt', 'good.txt', 'new virus.txt'])
      const unread = [...held.unread.values()].map((error) => error as { code: string; context: object })
      expect(unread.map(({ code }) => code).sort()).toEqual([
        'graph.forbidden',
        'graph.item-infected',
        'graph.item-unreadable',
      ])
      expect(unread.map(({ context }) => context)).toContainEqual(expect.objectContaining({ reason: 'no-content' }))
    }
  })

  it('is not there for what was found to be infected, or deleted, since the listing', async () => {
    const world = await startDriveWorld()
    for (const malwareAnswer of ['forbidden', 'as-content'] as const) {
      world.drives.behave(ada, { malwareAnswer })
      world.drives.addFile(ada, `${malwareAnswer}.txt`, 'a virus')
      const items = await listed(world)
      world.drives.setFacets(ada, `${malwareAnswer}.txt`, { malware: {} })
      await expect(contentOf(world, items.get(`${malwareAnswer}.txt`))).rejects.toMatchObject({
        code: 'graph.item-infected',
      })
    }
    world.drives.addFile(ada, 'gone.txt', 'gone')
    const items = await listed(world)
    world.drives.delete(ada, 'gone.txt')
    await expect(contentOf(world, items.get('gone.txt'))).rejects.toMatchObject({ code: 'graph.not-found' })
  })

  it('that changed is read, one that only has new properties is not, even where the delta gives no hash', async () => {
    const world = await startDriveWorld()
    world.drives.behave(ada, { deltaWithoutHashes: 'all' })
    world.drives.addFile(ada, 'a.txt', 'text')
    let held = await read(world)
    world.drives.edit(ada, 'a.txt', 'texT')
    held = await read(world, held)
    expect(textOf(itemNamed(held, 'a.txt').content)).toBe('texT')
    world.drives.rename(ada, 'a.txt', 'b.txt')
    const { result, requests } = await requestsOf(world, () => read(world, held))
    expect(requests).not.toContain(`GET ${downloadRoute}`)
    expect(textOf(itemNamed(result, 'b.txt').content)).toBe('texT')
  })

  it('can be tried again without a listing', async () => {
    const world = await startDriveWorld()
    world.drives.addFile(ada, 'F/a.txt', 'text')
    world.drives.shareByLink(ada, 'F/a.txt', { type: 'view', scope: 'organization' })
    const held = await read(world)
    const stored = itemNamed(held, 'a.txt')
    const again = await world.reader.item(world.root, stored.id, signal)
    expect(again.container).toBe(stored.container)
    expect(world.reader.identity(world.reader.metadata(again.properties))).toEqual(
      world.reader.identity(stored.metadata),
    )
    expect(
      (await contentOf(world, { id: stored.id, properties: again.properties, previous: undefined })).toString(),
    ).toBe('text')
    await expect(world.reader.item(world.root, `${stored.id}X`, signal)).rejects.toMatchObject({
      code: 'graph.not-found',
    })
  })

  it('whose permissions cannot be read for now fails for now; one denied for good is noted', async () => {
    const world = await startDriveWorld()
    const { drives, simulator } = world
    for (const name of ['later', 'never', 'fine']) {
      drives.addFile(ada, `${name}.txt`, name)
      drives.shareByLink(ada, `${name}.txt`, { type: 'view', scope: 'organization' })
    }
    drives.addFolder(ada, 'Folder')
    drives.shareByLink(ada, 'Folder', { type: 'view', scope: 'organization' })
    const permissions = 'drives/{drive}/items/{item}/permissions'
    const fault = (name: string, status: number): void => {
      const path = encodeURIComponent(drives.itemId(ada, name))
      simulator.faults.add({ kind: 'status', status, match: { route: permissions, path } })
    }
    fault('later.txt', 500)
    fault('never.txt', 403)
    fault('Folder', 500)
    const held = await read(world)
    expect(held.items.map(nameOf).sort()).toEqual(['fine.txt', 'never.txt'])
    expect([...held.unread.values()]).toEqual([
      expect.objectContaining({ code: 'graph.service-failed', retry: 'later' }),
    ])
    expect(itemNamed(held, 'never.txt').metadata['o365:Notices']).toEqual(['permissions-unread'])
    simulator.faults.clear()
    const after = await read(world, held)
    const folder = after.containers.find(({ name }) => name === 'Folder')
    expect(propertiesOf(folder?.properties ?? {}).permissions).toHaveLength(2)
    expect(await requestsOf(world, () => read(world, after))).toMatchObject({ requests: { length: 1 } })
  })
})
