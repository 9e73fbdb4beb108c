import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SlotSet } from '../../../../src-main/engine/repository/slot-set.ts'

it('a set of slots is a set, also for another thread', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(999), fc.boolean())), (steps) => {
      const set = new SlotSet(1000)
      const other = new SlotSet(set.words)
      const model = new Set<number>()
      for (const [slot, isAdded] of steps) {
        if (isAdded) {
          expect(set.add(slot)).toBe(!model.has(slot))
          model.add(slot)
        } else {
          set.delete(slot)
          model.delete(slot)
        }
      }
      for (let slot = 0; slot < 1000; slot++) expect(other.has(slot)).toBe(model.has(slot))
    }),
  )
})
