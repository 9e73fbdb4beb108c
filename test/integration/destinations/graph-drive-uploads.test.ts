import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSessionFile } from '../../../src-main/destinations/graph-drive/session-file.ts'
import type { DestinationStore } from '../../../src-main/engine/ports/destination-store.ts'
import type { GraphClient } from '../../../src-main/graph/client/types.ts'
import { expectCode } from '../../support/destination-conformance.ts'
import type { FaultKind } from '../../support/graph-simulator/index.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { MiB, places, startScene, type DriveScene } from './graph-drive-fixture.ts'
import { startLinkedClient, watchingFragments, type LinkedClient } from './linked-client.ts'

const sessionRoute = 'drives/{drive}/items/{item}/uploadSession'
const beginRoute = 'drives/{drive}/items/{item}/createUploadSession'
const fragment = 1280 * 1024
/** Seventeen fragments, the last one short. */
const content = randomBytes(20 * MiB + 12_345)
const name = 'data/ab/pack'

let scene: DriveScene
const linked: LinkedClient[] = []

beforeEach(async () => {
  scene = await startScene()
})
afterEach(async () => {
  for (const one of linked.splice(0)) await one.close()
  await scene.close()
})

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function prepared(client: GraphClient, size = fragment): Promise<DestinationStore> {
  const store = scene.store(places.group(scene), { client, fragments: { size } })
  await store.prepare()
  scene.simulator.log.clear()
  return store
}

/** Fragments that the simulator answered with that status. */
function put(status?: number): number {
  return scene.simulator.log.count({ method: 'PUT', route: sessionRoute, ...(status === undefined ? {} : { status }) })
}

async function expectWhole(store: DestinationStore, whole = content): Promise<void> {
  expect(digest(await store.get(name))).toBe(digest(whole))
  expect(scene.drives.uploads.pending).toBe(0)
}

describe('an upload in fragments', () => {
  it('sends each byte once, without a token, and puts a small file in one request', async () => {
    const store = await prepared(scene.client)
    await store.put(name, [content.subarray(0, 5_000), content.subarray(5_000)])
    expect([put(202), put(201)]).toEqual([16, 1])
    const sent = scene.simulator.log.entries({ route: sessionRoute })
    expect(sent.reduce((sum, { bytesIn }) => sum + bytesIn, 0)).toBe(content.length)
    expect(sent.some(({ authorized }) => authorized)).toBe(false)
    await expectWhole(store)
    scene.simulator.log.clear()
    await store.put('keys/small', [content.subarray(0, fragment)])
    expect(scene.simulator.log.count({})).toBe(1)
  })

  it('goes on where the session is when the connection is cut inside every fragment', async () => {
    const random = seededRandom(11)
    const { clock } = scene
    const line = await startLinkedClient(
      scene.simulator.graphBaseUrl,
      {},
      {
        tokens: { token: () => Promise.resolve(scene.simulator.tokens.issue(clock.now(), '')) },
        clock,
        random: () => 0.5,
      },
    )
    linked.push(line)
    const cut = new Set<number>()
    const client = watchingFragments(line.client, ({ first, bytes }) => {
      if (cut.has(first)) return
      cut.add(first)
      // At least one byte short of the whole, at most all but the request's head.
      line.link.cutAfter(Math.floor(random() * bytes))
    })
    const store = await prepared(client)
    const before = line.link.sent
    await store.put(name, [content])
    expect([cut.size, line.link.cuts]).toEqual([17, 17])
    // What arrived in whole was never sent again.
    expect([put(202), put(201), put(416)]).toEqual([16, 1, 0])
    expect(line.link.sent - before).toBeLessThan(content.length + 17 * fragment)
    await expectWhole(store)
    expect(scene.simulator.log.count({ route: beginRoute })).toBe(1)
  })

  it.each<FaultKind>(['reset-after', 'done-but-failed', 'reset', 'status'])(
    'sends nothing again that arrived when the connection breaks at every boundary (%s)',
    async (kind) => {
      const broken = new Set<number>()
      const client = watchingFragments(scene.client, ({ first }) => {
        if (broken.has(first)) return
        broken.add(first)
        scene.simulator.faults.add({ kind, count: 1, match: { method: 'PUT', route: sessionRoute }, status: 500 })
      })
      const store = await prepared(client)
      await store.put(name, [content])
      expect(broken.size).toBe(17)
      expect(scene.simulator.faults.appliedCount()).toBe(17)
      expect(put(416)).toBe(0)
      const isDone = kind === 'reset-after' || kind === 'done-but-failed'
      expect(put()).toBe(isDone ? 17 : 34)
      await expectWhole(store)
      expect(scene.simulator.log.count({ route: beginRoute })).toBe(1)
    },
  )

  it('carries 200 MB over a line that is cut inside and after each of its fragments', async () => {
    const large = randomBytes(200_000_000)
    const { clock } = scene
    const line = await startLinkedClient(
      scene.simulator.graphBaseUrl,
      {},
      {
        tokens: { token: () => Promise.resolve(scene.simulator.tokens.issue(clock.now(), '')) },
        clock,
        random: () => 0.5,
      },
    )
    linked.push(line)
    const seen = new Map<number, number>()
    const client = watchingFragments(line.client, ({ first, bytes }) => {
      const times = (seen.get(first) ?? 0) + 1
      seen.set(first, times)
      if (times === 1) line.link.cutAfter(Math.floor(bytes / 3))
      if (times === 2)
        scene.simulator.faults.add({ kind: 'reset-after', count: 1, match: { method: 'PUT', route: sessionRoute } })
    })
    const store = await prepared(client, 10 * MiB)
    await store.put(name, [large])
    expect([seen.size, line.link.cuts, scene.simulator.faults.appliedCount()]).toEqual([20, 20, 20])
    expect([put(0), put(416)]).toEqual([20, 0])
    await expectWhole(store, large)
  })

  it.each([0, 1, 8, 16])('begins another session when the first one is gone before fragment %i', async (at) => {
    const client = watchingFragments(scene.client, async ({ url, number }) => {
      if (number === at)
        await scene.client.json({ method: 'DELETE', path: url, anonymous: true, pool: { kind: 'content' } })
    })
    const store = await prepared(client)
    await store.put(name, [content])
    expect(scene.simulator.log.count({ route: beginRoute })).toBe(2)
    await expectWhole(store)
  })

  it('begins another session when the first one expires', async () => {
    const client = watchingFragments(scene.client, async ({ number }) => {
      if (number === 7) await scene.clock.wait(25 * 3_600_000)
    })
    const store = await prepared(client)
    await store.put(name, [content])
    expect(scene.simulator.log.count({ route: beginRoute })).toBe(2)
    await expectWhole(store)
  })

  it('gives up after so many retries of one fragment, ends the session and leaves the former content', async () => {
    const store = await prepared(scene.client)
    await store.put(name, [Uint8Array.of(1, 2, 3)])
    scene.simulator.log.clear()
    scene.simulator.faults.add({ kind: 'status', status: 500, skip: 3, match: { method: 'PUT', route: sessionRoute } })
    const error = await expectCode(store.put(name, [content]), 'store.unreachable')
    expect(error.retry).toBe('later')
    expect(put(500)).toBe(6)
    expect([...(await store.get(name))]).toEqual([1, 2, 3])
    expect(scene.drives.uploads.pending).toBe(0)
  })

  it('says that the drive is full, and leaves nothing', async () => {
    const store = await prepared(scene.client)
    scene.drives.setQuota(scene.ids.group, 10 * MiB)
    await expectCode(store.put(name, [content]), 'store.full')
    await expectCode(store.put('keys/a', [new Uint8Array(3 * MiB), new Uint8Array(8 * MiB)]), 'store.full')
    expect(await Array.fromAsync(store.list(''))).toEqual([])
    expect(scene.drives.uploads.pending).toBe(0)
  })
})

describe('an upload across processes', () => {
  let folder: string
  const key = randomBytes(32)

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-sessions-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  const path = (): string => join(folder, 'deeper', 'uploads')
  const sessions = (secret: Uint8Array = key) => createSessionFile({ path: path(), key: secret, clock: scene.clock })

  /** The program ends while fragment number nine is on its way. */
  async function interrupted(): Promise<void> {
    const dying = scene.anotherClient()
    const client = watchingFragments(dying, async ({ number }) => {
      if (number === 9) await dying.close()
    })
    const place = places.group(scene)
    const store = scene.store(place, { client, fragments: { size: fragment }, sessions: sessions() })
    await scene.store(place).prepare()
    await expectCode(store.put(name, [content]), 'cancelled')
    expect(scene.drives.uploads.pending).toBe(1)
  }

  it('goes on with the same file', async () => {
    await interrupted()
    const store = scene.store(places.group(scene), { fragments: { size: fragment }, sessions: sessions() })
    expect(await Array.fromAsync(store.list('data'))).toEqual([])
    await store.put(name, [content.subarray(0, 77), content.subarray(77)])
    expect(scene.simulator.log.count({ route: beginRoute })).toBe(1)
    expect([put(202), put(201), put(416)]).toEqual([16, 1, 0])
    await expectWhole(store)
    expect(await sessions().get([scene.ids.group, ...places.group(scene).folder, name].join('/'))).toBeUndefined()
  })

  it('begins anew with another content, and with another size of fragments goes on', async () => {
    await interrupted()
    const place = places.group(scene)
    const other = scene.store(place, { fragments: { size: 4 * MiB }, sessions: sessions() })
    const changed = Buffer.from(content)
    changed[5] = (changed[5] ?? 0) ^ 1
    await other.put('data/ab/else', [changed])
    expect(scene.simulator.log.count({ route: beginRoute })).toBe(2)
    await other.put(name, [content])
    expect(scene.simulator.log.count({ route: beginRoute })).toBe(2)
    await expectWhole(other)
  })

  it('finds the file complete when only the last answer was lost', async () => {
    const dying = scene.anotherClient()
    const client = watchingFragments(dying, ({ number }) => {
      if (number === 16)
        scene.simulator.faults.add({ kind: 'reset-after', count: 1, match: { method: 'PUT', route: sessionRoute } })
    })
    const kept = sessions()
    const place = places.group(scene)
    const store = scene.store(place, {
      client,
      fragments: { size: fragment },
      // What a process that is killed forgets to do.
      sessions: {
        get: (key) => kept.get(key),
        set: (key, upload) => kept.set(key, upload),
        delete: async () => undefined,
      },
    })
    await store.prepare()
    await store.put(name, [content])
    const before = put()
    await scene.store(place, { fragments: { size: fragment }, sessions: sessions() }).put(name, [content])
    expect(put()).toBe(before)
    expect(scene.simulator.log.count({ route: beginRoute })).toBe(1)
    await expectWhole(store)
  })

  it('keeps upload addresses for nobody else to read', async () => {
    await interrupted()
    const bytes = readFileSync(path())
    expect(statSync(path()).mode & 0o777).toBe(0o600)
    for (const word of ['uploadSession', 'tempauth', 'http', 'pack']) expect(bytes.includes(word)).toBe(false)
    const keyed = [scene.ids.group, ...places.group(scene).folder, name].join('/')
    expect((await sessions().get(keyed))?.url).toContain('tempauth')
    expect(await sessions(randomBytes(32)).get(keyed)).toBeUndefined()
    bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1
    rmSync(path())
    writeFileSync(path(), bytes)
    expect(await sessions().get(keyed)).toBeUndefined()
  })

  it('tells of sessions that cannot be kept, and uploads all the same', async () => {
    const notices: string[] = []
    writeFileSync(join(folder, 'file'), '')
    const store = scene.store(places.group(scene), {
      sessions: createSessionFile({ path: join(folder, 'file', 'uploads'), key, clock: scene.clock }),
      onNotice: ({ code }) => notices.push(code),
    })
    await store.prepare()
    await store.put(name, [content])
    await expectWhole(store)
    expect(new Set(notices)).toEqual(new Set(['sessions-not-kept']))
  })
})

describe('a content that arrives damaged', () => {
  /** Damages what is sent, as often as told: a byte of the body on its way to the server. */
  function damaging(client: GraphClient, times: number): GraphClient {
    let left = times
    const watched = watchingFragments(client, () => undefined)
    return {
      ...watched,
      json: async (request) => {
        const { body, method } = request
        if (method !== 'PUT' || !(body instanceof Uint8Array) || left === 0) return await client.json(request)
        left -= 1
        const changed = Uint8Array.from(body)
        changed[1] = (changed[1] ?? 0) ^ 0x10
        return await client.json({ ...request, body: changed })
      },
    }
  }

  it.each([
    ['in one request', 'keys/one', 1_000],
    ['in fragments', name, content.length],
  ])('is sent once more (%s)', async (_how, file, size) => {
    const store = await prepared(damaging(scene.client, 1))
    await store.put(file, [content.subarray(0, size)])
    expect(digest(await store.get(file))).toBe(digest(content.subarray(0, size)))
    expect(scene.simulator.log.count({ method: 'DELETE', route: 'drives/{drive}/items/{item}' })).toBe(1)
  })

  it('is removed when it arrives damaged again', async () => {
    const store = await prepared(damaging(scene.client, 2))
    const error = await expectCode(store.put('keys/one', [content.subarray(0, 1_000)]), 'store.failed')
    expect(error.context.reason).toBe('damaged')
    await expectCode(store.get('keys/one'), 'store.not-found')
  })
})
