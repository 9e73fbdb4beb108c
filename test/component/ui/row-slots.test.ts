import { describe, expect, test } from 'vitest'
import { RowSlots, SlotContents } from '../../../src-renderer/src/ui/row-slots.ts'

describe('elements of rows', () => {
  test('stay with their row, and go on to new ones when it is gone', () => {
    const slots = new RowSlots()
    expect(slots.assign([0, 1, 2])).toEqual([
      { index: 0, slot: 0 },
      { index: 1, slot: 1 },
      { index: 2, slot: 2 },
    ])
    expect(slots.assign([1, 2, 3]).map(({ slot }) => slot)).toEqual([1, 2, 0])
    expect(slots.assign([900, 901, 902]).map(({ slot }) => slot)).toEqual([1, 2, 0])
  })

  test('are never two of one kind, however many rows show', () => {
    const slots = new RowSlots()
    slots.assign([0, 1, 2])
    slots.assign([2])
    const more = slots.assign([2, 3, 4, 5]).map(({ slot }) => slot)
    expect(more[0]).toBe(2)
    expect(new Set(more).size).toBe(4)
  })

  test('hold what they showed until there is something else', () => {
    const contents = new SlotContents<string>()
    expect(contents.of(0, undefined)).toBeUndefined()
    expect(contents.of(0, 'one')).toBe('one')
    expect(contents.of(0, undefined)).toBe('one')
    expect(contents.of(1, undefined)).toBeUndefined()
  })
})
