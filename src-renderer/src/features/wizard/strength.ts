import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { commonWords } from './common-words.ts'

/** From 0 (guessed at once) to 4 (safe even if the repository is stolen). */
export type Strength = 0 | 1 | 2 | 3 | 4

const meter = new ZxcvbnFactory({ dictionary: { common: [...commonWords] } })

/** Long ones cost time to judge and are strong by then. */
const most = 100

/** How hard a passphrase is to guess, in the head of whoever has the repository: the passphrase stays in the page. */
export function strengthOf(passphrase: string): Strength {
  const { guessesLog10 } = meter.check(passphrase.slice(0, most), ['holdfast', 'backup', 'microsoft', 'restic'])
  // A stolen repository is tried out by machines: the steps are wider than those of a website's password.
  const steps = [6, 9, 12, 15]
  return steps.filter((step) => guessesLog10 >= step).length as Strength
}
