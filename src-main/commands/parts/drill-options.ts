import { parseWhole } from './moments.ts'

/** Items of each data type that a restore drill takes, if nobody says how many. */
export const DRILL_SAMPLES = 5

const MOST_SAMPLES = 100_000

/** Throws UsageError. */
export function parseSamples(text: string): number {
  return parseWhole('drill-items', text, 1, MOST_SAMPLES)
}
