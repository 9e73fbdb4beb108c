import { isEngineError } from '../../engine/model/errors.ts'
import type { ItemOutcome } from '../../engine/ports/restore-target.ts'
import { outcomeOf } from '../item/outcome.ts'

/** What becomes of items: as everywhere, and a limit of Planner under its own name. Throws what ends the restore. */
export async function plannerOutcome(work: () => Promise<ItemOutcome>): Promise<ItemOutcome> {
  const met: { error?: unknown } = {}
  const outcome = await outcomeOf(async () => {
    try {
      return await work()
    } catch (error) {
      met.error = error
      throw error
    }
  })
  return outcome.kind === 'failed' && isOverLimit(met.error) ? { ...outcome, code: 'restore.planner-limit' } : outcome
}

/** Planner says with 403 that there is too much of something. https://learn.microsoft.com/graph/api/resources/planner-overview */
export function isOverLimit(error: unknown): boolean {
  return isEngineError(error, 'graph.forbidden') && /^Maximum[A-Z]/.test(String(error.context.graphCode ?? ''))
}
