import { EngineError } from '../../engine/index.ts'

/** What a list is cut into, as a cursor: what it shows never changes, so a place in it is a number. */
export function cursorAt(offset: number): string {
  return String(offset)
}

/** Throws `usage` for a cursor that this program did not make. */
export function offsetOf(cursor: string | null): number {
  if (cursor === null) return 0
  if (!/^\d{1,12}$/.test(cursor)) throw new EngineError('usage', { context: { sentence: 'No such page.' } })
  return Number(cursor)
}
