import { randomBytes, scrypt } from 'node:crypto'

/** Cost of a key derivation. https://www.rfc-editor.org/rfc/rfc7914 */
export interface ScryptCost {
  /** A power of two. */
  readonly N: number
  readonly r: number
  readonly p: number
}

export interface CalibrationLimits {
  readonly milliseconds: number
  readonly bytes: number
}

/** What restic allows itself. */
export const RESTIC_LIMITS: CalibrationLimits = { milliseconds: 500, bytes: 60 << 20 }

const BLOCK_SIZE = 8
const MAX_N = 2 ** 25
const MAX_MEMORY = 2 ** 31
const MAX_WORK = 2 ** 28

/**
 * Whether a derivation of that cost is one that somebody may have wanted: valid, at most 2 GiB of memory and about a
 * minute of work. A key file is not protected before it is opened; nobody must be able to stall a program with one.
 */
export function isBearable({ N, r, p }: ScryptCost): boolean {
  if (![N, r, p].every((value) => Number.isSafeInteger(value) && value >= 1)) return false
  const powerOfTwo = N >= 2 && N <= MAX_N && (N & (N - 1)) === 0
  return powerOfTwo && 128 * N * r < MAX_MEMORY && N * r * p <= MAX_WORK && r * p < 2 ** 30
}

/** Derives `length` bytes from the passphrase, outside of the main thread. */
export function derive(passphrase: string, salt: Uint8Array, length: number, cost: ScryptCost): Promise<Buffer> {
  const maxmem = 128 * cost.r * (cost.N + cost.p + 2) + (1 << 20)
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, length, { ...cost, maxmem }, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}

/**
 * The hardest cost within the limits on this machine: as much memory as allowed, then as many passes as the time
 * allows. The same steps as restic takes (https://github.com/elithrar/simple-scrypt, Calibrate). `measure` gives the
 * milliseconds of one derivation.
 */
export async function calibrate(
  limits: CalibrationLimits = RESTIC_LIMITS,
  measure: (cost: ScryptCost) => Promise<number> = measureHere,
): Promise<ScryptCost> {
  let N = 2
  while (128 * BLOCK_SIZE * N * 2 < limits.bytes) N *= 2
  let taken = await measure({ N, r: BLOCK_SIZE, p: 1 })
  while (taken > limits.milliseconds && N > 2) {
    N /= 2
    taken = await measure({ N, r: BLOCK_SIZE, p: 1 })
  }
  let p = passes(limits.milliseconds, taken)
  taken = await measure({ N, r: BLOCK_SIZE, p })
  while (taken > limits.milliseconds && p > 1) {
    p = Math.min(p - 1, passes(limits.milliseconds, taken / p))
    taken = await measure({ N, r: BLOCK_SIZE, p })
  }
  return { N, r: BLOCK_SIZE, p }
}

function passes(available: number, each: number): number {
  return Math.max(1, Math.min(Math.floor(available / Math.max(each, 0.001)), 1 << 16))
}

async function measureHere(cost: ScryptCost): Promise<number> {
  const started = performance.now()
  await derive('calibration', randomBytes(16), 32, cost)
  return performance.now() - started
}
