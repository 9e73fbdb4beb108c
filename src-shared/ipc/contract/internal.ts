import { z } from 'zod'
import { activity, operationResult } from './operations.ts'
import { attention } from './plans.ts'
import { bytes, hexId, moment, nothing, ownId, place, snapshotPath } from './shapes.ts'
import { topics } from './topics.ts'

/** What main asks its engine host for, and the window cannot. */
export const internalMethods = {
  /**
   * Plans whose turn it is, and the next moment at which one's will be. `quietDays`: so many days without a backup need
   * attention (7 if nobody ever said).
   */
  'schedule.due': {
    params: z.strictObject({ quietDays: z.number().int().min(1).max(3650).optional() }),
    value: z.strictObject({ plans: z.array(ownId), next: moment.nullable() }),
  },
  /** The text of a recovery kit, with the passphrase if asked: only ever written into the file that a person chose. */
  'kit.make': {
    params: z.strictObject({ place, format: z.enum(['text', 'html']), withPassphrase: z.boolean() }),
    value: z.strictObject({ fileName: z.string(), content: z.string() }),
  },
  'part.name': {
    params: z.strictObject({ place, snapshot: hexId, path: snapshotPath, part: z.string() }),
    value: z.strictObject({ name: z.string(), size: bytes }),
  },
  'part.write': {
    params: z.strictObject({ place, snapshot: hexId, path: snapshotPath, part: z.string(), to: z.string() }),
    value: nothing,
  },
  /** Rates for what the host sends and reads, in bytes a second; 0 for none. */
  'host.limits': { params: z.strictObject({ upload: bytes, download: bytes }), value: nothing },
  /** Ends all operations safely; resolves when they have ended. */
  'host.stop': { params: nothing, value: nothing },
} as const

/** What the host tells main by itself; `operations` becomes part of the activity. */
export const hostTopics = {
  operations: activity.shape.operations,
  operationEnded: operationResult,
  changed: topics.changed,
  deviceCode: topics.deviceCode,
  /** For notifications: what needs attention now. */
  attention: z.array(attention),
} as const
