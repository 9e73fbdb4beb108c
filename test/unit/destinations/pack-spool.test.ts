import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { createPackSpool, type PackSpoolOptions } from '../../../src-main/destinations/decorators/pack-spool.ts'
import { EngineError } from '../../../src-main/engine/model/errors.ts'
import type { HexId } from '../../../src-main/engine/model/ids.ts'
import type { DestinationStore } from '../../../src-main/engine/ports/destination-store.ts'
import { createFaultyStore } from '../../support/faulty-store.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const bytes = (word: string): Buffer => Buffer.from(word.repeat(100))
const idOf = (word: string): HexId => createHash('sha256').update(bytes(word)).digest('hex') as HexId
const nameOf = (word: string): string => `data/${idOf(word).slice(0, 2)}/${idOf(word)}`
const put = (store: DestinationStore, word: string): Promise<void> =>
  store.put(nameOf(word), [bytes(word).subarray(0, 7), bytes(word).subarray(7)])
const away = (): EngineError => new EngineError('store.unreachable', { retry: 'later' })

let folder: string
let failures: unknown[]

beforeEach(() => {
  folder = join(temporaryFolder('spool'), 'packs')
  failures = []
})

const spoolOf = (options: Partial<PackSpoolOptions> = {}) =>
  createPackSpool({
    folder,
    claim: () => Promise.resolve(() => Promise.resolve()),
    onFailed: (error) => failures.push(error),
    ...options,
  })

describe('a spool of packs', () => {
  it('keeps a pack while it is stored, and then its name alone', async () => {
    const during: string[] = []
    const memory = createMemoryStore()
    const store = spoolOf().over({
      ...memory,
      put: async (name, parts) => {
        during.push(...readdirSync(folder))
        expect(readFileSync(join(folder, idOf('one'))).equals(bytes('one'))).toBe(true)
        await memory.put(name, parts)
      },
    })
    await put(store, 'one')
    expect(during).toEqual([idOf('one')])
    expect(Buffer.from(memory.files.get(nameOf('one')) ?? []).equals(bytes('one'))).toBe(true)
    expect(readdirSync(folder)).toEqual(['arrived'])
    expect(await spoolOf().arrived()).toEqual([idOf('one')])
  })

  it('has a pack that was not stored for the next process, and takes it away when that stores it', async () => {
    const memory = createMemoryStore()
    const dying = createFaultyStore(memory, () => ({ kind: 'fail', error: away() }))
    await expect(put(spoolOf().over(dying), 'one')).rejects.toMatchObject({ code: 'store.unreachable' })
    const next = spoolOf()
    expect(await next.unfinished()).toEqual([idOf('one')])
    expect(Buffer.from((await next.read(idOf('one'))) ?? []).equals(bytes('one'))).toBe(true)
    await put(next.over(memory), 'one')
    expect(await next.unfinished()).toEqual([])
    expect(await next.arrived()).toEqual([idOf('one')])
    await next.forgetArrived()
    expect(await spoolOf().arrived()).toEqual([])
  })

  it('keeps no more than it may, and nothing but packs', async () => {
    const store = createFaultyStore(createMemoryStore(), () => ({ kind: 'fail', error: away() }))
    const spool = spoolOf({ capacity: 2 })
    for (const word of ['one', 'two', 'three']) await put(spool.over(store), word).catch(() => undefined)
    await spool
      .over(store)
      .put(`index/${idOf('four')}`, [bytes('four')])
      .catch(() => undefined)
    expect(readdirSync(folder).sort()).toEqual([idOf('one'), idOf('two')].sort())
  })

  it('forgets what was being written when a process ended, and half a line', async () => {
    mkdirSync(folder)
    writeFileSync(join(folder, `${idOf('one')}.part`), 'half')
    writeFileSync(join(folder, 'arrived'), `${idOf('two')}\n${idOf('three').slice(0, 20)}`)
    const spool = spoolOf()
    expect(await spool.unfinished()).toEqual([])
    expect(await spool.arrived()).toEqual([idOf('two')])
    expect(readdirSync(folder)).toEqual(['arrived'])
  })

  it('stores all the same where nothing can be kept, and says so once', async () => {
    writeFileSync(folder, 'a file where the folder should be')
    const memory = createMemoryStore()
    const store = spoolOf().over(memory)
    await put(store, 'one')
    await put(store, 'two')
    expect(memory.files.size).toBe(2)
    expect(failures).toHaveLength(1)
  })

  it.skipIf(!existsSync('/dev/full'))('stores all the same on a full disk', async () => {
    const memory = createMemoryStore()
    const spool = spoolOf()
    await spool.unfinished()
    symlinkSync('/dev/full', join(folder, `${idOf('one')}.part`))
    await put(spool.over(memory), 'one')
    expect(memory.files.size).toBe(1)
    expect(failures).toMatchObject([{ code: 'ENOSPC' }])
    expect(readdirSync(folder)).toEqual([])
  })

  it('leaves the folder alone while it is another process’s, and gives it back', async () => {
    let isFree = false
    let given = 0
    const giveBack = (): Promise<void> => {
      given++
      return Promise.resolve()
    }
    const spool = spoolOf({
      claim: () => Promise.resolve(isFree ? giveBack : undefined),
    })
    const memory = createMemoryStore()
    await put(spool.over(memory), 'one')
    expect([memory.files.size, existsSync(folder), await spool.arrived()]).toEqual([1, false, []])
    await spool.close()
    isFree = true
    await put(spool.over(memory), 'two')
    expect(await spool.arrived()).toEqual([idOf('two')])
    await spool.close()
    expect([given, failures]).toEqual([1, []])
  })
})
