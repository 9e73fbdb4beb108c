import type { ExitCode } from '../commands/parts/exit-codes.ts'
import type { KeepingName } from '../commands/parts/keeping-syntax.ts'
import type { Session } from '../commands/parts/session.ts'

type Run = (session: Session) => Promise<ExitCode>

/** Each command brings what it needs with it, so only the one that was called is loaded. */
export const keepingCommands: Readonly<Record<KeepingName, () => Promise<Run>>> = {
  forget: async () => (await import('../commands/forget.ts')).forget,
  prune: async () => (await import('../commands/prune.ts')).prune,
  repair: async () => (await import('../commands/repair.ts')).repair,
  key: async () => (await import('../commands/key.ts')).key,
  diff: async () => (await import('../commands/diff.ts')).diff,
  cat: async () => (await import('../commands/cat.ts')).cat,
  export: async () => (await import('../commands/export.ts')).exportItems,
  dump: async () => (await import('../commands/dump.ts')).dump,
}
