import { describe, expect, it } from 'vitest'
import { EngineError, isEngineError } from '../../../src-main/engine/model/errors.ts'
import type { OnRequest } from '../../../src-main/engine/ports/restore-target.ts'
import type { GraphClient } from '../../../src-main/graph/client/types.ts'
import type { DumpedItem } from '../../support/graph-simulator/services/drive/index.ts'
import { driveWorld, dumped, heldFile, restore, storedFile, withMethods } from './restoring-fixture.ts'
import type { DriveWorld, StoredFolder } from './restoring-fixture.ts'

const bob = 'bob@contoso.example'
const onRequest: ReadonlySet<OnRequest> = new Set(['permissions', 'sharing-links', 'versions'])
const permissions = [
  { roles: ['write'], grantedToV2: { user: { id: 'bob' } } },
  { roles: ['read'], link: { type: 'view', scope: 'organization' }, hasPassword: false },
]
const folderTimes = { createdDateTime: '2018-01-02T03:04:05Z', lastModifiedDateTime: '2018-02-03T04:05:06Z' }

const scene: StoredFolder = {
  name: 'files',
  folders: [
    {
      name: 'Shared',
      metadata: { permissions, fileSystemInfo: folderTimes },
      files: [
        storedFile('empty.txt', ''),
        storedFile('two fragments.bin', { size: 10_500_000, seed: 9 }),
        storedFile('shared.txt', 'for bob', { permissions }),
        {
          ...storedFile('versions.txt', 'third', {
            versions: [
              { id: '2.0', lastModifiedDateTime: '2020-01-02T00:00:00Z' },
              { id: '1.0', lastModifiedDateTime: '2020-01-01T00:00:00Z' },
            ],
          }),
          parts: [heldFile('1.0 2020.txt', 'the first'), heldFile('2.0 2020.txt', 'second')],
        },
      ],
    },
  ],
}

/** The client of a process that is killed after so many requests: nothing goes out any more, not even to clean up. */
function killedAfter(
  client: GraphClient,
  requests: number,
): { readonly client: GraphClient; readonly sent: () => number } {
  let sent = 0
  const count = (): void => {
    sent += 1
    if (sent > requests) throw new EngineError('cancelled')
  }
  const killed = withMethods(client, {
    json: async (request) => {
      count()
      return await client.json(request)
    },
    putRange: async (request) => {
      count()
      return await client.putRange(request)
    },
    batch: async (members, options) => {
      count()
      return await client.batch(members, options)
    },
    pages: (request, options) => {
      count()
      return client.pages(request, options)
    },
  })
  return { client: killed, sent: () => sent }
}

/**
 * The folder "Restored" itself is left out: it has the time at which it was made. So are the earlier versions of an
 * empty file, which are as empty: each attempt to date it leaves one.
 */
function restored(world: DriveWorld): ReadonlyMap<string, DumpedItem> {
  const items = [...dumped(world)].filter(([path]) => path !== 'Restored')
  return new Map(items.map(([path, item]) => [path, item.size === 0 ? { ...item, versions: [] } : item]))
}

describe('a restore that is killed', () => {
  it('after any of its requests is completed by the next one, equal to one that was not', async () => {
    const options = (world: DriveWorld) => ({
      onRequest,
      people: () => ({ id: world.root(bob).id, address: bob }),
    })
    const undisturbed = await driveWorld({ users: [bob] })
    const { client, sent } = killedAfter(undisturbed.client, Number.POSITIVE_INFINITY)
    await restore(undisturbed, scene, { ...options(undisturbed), client })
    const state = restored(undisturbed)
    expect(state.get('Restored/Shared/versions.txt')?.versions).toHaveLength(2)
    expect(sent()).toBeGreaterThan(20)
    for (let requests = 1; requests < sent(); requests += 1) {
      const world = await driveWorld({ users: [bob] })
      const killed = killedAfter(world.client, requests)
      const isKilled = (error: unknown): boolean => isEngineError(error, 'cancelled')
      await expect(restore(world, scene, { ...options(world), client: killed.client })).rejects.toSatisfy(isKilled)
      const done = await restore(world, scene, options(world))
      expect([...done.outcomes.values()].every(({ kind }) => kind === 'created' || kind === 'duplicate')).toBe(true)
      expect([...restored(world)], `killed after ${requests} requests`).toEqual([...state])
      expect(world.drives.sharingMails).toBe(0)
    }
  })

  it.each(['reset-after', 'done-but-failed', 'reset'] as const)(
    'is no other one if every one of its requests once meets %s',
    async (kind) => {
      const options = (world: DriveWorld) => ({
        onRequest,
        people: () => ({ id: world.root(bob).id, address: bob }),
      })
      const undisturbed = await driveWorld({ users: [bob] })
      await restore(undisturbed, scene, options(undisturbed))
      const world = await driveWorld({ users: [bob] })
      world.simulator.faults.add({ kind, status: 503, perPath: 1, match: { path: '/drives/' } })
      const done = await restore(world, scene, options(world))
      expect(new Set([...done.outcomes.values()].map((outcome) => outcome.kind))).toEqual(new Set(['created']))
      expect(world.simulator.faults.appliedCount()).toBeGreaterThan(15)
      expect([...restored(world)]).toEqual([...restored(undisturbed)])
    },
  )
})
