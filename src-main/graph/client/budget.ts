import type { Budget } from './limits.ts'

const slotsPerWindow = 60

/** Keeps what is spent within any window below the budget's amount. */
export interface Spending {
  /** Milliseconds until `amount` fits; 0 when it fits now. More than the whole budget fits when nothing is spent. */
  untilRoom(now: number, amount: number): number
  spend(now: number, amount: number): void
  /** Takes the last `amount` back: it was not spent after all. */
  refund(amount: number): void
  idle(now: number): boolean
}

/**
 * A sliding window in 60 slots. A token bucket that starts full would let nearly twice the amount through in its
 * first window, and one that starts empty would slow short runs down for nothing.
 */
export function createSpending(budget: Budget): Spending {
  const slotMs = budget.windowMs / slotsPerWindow
  let slots: { index: number; amount: number }[] = []
  let spent = 0

  const current = (now: number): number => {
    const index = Math.floor(now / slotMs)
    const newest = slots.at(-1)?.index ?? index
    // The wall clock was set back: move what is remembered along, or it would count for too long.
    if (index < newest) slots = slots.map((slot) => ({ index: slot.index - newest + index, amount: slot.amount }))
    while (slots[0] !== undefined && slots[0].index < index - slotsPerWindow) spent -= slots.shift()?.amount ?? 0
    return index
  }

  return {
    untilRoom(now, amount) {
      current(now)
      let left = spent
      if (left === 0 || left + amount <= budget.amount) return 0
      for (const slot of slots) {
        left -= slot.amount
        if (left <= 0 || left + amount <= budget.amount)
          return Math.ceil((slot.index + slotsPerWindow + 1) * slotMs) - now
      }
      return 0
    },
    spend(now, amount) {
      const index = current(now)
      const newest = slots.at(-1)
      if (newest?.index === index) newest.amount += amount
      else slots.push({ index, amount })
      spent += amount
    },
    refund(amount) {
      const newest = slots.at(-1)
      if (newest === undefined) return
      newest.amount -= amount
      spent -= amount
    },
    idle(now) {
      current(now)
      return spent === 0
    },
  }
}
