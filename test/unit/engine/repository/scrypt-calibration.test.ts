import { describe, expect, it } from 'vitest'
import {
  RESTIC_LIMITS,
  calibrate,
  derive,
  isBearable,
  type ScryptCost,
} from '../../../../src-main/engine/repository/scrypt-calibration.ts'

/** A machine on which a derivation takes `each` milliseconds for N = 2^15, r = 8, p = 1. */
function machine(each: number, measured: ScryptCost[] = []): (cost: ScryptCost) => Promise<number> {
  return async (cost) => {
    measured.push(cost)
    return (each * cost.N * cost.p) / 2 ** 15
  }
}

describe('the calibration', () => {
  it('uses the memory first, then the time', async () => {
    expect(await calibrate(RESTIC_LIMITS, machine(70))).toEqual({ N: 2 ** 15, r: 8, p: 7 })
    expect(await calibrate(RESTIC_LIMITS, machine(499))).toEqual({ N: 2 ** 15, r: 8, p: 1 })
  })

  it('uses less memory on a slow machine', async () => {
    expect(await calibrate(RESTIC_LIMITS, machine(700))).toEqual({ N: 2 ** 14, r: 8, p: 1 })
    expect(await calibrate(RESTIC_LIMITS, machine(5000))).toEqual({ N: 2 ** 11, r: 8, p: 1 })
  })

  it('takes back passes that turn out to take too long', async () => {
    const slowing = async ({ N, p }: ScryptCost): Promise<number> => (N / 2 ** 15) * 50 * p * (p > 1 ? 2 : 1)
    expect(await calibrate(RESTIC_LIMITS, slowing)).toEqual({ N: 2 ** 15, r: 8, p: 5 })
  })

  it('ends on a machine that is never or always fast enough', async () => {
    const slow = await calibrate(RESTIC_LIMITS, async () => 10_000)
    expect(slow).toEqual({ N: 2, r: 8, p: 1 })
    const fast = await calibrate(RESTIC_LIMITS, async () => 0)
    expect(isBearable({ ...fast, p: 1 })).toBe(true)
    expect(fast.p).toBe(2 ** 16)
  })

  it('stays within its limits on this machine', async () => {
    const cost = await calibrate({ milliseconds: 40, bytes: 4 << 20 })
    expect(isBearable(cost)).toBe(true)
    expect(128 * cost.N * cost.r).toBeLessThan(4 << 20)
  })
})

describe('a derivation', () => {
  it("gives the RFC's result", async () => {
    // https://www.rfc-editor.org/rfc/rfc7914#section-12
    const key = await derive('pleaseletmein', Buffer.from('SodiumChloride'), 64, { N: 16384, r: 8, p: 1 })
    expect(key.toString('hex')).toBe(
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2' +
        'd5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
    )
  })

  it('is bearable with what restic and others use, and not with what stalls a program', () => {
    for (const cost of [
      { N: 16384, r: 8, p: 1 },
      { N: 32768, r: 8, p: 7 },
      { N: 2 ** 20, r: 8, p: 1 },
      { N: 2, r: 1, p: 1 },
    ])
      expect(isBearable(cost)).toBe(true)
    for (const cost of [
      { N: 1, r: 8, p: 1 },
      { N: 0, r: 8, p: 1 },
      { N: 3, r: 8, p: 1 },
      { N: 2 ** 26, r: 1, p: 1 },
      { N: 2 ** 21, r: 8, p: 1 },
      { N: 2 ** 32, r: 8, p: 1 },
      { N: 2 ** 15, r: 8, p: 2 ** 20 },
      { N: 2 ** 15, r: 0, p: 1 },
      { N: 2 ** 15, r: 8, p: 0 },
      { N: 2 ** 15, r: 8.5, p: 1 },
      { N: 2 ** 15, r: -8, p: 1 },
      { N: Number.NaN, r: 8, p: 1 },
    ])
      expect(isBearable(cost), JSON.stringify(cost)).toBe(false)
  })
})
