import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../../src-main/engine/model/json.ts'
import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import type { OnRequest, PersonMap } from '../../../src-main/engine/ports/restore-target.ts'
import { driveRestorer } from '../../../src-main/graph/drive/restorer.ts'
import { userDriveId } from '../../../src-main/graph/drive/user-drives.ts'
import { isObject } from '../../../src-main/graph/item/fields.ts'
import { propertiesOf } from '../../../src-main/graph/item/metadata.ts'
import { readHeld, restoreHeld, type HeldItem, type HeldType } from '../../support/adapter-round.ts'
import { ada, folderPath, grace, nameOf, startDriveWorld, type DriveWorld } from './reading-fixture.ts'

const MiB = 1024 * 1024
const old = { createdDateTime: '2017-01-02T03:04:05Z', lastModifiedDateTime: '2018-02-03T04:05:06Z' }
const onRequest: ReadonlySet<OnRequest> = new Set(['permissions', 'sharing-links', 'versions'])

/**
 * What the server gives each drive of its own, with the reason why it is not compared.
 * Of the properties of a file or folder:
 */
const assigned: Readonly<Record<string, string>> = {
  id: 'made by the drive',
  eTag: 'made of the id',
  cTag: 'made of the id',
  webUrl: 'made of the drive and its tenant',
  parentReference: 'ids of the drive and the folder; the folder itself is compared by its path',
  sharepointIds: 'ids of the site',
  createdBy: 'who is signed in',
  lastModifiedBy: 'who is signed in',
  createdDateTime: 'when it was uploaded; fileSystemInfo has the time of the file',
  lastModifiedDateTime: 'the same',
  specialFolder: 'the drive itself gives folders their roles; Graph takes none',
  shared: 'made of the permissions, which are compared, and of who shared it when',
}

/** Of a permission. */
const assignedToPermission: Readonly<Record<string, string>> = {
  id: 'made by the drive',
  shareId: 'made of the id',
  grantedTo: 'the deprecated form of grantedToV2',
  grantedToIdentities: 'the deprecated form of grantedToIdentitiesV2',
}

async function scene(type: 'business' | 'personal'): Promise<{ readonly world: DriveWorld; readonly drive: string }> {
  const world = await startDriveWorld()
  const { drives } = world
  const drive = type === 'business' ? (drives.driveIds(ada)[0] ?? '') : personalDrive(world, ada)
  drives.addFolder(drive, 'Documents', old)
  drives.setSpecial(drive, 'Documents', 'documents')
  drives.addFile(drive, 'Documents/plain.txt', 'plain', old)
  drives.addFile(drive, 'Documents/empty.txt', '', old)
  drives.addFile(drive, 'Documents/large.bin', { size: 11 * MiB, seed: 5 }, old)
  drives.addFile(drive, 'Documents/100% #1 + \u{1f389} O\u2019Brien.txt', 'strange', old)
  drives.addFile(drive, 'Documents/Cafe\u0301/Caf\u00e9.txt', 'composed', old)
  drives.addFile(drive, 'Documents/Caf\u00e9/Cafe\u0301.txt', 'decomposed', old)
  drives.addVersion(drive, 'Documents/plain.txt', 'plainer', { lastModifiedDateTime: '2017-05-01T00:00:00Z' })
  drives.addVersion(drive, 'Documents/plain.txt', 'plainest', { lastModifiedDateTime: '2017-06-01T00:00:00Z' })
  drives.addFile(drive, 'Shared/by link.txt', 'linked', old)
  drives.addFile(drive, 'Shared/by name.txt', 'named', old)
  drives.shareByLink(drive, 'Shared/by link.txt', {
    type: 'view',
    scope: 'anonymous',
    expirationDateTime: '2095-01-01T00:00:00Z',
  })
  drives.shareByLink(drive, 'Shared/by link.txt', { type: 'edit', scope: 'users', to: [grace] })
  drives.share(drive, 'Shared/by name.txt', { to: grace, role: 'write' })
  drives.share(drive, 'Documents', { to: grace, role: 'read' })
  if (type === 'personal') drives.setFacets(drive, 'Documents/plain.txt', {}, 'What it is about')
  return { world, drive }
}

function personalDrive({ drives }: DriveWorld, user: string): string {
  drives.removeDrive(user)
  return drives.addDrive({ owner: user, type: 'personal' }).id
}

function rootOf({ simulator }: DriveWorld, name: string): Root {
  const user = simulator.tenant.users().find((each) => each.userPrincipalName === name)
  return { kind: 'user', id: user?.id ?? '', name }
}

function peopleBetween(from: DriveWorld, to: DriveWorld): PersonMap {
  return ({ id }) => {
    const person = from.simulator.tenant.users().find((user) => user.id === id)
    const name = person?.userPrincipalName
    return name === undefined ? undefined : { id: rootOf(to, name).id, address: name }
  }
}

/** Restores what is held where it was, into Ada's drive of another tenant, and reads that. */
async function moved(from: DriveWorld, held: HeldType, to: DriveWorld): Promise<HeldType> {
  const reader = to.readerWith({ versions: 10 })
  const restorer = driveRestorer(to.client, { folder: 'onedrive', drive: userDriveId(to.client) })
  const outcomes = await restoreHeld(restorer, reader, held, rootOf(to, ada), {
    targetFolder: '/',
    onRequest,
    people: peopleBetween(from, to),
  })
  expect([...outcomes.values()].filter(({ kind }) => kind !== 'created')).toEqual([])
  expect([...outcomes.values()].flatMap((outcome) => ('remarks' in outcome ? outcome.remarks : []))).toEqual([])
  expect(to.drives.sharingMails).toBe(0)
  return await readHeld(reader, rootOf(to, ada))
}

/** The drive itself and its root: what is restored goes into those that are there, which have their own times. */
const drives: ReadonlySet<string> = new Set(['OneDrive', 'OneDrive/files'])

/** Everything of a drive by path, but for what is assigned. */
function comparable(held: HeldType): object {
  const folders = held.containers.map(({ id, properties }): [string, object] => [
    folderPath(held, id),
    facts(propertiesOf(properties)),
  ])
  const items = held.items.map((item) => [`${folderPath(held, item.container)}/${nameOf(item)}`, itemFacts(item)])
  return {
    folders: Object.fromEntries(folders.filter(([path]) => !drives.has(path))) as object,
    items: Object.fromEntries(items) as object,
  }
}

function itemFacts(item: HeldItem): object {
  const { versions, ...properties } = facts(propertiesOf(item.metadata))
  return {
    ...properties,
    type: item.metadata['o365:Type'],
    content: item.content === undefined ? undefined : Buffer.from(item.content).toString('base64').slice(0, 5_000),
    // Ids and times of versions are the server's; an empty file has a second version for its date.
    versions: properties.size === 0 ? [] : ((versions as JsonObject[] | undefined) ?? []).map(({ size }) => size),
    earlier: properties.size === 0 ? [] : [...item.parts].sort().map(([, bytes]) => Buffer.from(bytes).toString()),
  }
}

function facts(properties: JsonObject): JsonObject {
  const kept = Object.entries(properties).filter(([name]) => !(name in assigned))
  const permissions = properties.permissions as readonly JsonObject[] | undefined
  return {
    ...Object.fromEntries(kept),
    ...(permissions === undefined ? {} : { permissions: permissions.map((one) => permissionFacts(one)).sort() }),
  }
}

function permissionFacts(permission: JsonObject): string {
  const kept = Object.entries(permission).filter(([name]) => !(name in assignedToPermission))
  return JSON.stringify(plain(Object.fromEntries(kept)))
}

/** People by their addresses; addresses of links left out. */
function plain(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((one: JsonValue) => plain(one)).sort()
  if (!isObject(value)) return value
  if (typeof value.email === 'string') return value.email
  // Where from: the path above an item, which a listing does not tell anew when a folder above is renamed.
  if (typeof value.path === 'string') return 'a folder above'
  const entries = Object.entries(value).filter(([name]) => !['webUrl', 'driveId', 'id', 'siteUser'].includes(name))
  return Object.fromEntries(entries.sort().map(([name, inner]) => [name, plain(inner)]))
}

describe('a drive', () => {
  it.each(['business', 'personal'] as const)('comes back in another tenant as it was: %s', async (type) => {
    const { world } = await scene(type)
    const held = await readHeld(world.readerWith({ versions: 10 }), world.root)
    expect(held.items).toHaveLength(8)
    const target = await startDriveWorld({ seed: 2 })
    if (type === 'personal') personalDrive(target, ada)
    const back = await moved(world, held, target)
    expect(comparable(back)).toEqual(comparable(held))
  })

  it('comes back from a second, incremental run as it was then', async () => {
    const { world, drive } = await scene('business')
    const reader = world.readerWith({ versions: 10 })
    const first = await readHeld(reader, world.root)
    world.drives.edit(drive, 'Documents/plain.txt', 'edited since', { lastModifiedDateTime: '2019-01-01T00:00:00Z' })
    world.drives.rename(drive, 'Documents', 'Papers')
    world.drives.move(drive, 'Shared/by name.txt', 'Papers')
    world.drives.delete(drive, 'Papers/large.bin')
    const held = await readHeld(reader, world.root, first)
    expect(held.items).toHaveLength(7)
    const back = await moved(world, held, await startDriveWorld({ seed: 2 }))
    expect(comparable(back)).toEqual(comparable(held))
  })

  it('comes back once: a second restore creates nothing', async () => {
    const { world } = await scene('business')
    const reader = world.readerWith({ versions: 10 })
    const held = await readHeld(reader, world.root)
    const target = await startDriveWorld({ seed: 2 })
    await moved(world, held, target)
    const state = target.drives.dump(ada)
    const restorer = driveRestorer(target.client, { folder: 'onedrive', drive: userDriveId(target.client) })
    const options = { targetFolder: '/', onRequest, people: peopleBetween(world, target) }
    const outcomes = await restoreHeld(restorer, reader, held, rootOf(target, ada), options)
    expect(new Set([...outcomes.values()].map(({ kind }) => kind))).toEqual(new Set(['duplicate']))
    expect(target.drives.dump(ada)).toEqual(state)
  })
})
