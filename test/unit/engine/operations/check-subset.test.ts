import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HexId } from '../../../../src-main/engine/model/ids.ts'
import { checkRepository } from '../../../../src-main/engine/operations/check/check.ts'
import { subsetOf, turnsOf } from '../../../../src-main/engine/operations/check/data-subset.ts'
import type { DataSubset } from '../../../../src-main/engine/operations/check/model.ts'
import { OpenRepository } from '../../../../src-main/engine/repository/repository.ts'
import { expectCode } from '../../../support/destination-conformance.ts'
import { makeSnapshot } from './snapshot-scene.ts'

const id = fc.stringMatching(/^[0-9a-f]{64}$/) as fc.Arbitrary<HexId>

describe('a part of the data', () => {
  it('has every pack exactly once in a round', () => {
    const percent = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0.1, max: 100, noNaN: true }))
    fc.assert(
      fc.property(id, percent, fc.nat(1000), (pack, share, first) => {
        const turns = turnsOf(share)
        expect(turns * share).toBeGreaterThanOrEqual(100 - 1e-9)
        const hits = Array.from({ length: turns }, (_, i) => subsetOf({ percent: share, turn: first + i })(pack))
        expect(hits.filter((hit) => hit)).toHaveLength(1)
      }),
    )
    fc.assert(
      fc.property(id, fc.integer({ min: 1, max: 256 }), (pack, of) => {
        const hits = Array.from({ length: of }, (_, i) => subsetOf({ part: i + 1, of })(pack))
        expect(hits.filter((hit) => hit)).toHaveLength(1)
      }),
    )
  })

  it('is about as large as it says', () => {
    const packs = fc.sample(id, { numRuns: 4000, seed: 1 })
    for (const turn of [0, 3, 9]) {
      const share = packs.filter(subsetOf({ percent: 10, turn })).length / packs.length
      expect(share).toBeGreaterThan(0.05)
      expect(share).toBeLessThan(0.2)
    }
  })

  it.each([
    { percent: 0, turn: 0 },
    { percent: 101, turn: 0 },
    { percent: NaN, turn: 0 },
    { percent: 5, turn: -1 },
    { percent: 5, turn: 0.5 },
    { part: 0, of: 3 },
    { part: 4, of: 3 },
    { part: 1, of: 257 },
    { part: 1.5, of: 3 },
  ] satisfies DataSubset[])('is not %j', async (readData) => {
    const { repository } = await makeSnapshot()
    await expectCode(checkRepository({ repository, readData }), 'usage')
  })

  it('is read, and no other', async () => {
    const { memory, repository } = await makeSnapshot()
    const read = async (readData: DataSubset) => {
      const opened = new OpenRepository(memory, repository.key, repository.config)
      const { packsRead, packs, findings } = await checkRepository({ repository: opened, readData })
      expect(findings).toEqual([])
      return { packsRead, packs }
    }
    let sum = 0
    for (let turn = 0; turn < 4; turn++) sum += (await read({ percent: 25, turn })).packsRead
    const { packs } = await read({ percent: 100, turn: 0 })
    expect(packs).toBeGreaterThan(3)
    expect(sum).toBe(packs)
  })
})
