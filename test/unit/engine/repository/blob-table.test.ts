import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BlobTable, type BlobType } from '../../../../src-main/engine/repository/blob-table.ts'
import type { ClaimWork } from './claim-worker.ts'

function idOf(name: string | number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash('sha256').update(String(name)).digest())
}

/** Ids that begin alike, at the very end of the table: every claim meets others and goes round. */
function crowdedId(name: number): Uint8Array<ArrayBuffer> {
  const id = idOf(name)
  id.fill(0xff, 0, 4)
  return id
}

function tableFor(blobs: number): BlobTable {
  const table = new BlobTable()
  table.reserve(blobs)
  return table
}

describe('a blob table', () => {
  it('gives a blob to the first who claims it', () => {
    const table = tableFor(10)
    const id = idOf('one')
    expect(table.find(id, 'data')).toBe(-1)
    const slot = table.claim(id, 'data')
    expect(slot).toBeGreaterThanOrEqual(0)
    expect(table.claim(id, 'data')).toBe(-1)
    expect(table.find(id, 'data')).toBe(slot)
    expect(table.size).toBe(1)
  })

  it('tells data from trees', () => {
    const table = tableFor(10)
    const id = idOf('both')
    const data = table.claim(id, 'data')
    expect(table.find(id, 'tree')).toBe(-1)
    const tree = table.claim(id, 'tree')
    expect(tree).not.toBe(data)
    expect(table.find(id, 'data')).toBe(data)
    expect(table.find(id, 'tree')).toBe(tree)
    expect([table.type(data), table.type(tree)]).toEqual(['data', 'tree'])
  })

  it('keeps where a blob is, up to the largest numbers of the format', () => {
    const place = fc.record({
      pack: fc.nat(0x7ffffffe),
      offset: fc.nat(0xffffffff),
      length: fc.nat(0xffffffff),
      uncompressedLength: fc.nat(0xffffffff),
    })
    fc.assert(
      fc.property(place, fc.constantFrom<BlobType>('data', 'tree'), (location, type) => {
        const table = tableFor(1)
        const id = Uint8Array.from(randomBytes(32))
        const slot = table.claim(id, type)
        expect(table.isStored(slot)).toBe(false)
        expect([...table.stored()]).toEqual([])
        table.setPlace(slot, location.offset, location.length, location.uncompressedLength)
        expect(table.isStored(slot)).toBe(false)
        table.setPack(slot, location.pack)
        expect(table.isStored(slot)).toBe(true)
        expect(table.location(slot)).toEqual(location)
        expect([...table.stored()]).toEqual([slot])
        expect(table.id(slot)).toBe(Buffer.from(id).toString('hex'))
        expect(Buffer.compare(table.idBytes(slot), id)).toBe(0)
        expect(table.type(slot)).toBe(type)
      }),
    )
  })

  it('grows by segments and finds everything in all of them', () => {
    const table = new BlobTable()
    const count = 120_000
    const slots: number[] = []
    for (let i = 0; i < count; i++) {
      table.reserve(1)
      slots.push(table.claim(idOf(i), i % 3 === 0 ? 'tree' : 'data'))
    }
    expect(table.segments.length).toBeGreaterThan(3)
    expect(table.size).toBe(count)
    expect(new Set(slots).size).toBe(count)
    expect(slots.every((slot) => slot >= 0)).toBe(true)
    let wrong = 0
    for (let i = 0; i < count; i++) {
      if (table.find(idOf(i), i % 3 === 0 ? 'tree' : 'data') !== slots[i]) wrong++
      if (table.claim(idOf(i), i % 3 === 0 ? 'tree' : 'data') !== -1) wrong++
    }
    expect(wrong).toBe(0)
    expect(table.find(idOf('other'), 'data')).toBe(-1)
  })

  it('is the same table for whoever attaches its segments, those added later too', () => {
    const table = tableFor(10)
    const other = new BlobTable(table.segments)
    const first = table.claim(idOf(1), 'data')
    expect(other.find(idOf(1), 'data')).toBe(first)
    const added = table.reserve(100_000)
    if (added === undefined) throw new Error('no segment was added')
    other.attach(added)
    const second = other.claim(idOf(2), 'data')
    other.setPlace(second, 5, 6, 7)
    other.setPack(second, 3)
    expect(table.location(table.find(idOf(2), 'data'))).toEqual({
      pack: 3,
      offset: 5,
      length: 6,
      uncompressedLength: 7,
    })
    expect(other.claim(idOf(1), 'data')).toBe(-1)
  })

  it('has the room that was reserved, and says so when there is none', () => {
    const empty = new BlobTable()
    expect(() => empty.claim(idOf(1), 'data')).toThrow(RangeError)
    expect(empty.find(idOf(1), 'data')).toBe(-1)
    const table = tableFor(50_000)
    expect(table.reserve(50_000)).toBeUndefined()
    for (let i = 0; i < 50_000; i++) table.claim(idOf(i), 'data')
    expect(table.segments.length).toBe(1)
    expect(table.size).toBe(50_000)
    expect(table.reserve(40_000)).toBeDefined()
  })

  it('does not lose blobs that meet at the end of the table', () => {
    const table = tableFor(3000)
    const slots = Array.from({ length: 3000 }, (_, i) => table.claim(crowdedId(i), 'data'))
    expect(new Set(slots).size).toBe(3000)
    expect(slots.every((slot, i) => table.find(crowdedId(i), 'data') === slot)).toBe(true)
    expect(table.find(crowdedId(3000), 'data')).toBe(-1)
  })

  it('takes a blob that was given up as new, and finds those that were put behind it', () => {
    const table = tableFor(100)
    const slots = Array.from({ length: 50 }, (_, i) => table.claim(crowdedId(i), 'data'))
    for (const slot of slots) table.setPack(slot, 1)
    table.forget(slots[3] ?? -1)
    expect(table.find(crowdedId(3), 'data')).toBe(-1)
    expect([...table.stored()].length).toBe(49)
    expect(table.find(crowdedId(49), 'data')).toBe(slots[49])
    const again = table.claim(crowdedId(3), 'data')
    expect(again).not.toBe(slots[3])
    expect(table.isStored(again)).toBe(false)
    expect(table.find(crowdedId(3), 'data')).toBe(again)
  })

  it('gives up all that was claimed and not stored, also what a stopped thread left half claimed', () => {
    const table = tableFor(100)
    const stored = table.claim(idOf('stored'), 'tree')
    table.setPack(stored, 0)
    table.claim(idOf('claimed'), 'data')
    const [segment] = table.segments
    if (segment === undefined) throw new Error('no segment')
    const half = table.claim(idOf('half'), 'data')
    new Int32Array(segment.words)[half * 14] = 1
    table.forgetUnstored()
    expect(table.find(idOf('stored'), 'tree')).toBe(stored)
    expect(table.find(idOf('claimed'), 'data')).toBe(-1)
    expect(table.find(idOf('half'), 'data')).toBe(-1)
    expect(table.claim(idOf('half'), 'data')).toBeGreaterThanOrEqual(0)
  })

  it('behaves like a map', () => {
    const operation = fc.record({
      kind: fc.constantFrom('claim', 'store', 'forget', 'find', 'grow'),
      name: fc.nat(12),
      crowded: fc.boolean(),
      type: fc.constantFrom<BlobType>('data', 'tree'),
    })
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
        const table = tableFor(300)
        const model = new Map<string, { slot: number; isStored: boolean }>()
        for (const { kind, name, crowded, type } of operations) {
          const id = crowded ? crowdedId(name) : idOf(name)
          const key = `${String(crowded)} ${name} ${type}`
          const known = model.get(key)
          if (kind === 'grow') table.reserve(table.segments.length * 40_000)
          else if (kind === 'claim') {
            const slot = table.claim(id, type)
            expect(slot < 0).toBe(known !== undefined)
            if (slot >= 0) model.set(key, { slot, isStored: false })
          } else if (known === undefined) expect(table.find(id, type)).toBe(-1)
          else if (kind === 'store') {
            table.setPack(known.slot, name)
            known.isStored = true
          } else if (kind === 'forget') {
            table.forget(known.slot)
            model.delete(key)
          } else expect(table.find(id, type)).toBe(known.slot)
        }
        const stored = [...model.values()].filter(({ isStored }) => isStored).map(({ slot }) => slot)
        expect([...table.stored()].sort((a, b) => a - b)).toEqual(stored.sort((a, b) => a - b))
      }),
      { numRuns: 60 },
    )
  })

  it('lets exactly one of several threads win each blob', async () => {
    const count = 40_000
    const threads = 4
    const table = tableFor(count)
    const ids = new Uint8Array(new SharedArrayBuffer(count * 32))
    for (let i = 0; i < count; i++) ids.set(i % 50 === 0 ? crowdedId(i) : idOf(i), i * 32)
    const gate = new Int32Array(new SharedArrayBuffer(8))
    const workers = Array.from({ length: threads }, (_, thread) => {
      const workerData: ClaimWork = { segments: table.segments, ids, gate, reversed: thread % 2 === 1 }
      return new Worker(new URL('./claim-worker.ts', import.meta.url), { workerData })
    })
    const answers = Promise.all(workers.map((worker) => once(worker, 'message') as Promise<[number[]]>))
    for (let waiting = 0; waiting < threads; waiting = Atomics.load(gate, 0))
      await Atomics.waitAsync(gate, 0, waiting).value
    Atomics.store(gate, 1, 1)
    Atomics.notify(gate, 1)
    const won = (await answers).map(([wins]) => wins)
    expect(won.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i))
    expect(table.size).toBe(count)
    for (let i = 0; i < count; i += 97) {
      const slot = table.find(ids.slice(i * 32, i * 32 + 32), 'data')
      expect(table.location(slot).offset).toBe(i * 32)
    }
    await Promise.all(workers.map((worker) => worker.terminate()))
  })
})
