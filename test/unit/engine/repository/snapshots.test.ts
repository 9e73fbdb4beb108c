import { beforeEach, describe, expect, it } from 'vitest'
import { createSealer, randomSealingKey } from '../../../../src-main/engine/crypto/seal.ts'
import type { HexId } from '../../../../src-main/engine/model/ids.ts'
import type { SavedSnapshot, Snapshot } from '../../../../src-main/engine/model/snapshot.ts'
import {
  latestSnapshot,
  listSnapshots,
  loadSnapshot,
  matches,
  removeSnapshot,
  resolveSnapshot,
  saveSnapshot,
} from '../../../../src-main/engine/repository/snapshots.ts'
import { loadUnpacked, saveUnpacked } from '../../../../src-main/engine/repository/unpacked-file.ts'
import { expectCode } from '../../../support/destination-conformance.ts'
import { createMemoryStore, type MemoryStore } from '../../../support/memory-store.ts'

const sealer = createSealer(randomSealingKey())
const ID = 'ab'.repeat(32) as HexId
const snapshot: Snapshot = {
  time: '2026-05-01T10:20:30.123456789+02:00',
  parent: ID,
  tree: 'cd'.repeat(32) as HexId,
  paths: ['/users'],
  hostname: 'contoso.example',
  username: 'anna',
  tags: ['holdfast'],
  program_version: 'holdfast 0.1.0',
}

describe('a snapshot', () => {
  let store: MemoryStore

  beforeEach(() => {
    store = createMemoryStore()
  })

  const save = (changes: Partial<Snapshot> = {}): Promise<HexId> =>
    saveSnapshot(store, sealer, { ...snapshot, ...changes })
  /** Puts a snapshot file under a name of the test's choice: only its listing is looked at. */
  const plant = async (name: string): Promise<void> => store.put(`snapshots/${name}`, [new Uint8Array(1)])

  it('comes back as it was saved', async () => {
    const id = await save()
    expect(await loadSnapshot(store, sealer, id)).toEqual({ ...snapshot, id })
  })

  it("is written in Go's time and without its id", async () => {
    const saved: SavedSnapshot = { ...snapshot, id: ID, time: '2026-05-01T10:20:30.500Z' }
    const id = await saveSnapshot(store, sealer, saved)
    const stored = await loadUnpacked(store, sealer, `snapshots/${id}`)
    expect(stored).toEqual({ ...snapshot, time: '2026-05-01T10:20:30.5Z' })
    await expect(async () => save({ time: 'now' })).rejects.toMatchObject({ code: 'internal' })
  })

  it('keeps fields of later versions when it is saved again', async () => {
    const json = JSON.stringify({ ...snapshot, later: { deep: [1, null] }, nothing: null })
    const loaded = await loadSnapshot(store, sealer, await saveUnpacked(store, sealer, 'snapshots', json))
    const id = await saveSnapshot(store, sealer, { ...loaded, tags: ['other'] })
    expect(await loadUnpacked(store, sealer, `snapshots/${id}`)).toEqual({
      ...(JSON.parse(json) as object),
      tags: ['other'],
    })
  })

  it('may be as short as early versions of restic wrote it', async () => {
    const json = JSON.stringify({ time: snapshot.time, tree: ID, paths: null, tags: null, parent: null })
    const id = await saveUnpacked(store, sealer, 'snapshots', json)
    const short = { id, time: snapshot.time, tree: ID, paths: [], hostname: '', username: '' }
    expect(await loadSnapshot(store, sealer, id)).toEqual(short)
  })

  it('is damaged with a content that cannot be', async () => {
    const bad = [
      { time: 'x' },
      { time: 5 },
      { tree: 'short' },
      { tree: null },
      { paths: 'x' },
      { paths: [1] },
      { hostname: 1 },
      { tags: [null] },
      { excludes: {} },
      { parent: 'x' },
      { original: 7 },
    ]
    for (const change of bad) {
      const id = await saveUnpacked(store, sealer, 'snapshots', JSON.stringify({ ...snapshot, ...change }))
      await expectCode(loadSnapshot(store, sealer, id), 'repository.snapshot-damaged')
    }
  })

  it('is listed by age, and hidden by no damaged one', async () => {
    const times = ['2026-05-01T10:00:00.000000002Z', '2026-05-01T10:00:00.000000001Z', '2026-05-01T11:59:59+02:00']
    const ids = await Promise.all(times.map((time) => save({ time })))
    await plant('0'.repeat(64))
    const { snapshots, damaged } = await listSnapshots(store, sealer)
    expect(snapshots.map(({ id }) => id)).toEqual([ids[2], ids[1], ids[0]])
    expect(damaged.map(({ code, context }) => [code, context.file])).toEqual([
      ['repository.snapshot-damaged', `snapshots/${'0'.repeat(64)}`],
    ])
  })

  it('is found by its id and by the beginning of it', async () => {
    const id = await save()
    for (const name of [id, id.slice(0, 8), id.slice(0, 4), id.slice(0, 10).toUpperCase()])
      expect((await resolveSnapshot(store, sealer, name)).id).toBe(id)
  })

  it('is not found by what is none, too short, or of others', async () => {
    const id = await save()
    const reason = async (name: string): Promise<unknown> =>
      (await expectCode(resolveSnapshot(store, sealer, name), 'repository.snapshot-not-found')).context.reason
    expect(await reason('')).toBe('not an id')
    expect(await reason('lastest')).toBe('not an id')
    expect(await reason('../config')).toBe('not an id')
    expect(await reason(id.slice(0, 3))).toBe('too short')
    expect(await reason(`${id.slice(0, 8)}${id[8] === '0' ? '1' : '0'}`)).toBe('no such id')
    expect(await reason('0'.repeat(64))).toBe('no such id')
  })

  it('is not guessed from a beginning that several share', async () => {
    await plant(`abcd${'0'.repeat(60)}`)
    await plant(`abcd${'1'.repeat(60)}`)
    const error = await expectCode(resolveSnapshot(store, sealer, 'abcd'), 'repository.snapshot-ambiguous')
    expect(error.context).toEqual({ matches: 2 })
  })

  it('is the latest within a filter', async () => {
    const first = await save({ time: '2026-05-01T00:00:00Z', hostname: 'a', paths: ['/x', '/y'] })
    const second = await save({ time: '2026-05-02T00:00:00Z', hostname: 'a', tags: ['t'] })
    const third = await save({ time: '2026-05-03T00:00:00Z', hostname: 'b' })
    const latest = async (filter: Parameters<typeof matches>[1]): Promise<HexId> =>
      (await resolveSnapshot(store, sealer, 'latest', filter)).id
    expect(await latest({})).toBe(third)
    expect(await latest({ host: 'a' })).toBe(second)
    expect(await latest({ paths: ['/y'] })).toBe(first)
    expect(await latest({ tags: ['t'] })).toBe(second)
    const error = await expectCode(latest({ host: 'a', paths: ['/z'] }), 'repository.snapshot-not-found')
    expect(error.context).toEqual({ reason: 'none that fits' })
    expect(latestSnapshot([])).toBeUndefined()
  })

  it('is not called the latest while another one cannot be read', async () => {
    await save()
    await plant('0'.repeat(64))
    await expectCode(resolveSnapshot(store, sealer, 'latest'), 'repository.snapshot-damaged')
  })

  it('is none in an empty repository', async () => {
    const error = await expectCode(resolveSnapshot(store, sealer, 'latest'), 'repository.snapshot-not-found')
    expect(error.context).toEqual({ reason: 'no snapshots' })
  })

  it('is gone when it is removed', async () => {
    const id = await save()
    await removeSnapshot(store, id)
    await expectCode(loadSnapshot(store, sealer, id), 'repository.snapshot-not-found')
  })
})
