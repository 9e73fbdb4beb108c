import type { SourceSettings } from '../../settings/model.ts'
import { UsageError } from './usage-error.ts'

export const APPEND_ONLY = 'append-only'

/** Whether a plan only adds to its destination: one of its sources is enough. */
export function isAppendOnly(sources: readonly SourceSettings[]): boolean {
  return sources.some((source) => source[APPEND_ONLY] === true)
}

/** What a plan that only adds cannot have. */
export function rulesRefused(): UsageError {
  return new UsageError(
    'With --append-only nothing is removed at the destination, so no rules can be applied after a run: leave out the rules and --prune-every, and run "holdfast forget" and "holdfast prune" where removing is allowed.',
  )
}

/** The same of a plan that has both all the same, since somebody wrote it so. */
export const rulesLeftOut =
  'The rules of the plan were not applied: the destination is used for adding only (--append-only). Take either of the two out of the plan.'
