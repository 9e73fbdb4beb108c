import { EngineError } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { CheckOptions, DataSubset } from './model.ts'

const MAX_PARTS = 256
const ID_DIGITS = 8

/** How many checks go round all packs, with so many percent each. */
export function turnsOf(percent: number): number {
  return Math.ceil(100 / percent)
}

/** Throws `usage` (context: reason) if that is no part of the packs. */
export function requireSubset(subset: CheckOptions['readData']): void {
  if (typeof subset !== 'boolean' && !isSubset(subset))
    throw new EngineError('usage', { context: { reason: 'part of the data' } })
}

function isSubset(subset: DataSubset): boolean {
  if ('percent' in subset) {
    const { percent, turn } = subset
    return percent > 0 && percent <= 100 && Number.isSafeInteger(turn) && turn >= 0
  }
  const { part, of } = subset
  return Number.isInteger(part) && Number.isInteger(of) && part >= 1 && part <= of && of <= MAX_PARTS
}

/** Tells which packs are meant: by their ids alone, so that it is the same on every machine. */
export function subsetOf(subset: CheckOptions['readData']): (id: HexId) => boolean {
  if (typeof subset === 'boolean') return () => subset
  if ('part' in subset) return (id) => parseInt(id.slice(0, 2), 16) % subset.of === subset.part - 1
  const turns = turnsOf(subset.percent)
  const due = subset.turn % turns
  return (id) => Math.floor((parseInt(id.slice(0, ID_DIGITS), 16) / 16 ** ID_DIGITS) * turns) === due
}
