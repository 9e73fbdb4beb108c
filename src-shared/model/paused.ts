/** Whether something rests at a moment: true until somebody says otherwise, a number until then (milliseconds since 1970). */
export function isPausedAt(paused: boolean | number | undefined, now: number): boolean {
  return paused === true || (typeof paused === 'number' && paused > now)
}
