import { z } from 'zod'
import { started } from './operations.ts'
import { host } from './method.ts'
import { accountName, hexId, line, place, rootKind, snapshotPath } from './shapes.ts'

const selection = { place, snapshot: hexId, paths: z.array(snapshotPath).min(1).max(10_000) }

/** Where a restore goes. */
export const restoreTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('folder'), path: z.string().min(1).max(4000) }),
  z.strictObject({
    kind: z.literal('root'),
    account: accountName,
    root: z.strictObject({ kind: rootKind, name: line }),
    /** Folder of the target that takes what comes back. */
    targetFolder: line,
    /** Create even what is there already. */
    ignoreExisting: z.boolean(),
    /** What comes back only if it is asked for: settings, permissions, profile... (--restore-also). */
    also: z.array(z.string().max(40)),
    /** Somebody of the source, and who stands for them in the target. */
    people: z.array(z.strictObject({ from: line, to: line })).max(10_000),
  }),
])
export type RestoreTarget = z.infer<typeof restoreTarget>

const exportFormats = ['eml', 'mbox', 'ics', 'vcf', 'csv', 'html', 'files', 'zip'] as const

export const restoreMethods = {
  /**
   * Figures of a dry run: what would be created, what is there already, requests, expected seconds, as the command line's
   * summary has them.
   */
  'restore.start': host(z.strictObject({ ...selection, target: restoreTarget, dryRun: z.boolean() }), started),
  'export.start': host(
    z.strictObject({ ...selection, format: z.enum(exportFormats), folder: z.string().min(1).max(4000) }),
    started,
  ),
} as const
