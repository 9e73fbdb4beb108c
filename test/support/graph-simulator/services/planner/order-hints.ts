import { badRequest } from '../../http/errors.ts'

const first = 33
const behindLast = 127

/** A value that sorts between the two, by the ordinals of its characters. Never ends with "!". */
export function between(low: string, high: string | undefined): string {
  let made = ''
  let above = high
  for (let at = 0; ; at++) {
    const from = at < low.length ? low.charCodeAt(at) : first
    const to = above !== undefined && at < above.length ? above.charCodeAt(at) : behindLast
    if (to - from > 1) return made + String.fromCharCode((from + to) >> 1)
    made += String.fromCharCode(from)
    if (from < to) above = undefined
  }
}

/** Where a new item goes that says nothing of its place: in front of the others. */
export function hintAtTop(siblings: readonly string[]): string {
  return between('', siblings.toSorted(ordinally)[0])
}

/** Where a new item goes behind the others, for seeds. */
export function hintAtEnd(siblings: readonly string[]): string {
  return between(siblings.toSorted(ordinally).at(-1) ?? '', undefined)
}

/**
 * The short value for a hint that a client sends, "<previous> <next>!": such a hint sorts where the item is to go.
 * A value that the service made is refused. https://learn.microsoft.com/graph/api/resources/planner-order-hint-format
 */
export function placedHint(hint: unknown, siblings: readonly string[]): string {
  if (typeof hint !== 'string' || !/^[ -~]*!$/.test(hint) || !/ |^!$/.test(hint))
    throw badRequest('The order hint is not valid.', '')
  const sorted = siblings.toSorted(ordinally)
  const low = sorted.findLast((one) => ordinally(one, hint) < 0) ?? ''
  return between(
    low,
    sorted.find((one) => ordinally(one, hint) > 0),
  )
}

export function ordinally(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
