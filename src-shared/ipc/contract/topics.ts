import { z } from 'zod'
import { navigation, preferences } from './app.ts'
import { activity, operationResult } from './operations.ts'

/** What main tells the window by itself. */
export const topics = {
  /** Whole, at once when somebody subscribes, then whenever it changes, at most ten times a second. */
  activity,
  /** An operation has ended. */
  operationEnded: operationResult,
  /** Lists that have to be asked for again. */
  changed: z.strictObject({
    what: z.array(z.enum(['plans', 'runs', 'accounts', 'destinations', 'snapshots', 'updates'])),
  }),
  /** A notification or the tray leads somewhere. */
  navigate: navigation,
  preferences,
  /** Of a sign-in with a code; null when it is over. */
  deviceCode: z.strictObject({ code: z.string(), url: z.string() }).nullable(),
} as const
