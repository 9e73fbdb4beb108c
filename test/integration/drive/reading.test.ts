import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { driveDescriber } from '../../../src-main/graph/drive/reader.ts'
import { propertiesOf } from '../../../src-main/graph/item/metadata.ts'
import { readHeld } from '../../support/adapter-round.ts'
import {
  ada,
  comparable,
  folderPath,
  grace,
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

const deltaRoute = 'GET drives/{drive}/items/{item}/delta'

async function smallDrive(): Promise<DriveWorld> {
  const world = await startDriveWorld()
  const { drives } = world
  drives.addFile(ada, 'Notes.txt', 'notes', { lastModifiedDateTime: '2024-05-06T07:08:09Z', description: 'of mine' })
  drives.addFile(ada, 'Projects/Plan.docx', 'plan')
  drives.addFile(ada, 'Projects/Deep/Er/data.bin', { size: 100_000, seed: 5 })
  drives.addFolder(ada, 'Empty')
  drives.addFile(ada, 'Empty file.txt', '')
  return world
}

function identityOf({ simulator }: DriveWorld, name: string): object {
  const user = simulator.tenant.users().find(({ userPrincipalName }) => userPrincipalName === name)
  return { id: user?.id, displayName: user?.displayName, email: name }
}

describe('a drive', () => {
  it('is read with its folders, files and what Graph says of them', async () => {
    const world = await smallDrive()
    const held = await read(world)
    expect(pathsOf(held)).toEqual([
      'OneDrive/files/Empty file.txt',
      'OneDrive/files/Notes.txt',
      'OneDrive/files/Projects/Deep/Er/data.bin',
      'OneDrive/files/Projects/Plan.docx',
    ])
    expect(held.containers.map(({ id }) => folderPath(held, id))).toEqual([
      'OneDrive',
      'OneDrive/files',
      'OneDrive/files/Projects',
      'OneDrive/files/Empty',
      'OneDrive/files/Projects/Deep',
      'OneDrive/files/Projects/Deep/Er',
    ])
    const notes = itemNamed(held, 'Notes.txt')
    expect(textOf(notes.content)).toBe('notes')
    expect(notes.metadata).toMatchObject({
      'o365:v': 1,
      'o365:Type': 'file',
      'o365:Name': 'Notes.txt',
      'o365:LastModifiedDateTime': '2024-05-06T07:08:09Z',
    })
    expect(propertiesOf(notes.metadata)).toMatchObject({
      description: 'of mine',
      size: 5,
      file: { mimeType: 'text/plain' },
    })
    expect(JSON.stringify(held.items)).not.toMatch(/tempauth|holdfast/)
    expect(itemNamed(held, 'Empty file.txt').content).toHaveLength(0)
    expect(held.unread.size).toBe(0)
  })

  it('says of its folders only what does not change with what is in them', async () => {
    const world = await smallDrive()
    const before = await read(world)
    world.drives.addFile(ada, 'Projects/More.txt', 'more')
    world.pass(3_600_000)
    const after = await read(world, before)
    expect(after.containers.map(({ items: _items, ...rest }) => rest)).toEqual(
      before.containers.map(({ items: _items, ...rest }) => rest),
    )
    expect(JSON.stringify(before.containers)).not.toMatch(/quota|childCount/)
  })

  it('takes one request per file, one for the listing and one to find the drive; an unchanged one a single request', async () => {
    const world = await smallDrive()
    const first = await requestsOf(world, () => read(world))
    expect(first.requests.filter((request) => request.endsWith('/download'))).toHaveLength(3)
    expect(first.requests.filter((request) => !request.endsWith('/download'))).toEqual([
      'GET users/{user}/drive',
      deltaRoute,
    ])
    const second = await requestsOf(world, () => read(world, first.result))
    expect(second.requests).toEqual([deltaRoute])
    expect(comparable(second.result)).toEqual(comparable(first.result))
  })

  it('leaves nothing behind in the temporary folder, whatever happens', async () => {
    vi.stubEnv('TMPDIR', mkdtempSync(join(tmpdir(), 'holdfast-reading-')))
    const world = await smallDrive()
    await read(world)
    const listing = await world.reader.containers(world.root, undefined, signal)
    expect(listing.tellsItems).toBe(true)
    await world.reader.finished?.(world.root)
    const stopped = world.reader.containers(world.root, undefined, AbortSignal.abort())
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
    world.simulator.faults.add({ kind: 'status', status: 501, match: { route: 'drives/{drive}/items/{item}/delta' } })
    await expect(read(world)).rejects.toMatchObject({ code: 'graph.request-refused' })
    expect(readdirSync(tmpdir())).toEqual([])
    rmdirSync(tmpdir())
    vi.unstubAllEnvs()
  })

  it('names files as they are called, and unsafe names safely', async () => {
    const world = await startDriveWorld()
    const long = `${'x'.repeat(240)}.txt`
    for (const name of ['Ünï çödé 𝄞.txt', 'a  b.txt', '.gitignore', 'cafe\u0301.txt', long, 'no extension'])
      world.drives.addFile(ada, name, name)
    const held = await read(world)
    const names = held.items.map((item) => [nameOf(item), driveDescriber.row(item.metadata, 0).name])
    const byName = new Map(names.map(([name = '', stored = '']) => [name, stored]))
    for (const name of ['Ünï çödé 𝄞.txt', '.gitignore', 'no extension']) expect(byName.get(name)).toBe(name)
    expect(byName.get('a  b.txt')).toMatch(/^a b ~[a-z2-7]{10}\.txt$/)
    expect(byName.get('cafe\u0301.txt')).toMatch(/^caf\u00e9 ~[a-z2-7]{10}\.txt$/)
    expect(byName.get(long)).toMatch(/^x{220,} ~[a-z2-7]{10}\.txt$/)
    expect(Buffer.byteLength(byName.get(long) ?? '')).toBeLessThanOrEqual(240)
  })

  it('carries the permissions of what is shared, in as few requests as that takes', async () => {
    const world = await smallDrive()
    const { drives } = world
    for (let number = 0; number < 25; number++) {
      drives.addFile(ada, `Shared/${String(number)}.txt`, 'shared')
      drives.share(ada, `Shared/${String(number)}.txt`, { to: grace, role: 'read' })
    }
    drives.shareByLink(ada, 'Projects', { type: 'view', scope: 'organization' })
    const first = await requestsOf(world, () => read(world))
    expect(first.requests.filter((request) => request.includes('batch'))).toHaveLength(2 + 1 + 1 + 1)
    const held = first.result
    const shared = propertiesOf(itemNamed(held, '7.txt').metadata)
    expect(shared.permissions).toContainEqual(
      expect.objectContaining({ roles: ['read'], grantedTo: { user: identityOf(world, grace) } }),
    )
    const plan = propertiesOf(itemNamed(held, 'Plan.docx').metadata)
    expect(JSON.stringify(plan.permissions)).toContain('inheritedFrom')
    const projects = held.containers.find(({ name }) => name === 'Projects')
    expect(JSON.stringify(propertiesOf(projects?.properties ?? {}).permissions)).toContain('"type":"view"')
    expect(propertiesOf(itemNamed(held, 'Notes.txt').metadata)).not.toHaveProperty('permissions')
    const second = await requestsOf(world, () => read(world, held))
    expect(second.requests).toEqual([deltaRoute])
    expect(comparable(second.result)).toEqual(comparable(held))
  })

  it('notices that something is shared with one more person, without reading content', async () => {
    const world = await smallDrive()
    world.drives.share(ada, 'Notes.txt', { to: grace, role: 'read' })
    const before = await read(world)
    world.drives.shareByLink(ada, 'Notes.txt', { type: 'edit', scope: 'organization' })
    const { result, requests } = await requestsOf(world, () => read(world, before))
    expect(requests.filter((request) => request.endsWith('/download'))).toEqual([])
    const count = (held: typeof before): unknown => propertiesOf(itemNamed(held, 'Notes.txt').metadata).permissions
    expect(count(result)).not.toEqual(count(before))
    expect(comparable(result)).toEqual(comparable(await read(world)))
  })

  it('keeps notebooks and shortcuts as what they are, and finds what is in a notebook', async () => {
    const world = await startDriveWorld()
    const { drives } = world
    drives.addFile(grace, 'Hers/file.txt', 'hers')
    drives.addShortcut(ada, 'Link to hers', { drive: grace, item: 'Hers' })
    drives.addNotebook(ada, 'Notebook')
    drives.addNotebook(ada, 'Empty notebook')
    drives.addFile(ada, 'Notebook/Section.one', 'section')
    const first = await requestsOf(world, () => read(world))
    expect(first.requests.filter((request) => request.endsWith('/download'))).toHaveLength(1)
    const held = first.result
    expect(pathsOf(held)).toEqual([
      'OneDrive/files/Empty notebook',
      'OneDrive/files/Link to hers',
      'OneDrive/files/Notebook',
      'OneDrive/files/Notebook/Section.one',
    ])
    const notebook = itemNamed(held, 'Empty notebook')
    expect(notebook.content).toBeUndefined()
    expect(notebook.metadata).toMatchObject({ 'o365:Type': 'package', 'o365:Notices': ['package'] })
    expect(itemNamed(held, 'Link to hers')).toMatchObject({
      content: undefined,
      metadata: { 'o365:Type': 'shortcut', 'o365:Notices': ['shortcut'] },
    })
    drives.rename(ada, 'Notebook', 'Renamed')
    drives.addFile(ada, 'Empty notebook/New.one', 'new')
    const second = await read(world, held)
    expect(pathsOf(second)).toContain('OneDrive/files/Renamed/Section.one')
    expect(comparable(second)).toEqual(comparable(await read(world)))
    drives.delete(ada, 'Renamed')
    expect(pathsOf(await read(world, second))).toEqual(pathsOf(await read(world)))
  })

  it('stores earlier versions on request, each once', async () => {
    const world = await smallDrive()
    for (const text of ['two', 'three', 'four']) {
      world.pass(60_000)
      world.drives.edit(ada, 'Notes.txt', text)
    }
    const reader = world.readerWith({ versions: 2 })
    const held = await readHeld(reader, world.root)
    const notes = itemNamed(held, 'Notes.txt')
    expect(textOf(notes.content)).toBe('four')
    expect([...notes.parts].map(([name, bytes]) => [name.replace(/ \d{4}-.*Z/, ''), textOf(bytes)])).toEqual([
      ['3.0.txt', 'three'],
      ['2.0.txt', 'two'],
    ])
    expect(propertiesOf(notes.metadata).versions).toHaveLength(2)
    world.pass(60_000)
    world.drives.edit(ada, 'Notes.txt', 'five')
    const again = await requestsOf(world, () => readHeld(reader, world.root, held))
    expect(again.requests.filter((request) => request.includes('versions'))).toEqual([
      'GET drives/{drive}/items/{item}/versions',
      'GET drives/{drive}/items/{item}/versions/{version}/content',
    ])
    expect([...itemNamed(again.result, 'Notes.txt').parts.values()].map(textOf)).toEqual(['four', 'three'])
  })

  it('says so when the user has none, or none any more', async () => {
    const world = await smallDrive()
    const held = await read(world)
    world.drives.removeDrive(ada)
    await expect(read(world)).rejects.toMatchObject({ code: 'graph.no-drive' })
    await expect(read(world, held)).rejects.toMatchObject({ code: 'graph.no-drive' })
    world.drives.removeDrive(grace)
    const other = world.simulator.tenant.users().find(({ userPrincipalName }) => userPrincipalName === grace)
    const nobody = { kind: 'user', id: other?.id ?? '', name: grace } as const
    await expect(readHeld(world.reader, nobody)).rejects.toMatchObject({ code: 'graph.no-drive' })
  })

  it('is read the same way when it is a personal one whose id lost a zero', async () => {
    const world = await startDriveWorld()
    world.drives.removeDrive(ada)
    world.drives.addDrive({ owner: ada, type: 'personal', id: '0123456789ABCDEF', behaviour: { shortDriveId: true } })
    world.drives.addFile(ada, 'A/b.txt', 'b')
    const first = await read(world)
    expect(pathsOf(first)).toEqual(['OneDrive/files/A/b.txt'])
    world.drives.move(ada, 'A/b.txt', '')
    const second = await read(world, first)
    expect(pathsOf(second)).toEqual(['OneDrive/files/b.txt'])
    expect(comparable(second)).toEqual(comparable(await read(world)))
  })
})
