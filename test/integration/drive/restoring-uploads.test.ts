import { describe, expect, it } from 'vitest'
import { isEngineError } from '../../../src-main/engine/model/errors.ts'
import type { GraphClient } from '../../../src-main/graph/client/types.ts'
import type { FaultKind, FaultRule } from '../../support/graph-simulator/index.ts'
import {
  driveWorld,
  dumped,
  hashOf,
  kinds,
  modified,
  remarks,
  restore,
  storedFile,
  withMethods,
} from './restoring-fixture.ts'
import type { DriveWorld, StoredFolder } from './restoring-fixture.ts'

const fragment = 10 * 1024 * 1024
/** Three fragments. */
const content = { size: 2 * fragment + 12_345, seed: 7 }
const large: StoredFolder = { name: 'files', files: [storedFile('large.bin', content)] }
const sessionRoute = 'drives/{drive}/items/{item}/uploadSession'
const beginRoute = 'drives/{drive}/items/{item}/createUploadSession'

function expectWhole(world: DriveWorld, name = 'large.bin', versions: readonly string[] = []): void {
  expect(dumped(world).get(`Restored/${name}`)).toMatchObject({
    size: content.size,
    quickXorHash: hashOf(content),
    lastModifiedDateTime: modified,
    versions,
  })
  expect([...dumped(world).keys()]).toEqual(['Restored', `Restored/${name}`])
  expect(world.drives.uploads.pending).toBe(0)
}

function fragmentsPut({ simulator }: DriveWorld): number {
  return simulator.log.entries().filter(({ method, route }) => method === 'PUT' && route === sessionRoute).length
}

/** The client, but the sessions that it has begun vanish before the fragment of that number. */
function losingSession(world: DriveWorld, before: number): GraphClient {
  let put = 0
  const client = world.client
  return withMethods(client, {
    putRange: async (request) => {
      put += 1
      if (put === before)
        await client.json({ method: 'DELETE', path: request.url, anonymous: true, pool: { kind: 'content' } })
      return await client.putRange(request)
    },
  })
}

describe('an upload that breaks', () => {
  it.each([0, 1, 2])('goes on with another session when the first one is gone before fragment %i', async (at) => {
    const world = await driveWorld()
    const client = losingSession(world, at + 1)
    expect(kinds(await restore(world, large, { client }))).toEqual({ created: 1 })
    expectWhole(world)
    expect(world.simulator.log.count({ route: beginRoute })).toBe(2)
  })

  const faults: readonly FaultKind[] = ['reset', 'reset-after', 'done-but-failed', 'status', 'reset-in-body']
  it.each(faults.flatMap((kind) => [0, 1, 2].map((skip) => ({ kind, skip }))))(
    'survives $kind at fragment $skip',
    async ({ kind, skip }) => {
      const world = await driveWorld()
      const rule: FaultRule = { kind, match: { method: 'PUT', route: sessionRoute }, skip, count: 1, status: 503 }
      world.simulator.faults.add(rule)
      expect(kinds(await restore(world, large))).toEqual({ created: 1 })
      expect(world.simulator.faults.appliedCount()).toBe(1)
      expectWhole(world)
    },
  )

  it('asks what is there after faults that the client gave up on, and sends no byte twice that arrived', async () => {
    const world = await driveWorld()
    world.simulator.faults.add({
      kind: 'done-but-failed',
      match: { method: 'PUT', route: sessionRoute },
      status: 500,
      perPath: 1,
    })
    world.simulator.faults.add({
      kind: 'status',
      match: { method: 'PUT', route: sessionRoute },
      status: 500,
      count: 20,
      skip: 1,
    })
    expect(kinds(await restore(world, large))).toEqual({ created: 1 })
    expectWhole(world)
  })

  it('takes 416 for what it is: the session has the fragment already', async () => {
    const world = await driveWorld()
    let sent = 0
    const client = withMethods(world.client, {
      putRange: async (request) => {
        sent += 1
        // Each but the last arrives twice.
        if (sent < 3) await world.client.putRange(request)
        return await world.client.putRange(request)
      },
    })
    expect(kinds(await restore(world, large, { client }))).toEqual({ created: 1 })
    expectWhole(world)
  })

  it('gives up in the end, and leaves nothing behind', async () => {
    const world = await driveWorld()
    const { client } = world
    const stubborn = withMethods(client, {
      putRange: async (request) => {
        await client.json({ method: 'DELETE', path: request.url, anonymous: true, pool: { kind: 'content' } })
        return await client.putRange(request)
      },
    })
    const done = await restore(world, large, { client: stubborn })
    expect([...done.outcomes.values()]).toEqual([{ kind: 'failed', code: 'graph.service-failed' }])
    expect([...dumped(world).keys()]).toEqual(['Restored'])
    expect(world.drives.uploads.pending).toBe(0)
    expect(kinds(await restore(world, large))).toEqual({ created: 1 })
    expectWhole(world)
  })

  it('leaves no session behind when it is cancelled, and starts anew the next time', async () => {
    const world = await driveWorld()
    const abort = new AbortController()
    const client = withMethods(world.client, {
      putRange: async (request) => {
        const answer = await world.client.putRange(request)
        abort.abort()
        return answer
      },
    })
    await expect(restore(world, large, { client, signal: abort.signal })).rejects.toSatisfy((error) =>
      isEngineError(error, 'cancelled'),
    )
    expect(world.drives.uploads.pending).toBe(0)
    expect(kinds(await restore(world, large))).toEqual({ created: 1 })
    expectWhole(world)
  })

  it('sends fragments without a token, in multiples of 320 KiB', async () => {
    const world = await driveWorld()
    await restore(world, large)
    const puts = world.simulator.log.entries().filter(({ method, route }) => method === 'PUT' && route === sessionRoute)
    expect(puts.map(({ bytesIn }) => bytesIn)).toEqual([fragment, fragment, 12_345])
    expect(puts.every(({ authorized }) => !authorized)).toBe(true)
    expect(fragmentsPut(world)).toBe(3)
  })
})

describe('an empty file', () => {
  const nothing: StoredFolder = { name: 'files', files: [storedFile('nothing.txt', '')] }

  it.each<FaultKind>(['reset-after', 'done-but-failed'])('is there once after %s', async (kind) => {
    const world = await driveWorld()
    world.simulator.faults.add({ kind, match: { method: 'PUT' }, count: 1, status: 503 })
    expect(kinds(await restore(world, nothing))).toEqual({ created: 1 })
    expect(dumped(world).get('Restored/nothing.txt')).toMatchObject({ size: 0, lastModifiedDateTime: modified })
    expect(dumped(world).size).toBe(2)
  })

  it('gets its date by the next restore if the first one was killed before that', async () => {
    const world = await driveWorld()
    world.simulator.faults.add({ kind: 'status', match: { method: 'PATCH' }, status: 500, count: 50 })
    expect(kinds(await restore(world, nothing))).toEqual({ failed: 1 })
    world.simulator.faults.clear()
    const done = await restore(world, nothing)
    expect([...done.outcomes.values()]).toEqual([{ kind: 'duplicate', completed: true }])
    expect(dumped(world).get('Restored/nothing.txt')).toMatchObject({ lastModifiedDateTime: modified })
    expect([...(await restore(world, nothing)).outcomes.values()]).toEqual([{ kind: 'duplicate' }])
  })
})

describe('what arrives', () => {
  /** The client, but Graph's answers tell another hash so many times. */
  function damaging(world: DriveWorld, times: number): GraphClient {
    let left = times
    return withMethods(world.client, {
      putRange: async (request) => {
        const answer = await world.client.putRange(request)
        const body = answer.body as { file?: object } | undefined
        if (body?.file === undefined || left === 0) return answer
        left -= 1
        return { ...answer, body: { ...body, file: { hashes: { quickXorHash: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' } } } }
      },
    })
  }

  it('is sent again if its hash is another one', async () => {
    const world = await driveWorld()
    const done = await restore(world, large, { client: damaging(world, 1) })
    expect(kinds(done)).toEqual({ created: 1 })
    expectWhole(world)
  })

  it('is taken back if that does not help', async () => {
    const world = await driveWorld()
    const done = await restore(world, large, { client: damaging(world, 2) })
    expect([...done.outcomes.values()]).toEqual([{ kind: 'failed', code: 'graph.upload-damaged' }])
    expect([...dumped(world).keys()]).toEqual(['Restored'])
  })

  it('is asked for where the answer tells no hash', async () => {
    const world = await driveWorld()
    const { client } = world
    const silent = withMethods(client, {
      putRange: async (request) => {
        const answer = await client.putRange(request)
        const body = answer.body as { id?: string } | undefined
        return body?.id === undefined ? answer : { ...answer, body: { id: body.id } }
      },
    })
    expect(remarks(await restore(world, large, { client: silent }))).toEqual([])
    expectWhole(world)
  })

  it('may be rewritten by SharePoint, which is remarked and recognised the next time', async () => {
    const world = await driveWorld()
    world.drives.behave(world.drive, { rewritesOfficeFiles: true })
    const office: StoredFolder = {
      name: 'files',
      files: [storedFile('Plan.docx', 'office'), storedFile('a.txt', 'text')],
    }
    const done = await restore(world, office)
    expect(kinds(done)).toEqual({ created: 2 })
    expect(remarks(done)).toEqual(['content-rewritten'])
    expect(kinds(await restore(world, office, { date: '2027-01-01' }))).toEqual({ duplicate: 2 })
    expect(dumped(world).size).toBe(3)
  })
})

describe('a drive that is full', () => {
  it('ends the restore, and what is there stays', async () => {
    const world = await driveWorld()
    world.drives.setQuota(world.drive, 1_000)
    const files = {
      name: 'files',
      files: [storedFile('small.txt', 'fits'), storedFile('big.bin', { size: 5_000, seed: 1 })],
    }
    const full = (error: unknown) => isEngineError(error, 'graph.drive-full')
    await expect(restore(world, files)).rejects.toSatisfy(full)
    expect(world.drives.uploads.pending).toBe(0)
    world.drives.setQuota(world.drive, 100_000)
    await restore(world, files)
    expect([...dumped(world).keys()]).toEqual(['Restored', 'Restored/big.bin', 'Restored/small.txt'])
  })

  it('is noticed before a large file goes up', async () => {
    const world = await driveWorld()
    world.drives.setQuota(world.drive, 50 * 1024 * 1024)
    const files = { name: 'files', files: [storedFile('huge.bin', { size: 100 * 1024 * 1024, seed: 1 })] }
    await expect(restore(world, files)).rejects.toSatisfy((error) => isEngineError(error, 'graph.drive-full'))
    expect(fragmentsPut(world)).toBe(0)
  })
})
