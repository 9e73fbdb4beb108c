import { randomInt } from 'node:crypto'
import { words } from './words.ts'

/** So many words have 77 bits of chance: more than anybody can try, the key being made costly by scrypt. */
const COUNT = 7

export interface Suggestion {
  readonly passphrase: string
  /** Of chance. */
  readonly bits: number
}

/** A passphrase of common words. `below`: a random whole number from 0 on that is less. */
export function suggestPassphrase(below: (most: number) => number = randomInt): Suggestion {
  const chosen = Array.from({ length: COUNT }, () => words[below(words.length)] ?? '')
  return { passphrase: chosen.join('-'), bits: Math.floor(COUNT * Math.log2(words.length)) }
}
