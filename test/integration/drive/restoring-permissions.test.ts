import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import type { OnRequest, PersonMap } from '../../../src-main/engine/ports/restore-target.ts'
import { driveWorld, dumped, grace, kinds, remarks, restore, sourceOwner, storedFile } from './restoring-fixture.ts'
import type { DriveWorld, Restored, RestoreRun, StoredFolder } from './restoring-fixture.ts'

const bob = 'bob@contoso.example'
const cleo = 'cleo@contoso.example'
const everything: ReadonlySet<OnRequest> = new Set(['permissions', 'sharing-links'])

function user(id: string): JsonObject {
  return { user: { id, displayName: id, email: `${id}@fabrikam.example` } }
}

function grant(id: string, role: string, more: JsonObject = {}): JsonObject {
  return { id: `grant ${id}`, roles: [role], grantedToV2: user(id), ...more }
}

function link(type: string, scope: string, more: JsonObject = {}): JsonObject {
  return {
    id: `${type} ${scope}`,
    roles: ['read'],
    link: { type, scope, webUrl: 'https://x.example/1' },
    hasPassword: false,
    ...more,
  }
}

function shared(permissions: readonly JsonObject[], folder: readonly JsonObject[] = []): StoredFolder {
  return {
    name: 'files',
    folders: [
      {
        name: 'Shared',
        metadata: { permissions: folder },
        files: [storedFile('a.txt', 'x', { permissions, shared: {} })],
      },
    ],
  }
}

async function peopled(): Promise<DriveWorld> {
  return await driveWorld({ users: [bob, cleo] })
}

/** Bob and Cleo of the other tenant have their namesakes here. */
function people(world: DriveWorld): PersonMap {
  return ({ id }) => {
    const name = ['bob', 'cleo'].find((each) => each === id)
    return name === undefined
      ? undefined
      : { id: world.root(`${name}@contoso.example`).id, address: `${name}@contoso.example` }
  }
}

async function share(world: DriveWorld, files: StoredFolder, more: RestoreRun = {}): Promise<Restored> {
  return await restore(world, files, { onRequest: everything, people: people(world), ...more })
}

function permissionsOf(world: DriveWorld, path = 'Restored/Shared/a.txt'): readonly string[] {
  return dumped(world).get(path)?.permissions ?? []
}

const mixed = [
  grant(sourceOwner, 'owner'),
  grant('bob', 'read'),
  grant('cleo', 'write'),
  grant('cleo', 'read', { inheritedFrom: { id: 'above' } }),
  link('view', 'organization'),
]

describe('permissions', () => {
  it('are left alone unless they are asked for', async () => {
    const world = await peopled()
    const done = await restore(world, shared(mixed, mixed), { people: people(world) })
    expect(remarks(done)).toEqual([])
    expect(permissionsOf(world)).toEqual([])
    await restore(world, shared(mixed), { people: people(world), onRequest: new Set(['sharing-links']) })
    expect(permissionsOf(world)).toEqual(['read link view organization'])
    await restore(world, shared(mixed), { people: people(world), onRequest: new Set(['permissions']) })
    expect(permissionsOf(world)).toEqual([`read ${bob}`, 'read link view organization', `write ${cleo}`])
  })

  it('come back once, inherited ones not at all, and nobody is told', async () => {
    const world = await peopled()
    const done = await share(world, shared(mixed))
    expect(kinds(done)).toEqual({ created: 1 })
    expect(remarks(done)).toEqual([])
    const wanted = [`read ${bob}`, 'read link view organization', `write ${cleo}`]
    expect(permissionsOf(world)).toEqual(wanted)
    const again = await share(world, shared(mixed))
    expect([...again.outcomes.values()]).toEqual([{ kind: 'duplicate' }])
    expect(permissionsOf(world)).toEqual(wanted)
    expect(world.drives.sharingMails).toBe(0)
  })

  it('of folders come back too, and files below inherit them', async () => {
    const world = await peopled()
    await share(world, shared([], [grant('bob', 'write')]))
    expect(permissionsOf(world, 'Restored/Shared')).toEqual([`write ${bob}`])
    expect(permissionsOf(world)).toEqual([`write ${bob} (inherited)`])
    const incomplete = await share(world, shared([], [grant('nobody', 'write')]))
    expect(remarks(incomplete)).toEqual(['folder-permissions-incomplete'])
    expect(incomplete.findings).toEqual([])
    const empty = { name: 'files', folders: [{ name: 'Empty', metadata: { permissions: [grant('nobody', 'write')] } }] }
    const { findings } = await share(world, empty)
    expect(findings).toEqual([{ path: 'Restored/Empty', remarks: [{ code: 'folder-permissions-incomplete' }] }])
  })

  it('links for particular people go to who stands for them', async () => {
    const world = await peopled()
    const identities = [user('bob'), user('stranger')]
    const done = await share(world, shared([link('edit', 'users', { grantedToIdentitiesV2: identities })]))
    expect(remarks(done)).toEqual(['person-unmapped'])
    expect(permissionsOf(world)).toEqual([`write link edit users ${bob}`])
    await share(world, shared([link('edit', 'users', { grantedToIdentitiesV2: identities })]))
    expect(permissionsOf(world)).toEqual([`write link edit users ${bob}`])
    expect(world.drives.sharingMails).toBe(0)
  })

  it('that cannot come back are remarked, each for its reason', async () => {
    const world = await peopled()
    const done = await share(
      world,
      shared([
        grant('stranger', 'read'),
        grant('bob', 'owner'),
        { roles: ['write'], grantedToV2: { siteGroup: { id: '3', displayName: 'Members' } } },
        { roles: ['write'], grantedToV2: { application: { id: 'x', displayName: 'App' } } },
        grant('cleo', 'read', { expirationDateTime: '2020-01-01T00:00:00Z' }),
        link('view', 'anonymous', { hasPassword: true }),
        link('addressBar', 'organization'),
        link('embed', 'anonymous'),
      ]),
    )
    expect(kinds(done)).toEqual({ created: 1 })
    expect(remarks(done)).toEqual([
      'application-grant-lost',
      'link-not-restored',
      'link-password-lost',
      'owner-role-lost',
      'permission-expired',
      'permission-refused',
      'person-unmapped',
      'site-group-lost',
    ])
    expect(permissionsOf(world)).toEqual([])
  })

  it('keep their end', async () => {
    const world = await peopled()
    const expirationDateTime = '2096-01-02T03:04:05Z'
    await share(
      world,
      shared([grant('bob', 'read', { expirationDateTime }), link('view', 'anonymous', { expirationDateTime })]),
    )
    const { permissions } = world.drives.item(world.drive, 'Restored/Shared/a.txt')
    const ends = permissions.filter(({ roles }) => !roles.includes('owner')).map(({ expiresAt }) => expiresAt)
    expect(ends).toEqual([Date.parse(expirationDateTime), Date.parse(expirationDateTime)])
  })

  it('are completed by the next restore where one was killed', async () => {
    const world = await peopled()
    const route = 'drives/{drive}/items/{item}/invite'
    world.simulator.faults.add({ kind: 'status', match: { route }, status: 500 })
    const broken = await share(world, shared(mixed))
    expect(kinds(broken)).toEqual({ failed: 1 })
    world.simulator.faults.clear()
    const done = await share(world, shared(mixed))
    expect([...done.outcomes.values()]).toEqual([{ kind: 'duplicate', completed: true }])
    expect(permissionsOf(world)).toEqual([`read ${bob}`, 'read link view organization', `write ${cleo}`])
  })

  it.each(['reset-after', 'done-but-failed'] as const)('are there once after %s', async (kind) => {
    const world = await peopled()
    world.simulator.faults.add({ kind, match: { path: 'invite|createLink' }, status: 503, perPath: 1 })
    expect(kinds(await share(world, shared(mixed)))).toEqual({ created: 1 })
    expect(permissionsOf(world)).toEqual([`read ${bob}`, 'read link view organization', `write ${cleo}`])
    expect(world.simulator.faults.appliedCount()).toBe(2)
  })

  it('of somebody who owns the target are not asked for', async () => {
    const world = await peopled()
    const owner: PersonMap = () => ({ id: world.root(grace).id, address: grace })
    expect(
      remarks(await share(world, shared([grant('bob', 'owner'), grant('cleo', 'write')]), { people: owner })),
    ).toEqual([])
    expect(permissionsOf(world)).toEqual([])
  })
})
