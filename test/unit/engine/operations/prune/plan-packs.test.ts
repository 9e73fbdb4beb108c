import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  planPacks,
  type PackLimits,
  type PackUsage,
} from '../../../../../src-main/engine/operations/prune/plan-packs.ts'

const FULL = 16 << 20
const NO_LIMITS: PackLimits = { maxUnused: { bytes: 0 }, maxRepackBytes: Infinity, packSize: FULL }

const pack = (used: number, unused: number, kind: PackUsage['kind'] = 'data'): PackUsage => {
  return { bytes: used + unused + 36, used, unused, kind }
}

const anyPack: fc.Arbitrary<PackUsage> = fc
  .record({
    used: fc.oneof(fc.constant(0), fc.nat(FULL)),
    unused: fc.oneof(fc.constant(0), fc.nat(FULL)),
    kind: fc.constantFrom('data', 'data', 'data', 'tree', 'mixed'),
  })
  .map(({ used, unused, kind }) => pack(used, unused, kind))

const anyLimits: fc.Arbitrary<PackLimits> = fc.record({
  maxUnused: fc.oneof(
    fc.record({ percent: fc.double({ min: 0, max: 100, noNaN: true }) }),
    fc.record({ bytes: fc.nat(4 * FULL) }),
  ),
  maxRepackBytes: fc.oneof(fc.constant(Infinity), fc.nat(8 * FULL)),
  packSize: fc.constantFrom(FULL, FULL / 4, 1000),
})

const anyRepository = fc.array(anyPack, { maxLength: 60 })
const total = (packs: readonly PackUsage[], field: 'bytes' | 'used' | 'unused'): number =>
  packs.reduce((sum, one) => sum + one[field], 0)

function allowed({ maxUnused }: PackLimits, used: number): number {
  if ('bytes' in maxUnused) return maxUnused.bytes
  return maxUnused.percent >= 100 ? Infinity : (maxUnused.percent / (100 - maxUnused.percent)) * used
}

describe('the plan of a prune', () => {
  it('removes the packs without anything used, and no other', () => {
    fc.assert(
      fc.property(anyRepository, anyLimits, (packs, limits) => {
        const actions = planPacks(packs, limits)
        expect(actions).toHaveLength(packs.length)
        for (const [i, action] of actions.entries()) expect(action === 'remove').toBe(packs[i]?.used === 0)
      }),
    )
  })

  it('writes no more anew than it may', () => {
    fc.assert(
      fc.property(anyRepository, anyLimits, (packs, limits) => {
        const actions = planPacks(packs, limits)
        const repacked = packs.filter((_, i) => actions[i] === 'repack')
        expect(total(repacked, 'bytes')).toBeLessThanOrEqual(limits.maxRepackBytes)
      }),
    )
  })

  it('leaves no more unused than allowed, if it may write as much as it needs', () => {
    fc.assert(
      fc.property(anyRepository, anyLimits, (packs, limits) => {
        const actions = planPacks(packs, { ...limits, maxRepackBytes: Infinity })
        const kept = packs.filter((_, i) => actions[i] === 'keep')
        expect(total(kept, 'unused')).toBeLessThanOrEqual(allowed(limits, total(packs, 'used')))
        // Packs with trees have nothing unused in them at all.
        expect(kept.filter(({ kind, unused }) => kind === 'mixed' || (kind === 'tree' && unused > 0))).toEqual([])
      }),
    )
  })

  it('takes the worst packs with data first, and stops as soon as it may', () => {
    fc.assert(
      fc.property(anyRepository, anyLimits, (packs, limits) => {
        // Without small packs, which are put together for other reasons.
        const actions = planPacks(packs, { ...limits, maxRepackBytes: Infinity, packSize: 0 })
        const part = ({ unused, used }: PackUsage): number => unused / used
        const data = packs.map((one, i) => ({ one, action: actions[i] })).filter(({ one }) => one.kind === 'data')
        const repacked = data.filter(({ action }) => action === 'repack').map(({ one }) => one)
        const kept = packs.filter((_, i) => actions[i] === 'keep')
        const best = repacked.toSorted((a, b) => part(a) - part(b))[0]
        if (best === undefined) return
        for (const { one, action } of data) if (action === 'keep') expect(part(one)).toBeLessThanOrEqual(part(best))
        // One pack less would not have been enough.
        expect(total(kept, 'unused') + best.unused).toBeGreaterThan(allowed(limits, total(packs, 'used')))
      }),
    )
  })

  it('has nothing left to do once it is carried out', () => {
    fc.assert(
      fc.property(anyRepository, anyLimits, (packs, limits) => {
        const all = { ...limits, maxRepackBytes: Infinity, packSize: FULL }
        const actions = planPacks(packs, all)
        const kept = packs.filter((_, i) => actions[i] === 'keep')
        const written = (['data', 'tree'] as const).flatMap((kind) => {
          const used = packs.filter((one, i) => actions[i] === 'repack' && (one.kind === 'tree') === (kind === 'tree'))
          const bytes = total(used, 'used')
          return Array.from({ length: Math.ceil(bytes / FULL) }, (_, i) =>
            pack(Math.min(FULL, bytes - i * FULL), 0, kind),
          )
        })
        expect(new Set(planPacks([...kept, ...written], all))).toEqual(
          kept.length + written.length === 0 ? new Set() : new Set(['keep']),
        )
      }),
    )
  })

  it('goes by percent of what is stored afterwards, as restic does', () => {
    const packs = [pack(90, 10), pack(96, 4), pack(99, 1)]
    const plan = (percent: number) => planPacks(packs, { ...NO_LIMITS, maxUnused: { percent }, packSize: 0 })
    expect(plan(0)).toEqual(['repack', 'repack', 'repack'])
    expect(plan(1)).toEqual(['repack', 'repack', 'keep'])
    expect(plan(2)).toEqual(['repack', 'keep', 'keep'])
    expect(plan(5)).toEqual(['keep', 'keep', 'keep'])
    expect(plan(100)).toEqual(['keep', 'keep', 'keep'])
  })

  it('puts small packs together once there are many', () => {
    const few = Array.from({ length: 15 }, () => pack(1000, 0))
    expect(new Set(planPacks(few, NO_LIMITS))).toEqual(new Set(['keep']))
    const many = [...few, pack(1000, 0), pack(FULL, 0), pack(1000, 0, 'tree')]
    expect(planPacks(many, NO_LIMITS)).toEqual([...Array<string>(16).fill('repack'), 'keep', 'keep'])
  })

  it('passes over a pack that is too large for what may be written, and takes smaller ones', () => {
    const packs = [pack(10, 1000), pack(10, 500), pack(10, 100)]
    expect(planPacks(packs, { ...NO_LIMITS, maxRepackBytes: 700 })).toEqual(['keep', 'repack', 'repack'])
  })
})
