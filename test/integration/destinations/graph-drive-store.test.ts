import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GraphDriveNotice } from '../../../src-main/destinations/graph-drive/graph-drive.ts'
import { parseGraphDestination } from '../../../src-main/destinations/graph-drive/urls.ts'
import { systemClock } from '../../../src-main/graph/client/system-clock.ts'
import { expectCode } from '../../support/destination-conformance.ts'
import type { FaultKind } from '../../support/graph-simulator/index.ts'
import { siteDirectory } from '../../support/graph-simulator/services/sites/index.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { MiB, oddFolder, places, startScene, type DriveScene } from './graph-drive-fixture.ts'

const downloadRoute = 'drives/{drive}/items/{item}/download'
const itemRoute = 'drives/{drive}/items/{item}'
const childrenRoute = 'drives/{drive}/items/{item}/children'
const contentRoute = 'drives/{drive}/items/{item}/content'

let scene: DriveScene

beforeEach(async () => {
  scene = await startScene()
})
afterEach(() => scene.close())

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text))
const count = (route: string, method = 'GET'): number => scene.simulator.log.count({ route, method })
const http = (): number => scene.simulator.log.count({ batched: false })

describe('reading from a drive', () => {
  const content = randomBytes(3 * MiB)

  async function stored(): Promise<ReturnType<DriveScene['store']>> {
    const store = scene.store(places.group(scene))
    await store.prepare()
    await store.put('data/ab/pack', [content])
    scene.simulator.log.clear()
    return store
  }

  it('asks for the address of a pack once, and reads its ranges past Graph', async () => {
    const store = await stored()
    for (let at = 0; at < 10; at += 1)
      expect(Buffer.from(await store.get('data/ab/pack', { offset: at * 1_000, length: 500 }))).toEqual(
        content.subarray(at * 1_000, at * 1_000 + 500),
      )
    expect([count(itemRoute), count(downloadRoute)]).toEqual([1, 10])
    expect(scene.simulator.log.entries({ route: downloadRoute }).some(({ authorized }) => authorized)).toBe(false)
  })

  it('sees at once that a file was replaced or removed by others', async () => {
    const store = await stored()
    const other = scene.store(places.group(scene))
    await store.put('config', [bytes('first')])
    expect(Buffer.from(await store.get('config')).toString()).toBe('first')
    await other.put('config', [bytes('second one')])
    expect(Buffer.from(await store.get('config')).toString()).toBe('second one')
    await store.get('data/ab/pack', { offset: 0, length: 1 })
    await other.remove('data/ab/pack')
    await expectCode(store.get('data/ab/pack'), 'store.not-found')
  })

  it.each([401, 403, 404] as const)('asks for another address when the first one has expired (%i)', async (answer) => {
    const store = await stored()
    scene.drives.behave(scene.ids.group, { expiredDownload: answer })
    await store.get('data/ab/pack', { offset: 0, length: 1 })
    // Refused although it is young: clocks differ.
    scene.simulator.faults.add({ kind: 'status', status: answer, count: 1, match: { route: downloadRoute } })
    expect(Buffer.compare(await store.get('data/ab/pack'), content)).toBe(0)
    expect(count(itemRoute)).toBe(2)
    await scene.clock.wait(2 * 3_600_000)
    expect(Buffer.compare(await store.get('data/ab/pack'), content)).toBe(0)
    expect(count(itemRoute)).toBe(3)
  })

  it.each<[FaultKind, number]>([
    ['truncate', 1.3],
    // What was on its way when the connection was reset is lost.
    ['reset-in-body', Infinity],
  ])('goes on where a download broke off (%s)', async (kind, most) => {
    const store = await stored()
    scene.simulator.faults.add({ kind, count: 3, match: { route: downloadRoute } })
    const memory = new ArrayBuffer(4 * MiB)
    const read = await store.get('data/ab/pack', undefined, undefined, memory)
    expect(Buffer.compare(read, content)).toBe(0)
    expect(read.buffer).toBe(memory)
    expect(scene.simulator.faults.appliedCount()).toBe(3)
    const sent = scene.simulator.log.entries({ route: downloadRoute })
    expect(sent.reduce((sum, { bytesOut }) => sum + bytesOut, 0)).toBeLessThan(most * content.length)
  })

  it('starts over when the file is another one after a break', async () => {
    const store = await stored()
    await store.put('config', [content])
    const replaced = randomBytes(2 * MiB)
    scene.simulator.faults.add({ kind: 'truncate', count: 1, match: { route: downloadRoute } })
    let asked = 0
    const client = scene.anotherClient()
    const changing = scene.store(places.group(scene), {
      client: {
        ...plain(client),
        stream: async (request) => {
          asked += 1
          const stream = await client.stream(request)
          if (asked === 1) await store.put('config', [replaced])
          return stream
        },
      },
    })
    expect(Buffer.compare(await changing.get('config'), replaced)).toBe(0)
  })

  it('takes the part it wants from a server that ignores ranges', async () => {
    const store = await stored()
    scene.drives.behave(scene.ids.group, { ignoresRanges: true })
    const range = { offset: 2 * MiB, length: 1_000 }
    expect(Buffer.from(await store.get('data/ab/pack', range))).toEqual(content.subarray(2 * MiB, 2 * MiB + 1_000))
  })

  /** The client's methods, to be replaced one by one. */
  function plain(client: DriveScene['client']): DriveScene['client'] {
    return {
      json: (request) => client.json(request),
      bytes: (request) => client.bytes(request),
      stream: (request) => client.stream(request),
      pages: (...all) => client.pages(...all),
      batch: (...all) => client.batch(...all),
      putRange: (request) => client.putRange(request),
      accounting: () => client.accounting(),
      close: () => client.close(),
    }
  }
})

describe('folders and listings', () => {
  it("lists data's 256 folders with fourteen requests, also where a folder has several pages", async () => {
    const { drives, ids } = scene
    const root = oddFolder.join('/')
    for (let number = 0; number < 256; number += 1) {
      const two = number.toString(16).padStart(2, '0')
      drives.addFiles(ids.group, `${root}/data/${two}`, { count: number === 7 ? 2_500 : 3, size: 10 })
    }
    const store = scene.store(places.group(scene))
    await store.size('config').catch(() => undefined)
    scene.simulator.log.clear()
    const files = await Array.fromAsync(store.list('data'))
    expect(files.length).toBe(255 * 3 + 2_500)
    expect(new Set(files.map(({ name }) => name)).size).toBe(files.length)
    expect(files[0]).toEqual({ name: 'data/00/000000.bin', size: 10 })
    // Two more for the further pages of the one large folder.
    expect(http()).toBe(14 + 2)
  })

  it('asks nothing of empty folders', async () => {
    const store = scene.store(places.sharepoint())
    await store.prepare()
    for (let number = 0; number < 40; number += 1) {
      const name = `data/${number.toString(16).padStart(2, '0')}/pack`
      await store.put(name, [bytes('x')])
      if (number > 2) await store.remove(name)
    }
    scene.simulator.log.clear()
    expect((await Array.fromAsync(store.list('data'))).length).toBe(3)
    expect(count(childrenRoute)).toBe(1 + 3)
    expect(http()).toBe(2)
  })

  it('makes each folder once, however many files want it at the same time', async () => {
    const store = scene.store(places.group(scene))
    await store.prepare()
    scene.simulator.log.clear()
    await Promise.all(Array.from({ length: 20 }, (_, i) => store.put(`data/ab/${i}`, [bytes('x')])))
    expect(count(childrenRoute, 'POST')).toBe(1)
    expect(count(contentRoute, 'PUT')).toBe(20)
    const others = [scene.store(places.group(scene)), scene.store(places.group(scene))]
    await Promise.all(others.flatMap((other, i) => ['cd', 'ef'].map((two) => other.put(`data/${two}/${i}`, []))))
    expect((await Array.fromAsync(store.list('data'))).length).toBe(24)
  })

  it('makes a folder again that somebody removed meanwhile', async () => {
    const store = scene.store(places.group(scene))
    await store.prepare()
    await store.put('data/ab/1', [bytes('x')])
    scene.drives.delete(scene.ids.group, `${oddFolder.join('/')}/data`)
    await store.put('data/ab/2', [randomBytes(5 * MiB)])
    expect(await Array.fromAsync(store.list(''))).toEqual([{ name: 'data/ab/2', size: 5 * MiB }])
  })

  it('makes nothing where no repository is', async () => {
    const store = scene.store(places.group(scene))
    await expectCode(store.put('data/ab/1', [bytes('x')]), 'store.not-found')
    await expectCode(store.put('config', [bytes('x')]), 'store.not-found')
    await store.remove('config')
    expect(scene.drives.dump(scene.ids.group).length).toBe(0)
  })

  it('has names that need care in addresses', async () => {
    const url = `onedrivev2://100%25/C%23/a+b/it's/${encodeURIComponent('né😀')}/;,=&$@!?drive-id=${scene.ids.user}`
    const store = scene.store(parseGraphDestination(url).place)
    await store.prepare()
    await store.put('data/ab/1', [bytes('x')])
    expect(scene.drives.dump(scene.ids.user).map(({ path }) => path)).toContain(
      "100%/C#/a+b/it's/né😀/;,=&$@!/data/ab/1",
    )
    expect(await Array.fromAsync(store.list(''))).toEqual([{ name: 'data/ab/1', size: 1 }])
  })
})

describe('removing', () => {
  it('goes into the recycle bin, or past it on demand', async () => {
    const { group } = scene.ids
    for (const permanentDelete of [false, true]) {
      const store = scene.store(places.group(scene), { permanentDelete })
      await store.prepare()
      await store.put('data/ab/1', [randomBytes(1_000)])
      const before = scene.drives.drive(group).recycledBytes
      await store.remove('data/ab/1')
      await store.remove('data/ab/1')
      expect(scene.drives.drive(group).recycledBytes - before).toBe(permanentDelete ? 0 : 1_000)
      expect(await Array.fromAsync(store.list('data'))).toEqual([])
    }
  })

  it('takes the recycle bin where there is no way past it, and says so', async () => {
    const notices: GraphDriveNotice[] = []
    const onNotice = (notice: GraphDriveNotice): void => void notices.push(notice)
    const store = scene.store(places.group(scene), { permanentDelete: true, onNotice })
    await store.prepare()
    for (const name of ['keys/a', 'keys/b']) await store.put(name, [bytes('x')])
    const route = `${itemRoute}/permanentDelete`
    scene.simulator.faults.add({ kind: 'status', status: 405, code: 'notSupported', match: { route } })
    for (const name of ['keys/a', 'keys/b']) await store.remove(name)
    expect(await Array.fromAsync(store.list(''))).toEqual([])
    expect(count(route, 'POST')).toBe(1)
    expect(notices).toEqual([{ code: 'recycled' }])
  })

  it('asks again for the next file when one may not go for good', async () => {
    const notices: GraphDriveNotice[] = []
    const onNotice = (notice: GraphDriveNotice): void => void notices.push(notice)
    const store = scene.store(places.group(scene), { permanentDelete: true, onNotice })
    await store.prepare()
    for (const name of ['keys/a', 'keys/b']) await store.put(name, [bytes('x')])
    const before = scene.drives.drive(scene.ids.group).recycledBytes
    const route = `${itemRoute}/permanentDelete`
    scene.simulator.faults.add({ kind: 'status', status: 403, code: 'accessDenied', count: 1, match: { route } })
    for (const name of ['keys/a', 'keys/b']) await store.remove(name)
    expect(await Array.fromAsync(store.list(''))).toEqual([])
    expect(scene.drives.drive(scene.ids.group).recycledBytes - before).toBe(1)
    expect(notices).toEqual([{ code: 'recycled' }])
  })
})

describe('room', () => {
  it('is told, and warned about once when less than a tenth is left', async () => {
    const notices: GraphDriveNotice[] = []
    scene.drives.setQuota(scene.ids.group, 100 * MiB)
    const store = scene.store(places.group(scene), { onNotice: (notice) => notices.push(notice) })
    await store.prepare()
    expect(await store.freeBytes()).toEqual({ used: 0, total: 100 * MiB, remaining: 100 * MiB })
    expect(notices).toEqual([])
    scene.drives.addFile(scene.ids.group, 'large', { size: 91 * MiB, seed: 1 })
    expect(await store.freeBytes()).toMatchObject({ remaining: 9 * MiB })
    await store.freeBytes()
    expect(notices).toEqual([{ code: 'nearly-full', remaining: 9 * MiB, total: 100 * MiB }])
    const again: GraphDriveNotice[] = []
    await scene
      .store(places.group(scene), { onNotice: (notice) => again.push(notice) })
      .size('x')
      .catch(() => undefined)
    expect(again.length).toBe(1)
  })
})

describe('cancelling', () => {
  it('lets a request end whose effect could not be told otherwise', async () => {
    const own = await startScene({ clock: systemClock, latencyMs: 50 })
    try {
      const store = own.store(places.group(own), {
        client: own.anotherClient({ clock: systemClock }),
        // On which the moment that the request gets never ends.
        clock: createManualClock(),
      })
      await store.prepare()
      await store.put('config', [bytes('former')])
      const controller = new AbortController()
      own.simulator.log.clear()
      const writing = store.put('config', [bytes('new')], controller.signal)
      await store.size('config')
      controller.abort()
      await writing
      expect(Buffer.from(await store.get('config')).toString()).toBe('new')
    } finally {
      await own.close()
    }
  })

  it('does not cancel others that waited for the same', async () => {
    const controller = new AbortController()
    const store = scene.store(places.group(scene))
    const prepared = scene.store(places.group(scene))
    await prepared.prepare()
    const first = store.put('data/ab/1', [bytes('x')], controller.signal)
    const others = ['data/ab/2', 'data/ab/3'].map((name) => store.put(name, [bytes('x')]))
    controller.abort()
    await expectCode(first, 'cancelled')
    await Promise.all(others)
    expect((await Array.fromAsync(store.list('data'))).length).toBe(2)
  })
})

describe('refusals', () => {
  it('says what the user has to do about', async () => {
    const store = scene.store(places.sharepoint())
    await store.prepare()
    const site = siteDirectory(scene.simulator.tenant).byPath('contoso.sharepoint.com', 'sites/it')?.id ?? ''
    scene.simulator.faults.add({ kind: 'status', status: 403, code: 'accessDenied', count: 1 })
    await expectCode(store.put('keys/a', [bytes('x')]), 'store.permission')
    siteDirectory(scene.simulator.tenant).lock(site, 'read-only')
    const error = await expectCode(store.put('keys/a', [bytes('x')]), 'store.read-only')
    expect(error.retry).toBe('never')
  })

  it.each([
    ['a small file', contentRoute, 1],
    ['a large one', `${itemRoute}/createUploadSession`, 5 * MiB],
  ])('comes back while another upload has the name of %s', async (_what, route, size) => {
    const store = scene.store(places.group(scene))
    await store.prepare()
    const taken = { kind: 'status', status: 409, code: 'nameAlreadyExists', match: { route } } as const
    scene.simulator.faults.add({ ...taken, count: 6 })
    await store.put('keys/a', [new Uint8Array(size)])
    expect(await store.size('keys/a')).toBe(size)
    scene.simulator.faults.clear()
    scene.simulator.faults.add({ ...taken, count: 7 })
    const error = await expectCode(store.put('keys/a', [new Uint8Array(size)]), 'store.unreachable')
    expect(error.retry).toBe('later')
  })
})

describe('throttling', () => {
  it.each(['seconds', 'date'] as const)('holds back the drive and nothing else (Retry-After as %s)', async (form) => {
    // Time stands still for both while others ask: how long they take must not matter.
    const clock = createManualClock(Date.now())
    const own = await startScene({ clock })
    try {
      const refused = Promise.withResolvers<undefined>()
      const onRequest = ({ status }: { readonly status?: number }): void => {
        if (status === 429) refused.resolve(undefined)
      }
      const client = own.anotherClient({ clock, onRequest })
      const store = own.store(places.group(own), { client, clock })
      await store.prepare()
      own.simulator.log.clear()
      const rule = { kind: 'throttle', retryAfterSeconds: 2, retryAfterForm: form, count: 1 } as const
      own.simulator.faults.add({ ...rule, match: { route: contentRoute } })
      const done: string[] = []
      const writing = ['keys/a', 'keys/b'].map((name) => store.put(name, [bytes(name)]).then(() => done.push(name)))
      const both = Promise.all(writing).then(() => done.push('both'))
      await refused.promise
      for (let turn = 0; turn < 10; turn += 1) {
        await client.json({ path: '/groups', pool: { kind: 'directory' } })
        await client.json({ path: '/users', pool: { kind: 'directory' } })
      }
      expect(done).toEqual([])
      while (!done.includes('both')) await clock.advance(1_000)
      await both
      expect(own.simulator.throttling.earlyRequests).toEqual([])
      // Both were on their way already.
      expect(own.simulator.log.count({ status: 429 })).toBeLessThanOrEqual(2)
    } finally {
      await own.close()
    }
  })
})
