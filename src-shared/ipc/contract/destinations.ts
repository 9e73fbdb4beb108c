import { z } from 'zod'
import { started } from './operations.ts'
import { host } from './method.ts'
import { bytes, count, line, moment, nothing, place, secret } from './shapes.ts'

const destinationKind = z.enum(['folder', 'onedrive', 'group', 'sharepoint'])

export const destinationRow = z.strictObject({
  place,
  kind: destinationKind,
  /** As a person would say it: a path, or folder and drive. */
  title: z.string(),
  account: z.string().nullable(),
  /** Names of the plans that write there. */
  plans: z.array(z.string()),
  /** Whether its passphrase is in the keychain. */
  unlocked: z.boolean(),
  lastCheck: z.strictObject({ time: moment, problems: count }).nullable(),
  lastDrill: z.strictObject({ time: moment, items: count, failed: count }).nullable(),
})
export type DestinationRow = z.infer<typeof destinationRow>

const state = z.strictObject({
  /** `other`: there are files that are no repository. */
  state: z.enum(['absent', 'empty', 'repository', 'other']),
  writable: z.boolean(),
  free: bytes.nullable(),
  total: bytes.nullable(),
})

export const destinationMethods = {
  'destinations.list': host(nothing, z.array(destinationRow)),
  /** Looks at a place and tries to write there; leaves nothing behind. */
  'destinations.test': host(z.strictObject({ place }), state),
  /** Makes a repository there and keeps its passphrase in the keychain. */
  'destinations.create': host(
    z.strictObject({ place, passphrase: secret }),
    z.strictObject({ repository: z.string() }),
  ),
  /** Opens the repository there and keeps its passphrase in the keychain. */
  'destinations.unlock': host(
    z.strictObject({ place, passphrase: secret }),
    z.strictObject({ repository: z.string() }),
  ),
  /** Forgets the place and its passphrase; what is stored there stays. Refused while a plan writes there. */
  'destinations.remove': host(z.strictObject({ place }), nothing),
  /** Figures of the repository, read from it. */
  'destinations.figures': host(
    z.strictObject({ place }),
    z.strictObject({ snapshots: count, bytes, packs: count, oldest: moment.nullable(), newest: moment.nullable() }),
  ),
  /** A new passphrase, made here: of common words, with the bits of chance in it. The one secret that is shown. */
  'passphrase.suggest': host(nothing, z.strictObject({ passphrase: z.string(), bits: z.number() })),
  'keys.list': host(
    z.strictObject({ place }),
    z.array(
      z.strictObject({
        id: z.string(),
        user: z.string(),
        machine: z.string(),
        created: moment.nullable(),
        current: z.boolean(),
      }),
    ),
  ),
  /** `label`: whose key it is, its `user` in the list; without one, who is signed in to this machine. */
  'keys.add': host(z.strictObject({ place, passphrase: secret, label: line }), nothing),
  'keys.remove': host(z.strictObject({ place, key: z.string().max(64) }), nothing),
  'keys.change': host(z.strictObject({ place, passphrase: secret }), nothing),
  'check.start': host(
    z.strictObject({ place, read: z.union([z.literal('structure'), z.literal('all'), z.number().min(0.1).max(100)]) }),
    started,
  ),
  'drill.start': host(z.strictObject({ place }), started),
  'prune.start': host(z.strictObject({ place, dryRun: z.boolean() }), started),
} as const
