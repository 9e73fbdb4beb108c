import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { appendOnly } from '../../../src-main/destinations/decorators/append-only.ts'
import { bandwidthLimited, ruleAt } from '../../../src-main/destinations/decorators/bandwidth-limit.ts'
import { createReadCache, type ReadCache } from '../../../src-main/destinations/decorators/read-cache.ts'
import { retrying } from '../../../src-main/destinations/decorators/retrying.ts'
import { EngineError } from '../../../src-main/engine/model/errors.ts'
import { countingStore, noTraffic } from '../../support/counting-store.ts'
import { describeDestination, expectCode } from '../../support/destination-conformance.ts'
import { createFaultyStore, failWhere, unreachable } from '../../support/faulty-store.ts'
import { impatientClock } from '../../support/impatient-clock.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { systemClock } from '../../support/system-clock.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const patient = () => ({ clock: impatientClock(1_000_000), random: () => 0.5 })
const named = (folder: string, bytes: Uint8Array): string =>
  `${folder}/${createHash('sha256').update(bytes).digest('hex')}`

const cacheOf = (store: ReturnType<typeof createMemoryStore>, folder: string, limit = 1 << 30): ReadCache =>
  createReadCache(store, { folder, limit, keepsPack: (name) => name.startsWith('data/ee/') })

describeDestination('a store with retries, every third call of which fails at first', async () => {
  const files = createMemoryStore().files
  const open = () => {
    const faulty = createFaultyStore(
      createMemoryStore(files),
      failWhere(({ number }) => number % 3 === 0),
    )
    return retrying(faulty, { ...patient(), attempts: 20 })
  }
  return { store: open(), reopen: open, dispose: async () => undefined }
})

describeDestination('a store with a limit', async () => {
  const files = createMemoryStore().files
  const open = () => bandwidthLimited(createMemoryStore(files), [{ from: 0, up: 1e12, down: 1e12 }], systemClock)
  return { store: open(), reopen: open, dispose: async () => undefined }
})

describeDestination('a store with a read cache', async () => {
  const files = createMemoryStore().files
  const folders: string[] = []
  const open = () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-cache-'))
    folders.push(folder)
    return createReadCache(createMemoryStore(files), { folder, limit: 1 << 30, keepsPack: () => true })
  }
  const dispose = async (): Promise<void> => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
  return { store: open(), reopen: open, dispose }
})

describe('retrying', () => {
  it('gives up after so many attempts', async () => {
    const faulty = createFaultyStore(
      createMemoryStore(),
      failWhere(() => true),
    )
    await expectCode(retrying(faulty, { ...patient(), attempts: 4 }).get('config'), 'store.unreachable')
    expect(faulty.calls).toHaveLength(4)
  })

  it('does not repeat what will not go better', async () => {
    const faulty = createFaultyStore(
      createMemoryStore(),
      failWhere(() => true, new EngineError('store.full')),
    )
    await expectCode(retrying(faulty, patient()).put('config', []), 'store.full')
    expect(faulty.calls).toHaveLength(1)
  })

  it('goes on with a listing that broke off, without giving a file twice', async () => {
    const memory = createMemoryStore()
    for (const name of ['a', 'b', 'c']) await memory.put(`index/${name}`, [])
    let broken = 0
    const breaking = {
      ...memory,
      async *list(folder: string) {
        let given = 0
        for await (const file of memory.list(folder)) {
          if (given++ === 2 && broken === 0) {
            broken++
            throw unreachable()
          }
          yield file
        }
      },
    }
    const files = await Array.fromAsync(retrying(breaking, patient()).list('index'))
    expect(files.map(({ name }) => name)).toEqual(['index/a', 'index/b', 'index/c'])
    expect(broken).toBe(1)
  })

  it('stops waiting when it is cancelled', async () => {
    const clock = createManualClock()
    const faulty = createFaultyStore(
      createMemoryStore(),
      failWhere(() => true),
    )
    const stop = new AbortController()
    const reading = retrying(faulty, { clock, random: () => 0.5 }).get('config', undefined, stop.signal)
    while (clock.waiting === 0) await Promise.resolve()
    stop.abort()
    await expectCode(reading, 'cancelled')
  })
})

describe('a bandwidth limit', () => {
  it('lets a call go at once and the next one when it is paid for', async () => {
    const clock = createManualClock()
    const store = bandwidthLimited(createMemoryStore(), [{ from: 0, up: 1_000 }], clock)
    await store.put('data/aa/1', [new Uint8Array(5_000)])
    let done = false
    const next = store.put('data/aa/2', [new Uint8Array(1)]).then(() => (done = true))
    await clock.advance(4_900)
    expect(done).toBe(false)
    await clock.advance(200)
    await next
    expect(done).toBe(true)
  })

  it('keeps to the rate over many calls', async () => {
    const clock = impatientClock(1_000_000)
    const store = bandwidthLimited(createMemoryStore(), [{ from: 0, down: 10_000, up: 1e9 }], clock)
    await store.put('data/aa/1', [new Uint8Array(10_000)])
    const start = clock.now()
    for (let at = 0; at < 20; at++) await store.get('data/aa/1')
    expect(clock.now() - start).toBeGreaterThanOrEqual(18_000)
  })

  it('follows the time of the day, past midnight too', () => {
    const rules = [
      { from: 8 * 60, up: 100 },
      { from: 20 * 60, up: 500 },
    ]
    const at = (hour: number): number | undefined => ruleAt(rules, new Date(2026, 10, 21, hour, 30).getTime())?.up
    expect([at(3), at(8), at(19), at(20), at(23)]).toEqual([500, 100, 100, 500, 500])
    expect(ruleAt([], 0)).toBeUndefined()
  })
})

describe('append-only', () => {
  it('adds files and handles locks', async () => {
    const store = appendOnly(createMemoryStore())
    await store.put('config', [Uint8Array.of(1)])
    await store.put('data/aa/1', [])
    await store.put('locks/1', [])
    await store.remove('locks/1')
    expect(await store.size('config')).toBe(1)
  })

  it.each(['config', 'keys/1'])('does not replace %s', async (name) => {
    const memory = createMemoryStore()
    await memory.put(name, [Uint8Array.of(1)])
    await expectCode(appendOnly(memory).put(name, [Uint8Array.of(2)]), 'store.append-only')
    expect(memory.files.get(name)).toEqual(Uint8Array.of(1))
  })

  it.each(['snapshots/1', 'data/aa/1', 'index/1', 'keys/1', 'config'])('does not remove %s', async (name) => {
    const memory = createMemoryStore()
    await memory.put(name, [])
    await expectCode(appendOnly(memory).remove(name), 'store.append-only')
    expect(memory.files.has(name)).toBe(true)
  })
})

describe('a read cache', () => {
  const content = randomBytes(10_000)
  const index = named('index', content)
  const pack = named('data/ee', content)

  it('asks the destination once, in the next process too', async () => {
    const memory = createMemoryStore()
    for (const name of [index, pack]) await memory.put(name, [content])
    const folder = temporaryFolder('cache')
    const traffic = noTraffic()
    const open = () =>
      createReadCache(countingStore(memory, traffic), { folder, limit: 1 << 30, keepsPack: () => true })
    await open().get(index)
    await open().get(index)
    expect(await open().get(pack, { offset: 10, length: 20 })).toEqual(new Uint8Array(content.subarray(10, 30)))
    await open().get(pack, { offset: 500, length: 20 })
    expect(traffic.gets).toBe(2)
  })

  it('keeps neither other packs nor keys', async () => {
    const memory = createMemoryStore()
    const other = named('data/11', content)
    for (const name of [other, 'keys/1', 'config']) await memory.put(name, [content])
    const folder = temporaryFolder('cache')
    for (const name of [other, 'keys/1', 'config']) await cacheOf(memory, folder).get(name)
    expect(readdirSync(folder)).toEqual([])
  })

  it('does not believe a file that was changed', async () => {
    const memory = createMemoryStore()
    await memory.put(index, [content])
    const folder = temporaryFolder('cache')
    await cacheOf(memory, folder).get(index)
    writeFileSync(join(folder, index), 'something else')
    expect(await cacheOf(memory, folder).get(index)).toEqual(new Uint8Array(content))
  })

  it('keeps nothing that is not what its name says', async () => {
    const memory = createMemoryStore()
    await memory.put(index, [Uint8Array.of(1)])
    const folder = temporaryFolder('cache')
    expect(await cacheOf(memory, folder).get(index)).toEqual(Uint8Array.of(1))
    expect(readdirSync(folder)).toEqual([])
  })

  it('forgets what the destination no longer has', async () => {
    const memory = createMemoryStore()
    await memory.put(index, [content])
    const folder = temporaryFolder('cache')
    const cache = cacheOf(memory, folder)
    await cache.get(index)
    memory.files.delete(index)
    await Array.fromAsync(cache.list('index'))
    await expectCode(cache.get(index), 'store.not-found')
  })

  it('gives up what was used longest ago when it is too large', async () => {
    const memory = createMemoryStore()
    const contents = [1, 2, 3].map((byte) => new Uint8Array(1_000).fill(byte))
    const names = contents.map((bytes) => named('index', bytes))
    for (const [at, bytes] of contents.entries()) await memory.put(names[at] ?? '', [bytes])
    const folder = temporaryFolder('cache')
    const cache = cacheOf(memory, folder, 2_500)
    for (const name of names) await cache.get(name)
    await cache.sweep()
    expect(readdirSync(join(folder, 'index'))).toHaveLength(2)
  })

  it('that cannot be written to is gone around', async () => {
    const memory = createMemoryStore()
    await memory.put(index, [content])
    const folder = join(temporaryFolder('cache'), 'file')
    writeFileSync(folder, '')
    expect(await cacheOf(memory, folder).get(index)).toEqual(new Uint8Array(content))
  })
})
