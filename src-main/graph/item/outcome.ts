import { isEngineError, type EngineError } from '../../engine/model/errors.ts'
import type { ItemOutcome } from '../../engine/ports/restore-target.ts'

/** Restores one item: what concerns it alone becomes its outcome, what ends the restore is thrown. */
export async function outcomeOf(restore: () => Promise<ItemOutcome>): Promise<ItemOutcome> {
  try {
    return await restore()
  } catch (error) {
    if (!isEngineError(error) || endsRestore(error)) throw error
    return { kind: 'failed', code: error.code, ...detailOf(error) }
  }
}

/** Nothing can go on: signed out, not allowed, no connection, the target is full, the repository is damaged. */
function endsRestore(error: EngineError): boolean {
  const { code, context } = error
  if (code === 'cancelled' || code === 'internal' || code.startsWith('auth.') || code === 'graph.unreachable')
    return true
  // The caller knows what a damaged repository means for an item.
  if (code.startsWith('graph.no-') || code === 'graph.drive-full' || code.startsWith('repository.')) return true
  return context.status === 507 || /quotaexceeded|quotaLimitReached/i.test(String(context.graphCode ?? ''))
}

/** Graph's own word for what it did not like. */
function detailOf(error: EngineError): { readonly detail?: string } {
  const detail = error.context.graphCode ?? error.context.reason
  return typeof detail === 'string' ? { detail } : {}
}

/** The request may have done its work although no good answer came. */
export function hasUnknownOutcome(error: unknown): boolean {
  return (
    isEngineError(error, 'graph.service-failed') ||
    isEngineError(error, 'graph.stalled') ||
    isEngineError(error, 'graph.unreachable')
  )
}
