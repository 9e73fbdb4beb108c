/** With less than this part of its room left a destination is nearly full. */
export const NEARLY_FULL = 0.1

export function isNearlyFull(free: number, total: number): boolean {
  return free < total * NEARLY_FULL
}
