import { isEngineError } from '../../engine/model/errors.ts'

/** Exchange's words for a mailbox that is full. Writing its delta state would need room, so delta is refused. */
const full: ReadonlySet<string> = new Set(['errorquotaexceeded', 'quotaexceeded', 'errormessagesizequotaexceeded'])

/** Whether a delta request failed because the mailbox is over its quota: a plain listing still works (gotcha 6). */
export function isDeltaRefused(error: unknown): boolean {
  if (!isEngineError(error)) return false
  const code = error.context.graphCode
  return (typeof code === 'string' && full.has(code.toLowerCase())) || error.context.status === 507
}
