/** The page asks; main answers with an Envelope. */
export const INVOKE = 'holdfast:invoke'
/** Main tells the page what happens: { topic, value }. */
export const EVENT = 'holdfast:event'
