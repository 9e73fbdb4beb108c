import type { Handlers, HostContext } from '../context.ts'
import { startExport } from './start-export.ts'
import { startRestore } from './start-restore.ts'

/** What brings data back: each begins an operation and answers with its id. */
export function restoreHandlers(context: HostContext): Handlers<'restore.start' | 'export.start'> {
  return { 'restore.start': startRestore(context), 'export.start': startExport(context) }
}
