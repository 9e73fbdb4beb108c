import { isEngineError } from '../engine/model/errors.ts'
import { exitCodes, type ExitCode } from '../commands/parts/exit-codes.ts'
import { openLog } from '../commands/parts/log.ts'
import type { Session } from '../commands/parts/session.ts'
import { UsageError } from '../commands/parts/usage-error.ts'
import { programVersion } from '../commands/parts/version.ts'

/** What is to be noted of a call of the program. */
export interface FinishedCommand {
  readonly name: string
  /** Milliseconds since 1970. */
  readonly started: number
  readonly ended: number
  readonly exitCode: ExitCode
  readonly error?: unknown
}

/** Notes a command in the log. A log that cannot be written keeps nobody from the command's result. */
export async function logCommand({ profile, output }: Session, finished: FinishedCommand): Promise<void> {
  const { name, started, ended, exitCode, error } = finished
  const isBad = exitCode === exitCodes.failed || error !== undefined
  try {
    await openLog(profile).write({
      time: new Date(ended).toISOString(),
      level: isBad ? 'error' : exitCode === exitCodes.incomplete ? 'warning' : 'info',
      event: `command.${name}`,
      pid: process.pid,
      version: programVersion(),
      figures: { exit_code: exitCode, duration_ms: ended - started, ...codeOf(error) },
    })
  } catch (failure) {
    output.detail(`The log could not be written: ${isEngineError(failure) ? failure.code : String(failure)}`)
  }
}

/** Codes alone: a message or a stack may quote what a person typed. */
function codeOf(error: unknown): Readonly<Record<string, string>> {
  if (error === undefined) return {}
  if (error instanceof UsageError) return { code: 'usage' }
  if (!isEngineError(error)) return { code: 'internal', kind: error instanceof Error ? error.name : typeof error }
  const { reason, errno } = error.context
  const words = Object.entries({ reason, errno }).filter(([, word]) => typeof word === 'string')
  return { code: error.code, ...(Object.fromEntries(words) as Record<string, string>) }
}
