/**
 * Hidden marks on restored items: single-value extended properties of our own.
 * https://learn.microsoft.com/graph/api/resources/extended-properties-overview
 */
const ownSet = '{5e8a7d0c-3c1b-4f0e-9b57-6a2f9c1d4e80}'

/** "unfinished" for as long as something of the item is still on its way, then "finished". */
export const unfinishedMark = `String ${ownSet} Name HoldfastRestore`

/** The Graph id of the item that it was restored from. */
export const sourceMark = `String ${ownSet} Name HoldfastSource`

/** Who took part in a restored meeting, as JSON: real attendees would be mailed. */
export const peopleMark = `String ${ownSet} Name HoldfastPeople`
