import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSpending } from '../../../../src-main/graph/client/budget.ts'

const budget = { measure: 'requests', amount: 10, windowMs: 60_000 } as const

describe('a budget', () => {
  it('lets everything through at once until it is spent, then waits for the window', () => {
    const spending = createSpending(budget)
    for (let spent = 0; spent < 10; spent++) {
      expect(spending.untilRoom(0, 1)).toBe(0)
      spending.spend(0, 1)
    }
    const wait = spending.untilRoom(0, 1)
    expect(wait).toBeGreaterThanOrEqual(60_000)
    expect(wait).toBeLessThanOrEqual(61_000)
    expect(spending.untilRoom(wait, 1)).toBe(0)
  })

  it('takes back what was not spent', () => {
    const spending = createSpending(budget)
    spending.spend(0, 10)
    spending.refund(4)
    expect(spending.untilRoom(0, 4)).toBe(0)
    expect(spending.untilRoom(0, 5)).toBeGreaterThan(0)
  })

  it('lets one that is larger than the whole through when nothing else is spent', () => {
    const spending = createSpending(budget)
    expect(spending.untilRoom(0, 25)).toBe(0)
    spending.spend(0, 25)
    expect(spending.untilRoom(0, 1)).toBeGreaterThan(0)
  })

  it('does not wait longer than a window when the clock is set back', () => {
    const spending = createSpending(budget)
    spending.spend(10_000_000, 10)
    expect(spending.untilRoom(5_000_000, 1)).toBeLessThanOrEqual(62_000)
  })

  it('never spends more than its amount within any window', () => {
    const steps = fc.array(fc.tuple(fc.nat(20_000), fc.integer({ min: 1, max: 4 })), { minLength: 20, maxLength: 80 })
    fc.assert(
      fc.property(steps, (asked) => {
        const spending = createSpending(budget)
        const spent: { at: number; amount: number }[] = []
        let now = 0
        for (const [pause, amount] of asked) {
          now += pause
          now += spending.untilRoom(now, amount)
          spending.spend(now, amount)
          spent.push({ at: now, amount })
        }
        for (const { at } of spent) {
          const window = spent.filter((one) => one.at >= at && one.at < at + budget.windowMs)
          const total = window.reduce((sum, one) => sum + one.amount, 0)
          expect(total).toBeLessThanOrEqual(budget.amount)
        }
      }),
    )
  })
})
