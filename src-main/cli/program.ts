import { isEngineError } from '../engine/model/errors.ts'
import { exitCodes, type ExitCode } from '../commands/parts/exit-codes.ts'
import { reportFailure } from '../commands/parts/failure.ts'
import { listenForInterruption } from '../commands/parts/interruption.ts'
import { keepingCommands } from './keeping-commands.ts'
import { logCommand } from './log-command.ts'
import type { Environment } from '../commands/parts/option-values.ts'
import { createOutput, type Output, type OutputOptions } from '../commands/parts/output.ts'
import { parseArguments, type ParsedCommand } from '../commands/parts/parse-arguments.ts'
import { createSession, type Session } from '../commands/parts/session.ts'
import type { CommandName } from '../commands/parts/syntax.ts'
import { programVersion } from '../commands/parts/version.ts'

type Run = (session: Session) => Promise<ExitCode>

/** Each command brings the engine with it, so only the one that was called is loaded. */
const commands: Readonly<Record<CommandName, () => Promise<Run>>> = {
  init: async () => (await import('../commands/init.ts')).init,
  backup: async () => (await import('../commands/backup.ts')).backup,
  snapshots: async () => (await import('../commands/snapshots.ts')).snapshots,
  ls: async () => (await import('../commands/ls.ts')).ls,
  find: async () => (await import('../commands/find.ts')).find,
  restore: async () => (await import('../commands/restore.ts')).restore,
  check: async () => (await import('../commands/check.ts')).check,
  permissions: async () => (await import('../commands/permissions.ts')).permissions,
  copy: async () => (await import('../commands/copy.ts')).copy,
  login: async () => (await import('../commands/login.ts')).login,
  logout: async () => (await import('../commands/logout.ts')).logout,
  accounts: async () => (await import('../commands/accounts.ts')).accounts,
  unlock: async () => (await import('../commands/unlock.ts')).unlock,
  ...keepingCommands,
  plan: async () => (await import('../commands/plan.ts')).plan,
  run: async () => (await import('../commands/run.ts')).run,
  diagnostics: async () => (await import('../commands/diagnostics.ts')).diagnostics,
}

/** Carries out a command line and gives the exit code. Never rejects. */
export async function runProgram(argv: readonly string[], environment: Environment): Promise<ExitCode> {
  const early = openOutput({ json: asksForJson(argv, environment), verbose: argv.includes('--verbose'), quiet: false })
  const print = (text: string): void => void process.stdout.write(text)
  let command: ParsedCommand | undefined
  try {
    command = parseArguments(argv, { environment, version: programVersion, print })
  } catch (error) {
    return reportFailure(error, early)
  }
  return command === undefined ? exitCodes.done : runCommand(command, environment)
}

async function runCommand(command: ParsedCommand, environment: Environment): Promise<ExitCode> {
  const { values } = command
  const flag = (name: string): boolean => values.flag(name) === true
  const output = openOutput({ json: flag('json'), verbose: flag('verbose'), quiet: flag('quiet') })
  const interruption = listenForInterruption(() => output.note('Stopping; once more to stop at once...'))
  const started = Date.now()
  let session: Session | undefined
  let failure: unknown
  let exitCode: ExitCode
  try {
    session = createSession({ command, environment, output, signal: interruption.signal })
    const run = await commands[command.name]()
    exitCode = await run(session)
  } catch (error) {
    session?.progress.stop()
    failure = meant(error, interruption.signal)
    exitCode = reportFailure(failure, output, session?.secrets)
  } finally {
    session?.progress.stop()
    interruption.stop()
    await session?.connections.close()
  }
  if (session !== undefined)
    await logCommand(session, { name: command.name, started, ended: Date.now(), exitCode, error: failure })
  return exitCode
}

/** What fails in whatever way after the user said stop failed because of that. */
function meant(error: unknown, signal: AbortSignal): unknown {
  return signal.aborted && !isEngineError(error) ? signal.reason : error
}

function openOutput(options: OutputOptions): Output {
  return createOutput(options, process.stdout, process.stderr)
}

/** What is known of --json before the command line was understood. */
function asksForJson(argv: readonly string[], environment: Environment): boolean {
  return argv.includes('--json') || /^(1|true|yes|on)$/i.test(environment.HOLDFAST_JSON ?? '')
}
