import type { ErrorCode } from './errors.ts'

/** A root has no place for a data type, or this sign-in may not use it. */
export const absentPlace: readonly ErrorCode[] = [
  'graph.forbidden',
  'graph.not-for-app-only',
  'graph.no-mailbox',
  'graph.no-drive',
  'graph.no-planner',
  'graph.no-conversations',
  'graph.no-team',
  'graph.no-site',
  'graph.locked',
]
