import { createConnections, type Connections } from './connections.ts'
import { withPlace } from './error-place.ts'
import { parseDuration } from './moments.ts'
import { environmentName, type Environment, type OptionValues } from './option-values.ts'
import type { Output } from './output.ts'
import { readPassphrase, repositoryPassphrase, terminalPrompt, type PassphraseKind } from './passphrase.ts'
import { profileFolder } from './profile.ts'
import { createProgress, type Progress } from './progress.ts'
import { secretOptionNames } from './source-options.ts'
import type { ParsedCommand } from './parse-arguments.ts'

/** One call of the program, as the commands see it. */
export interface Session {
  readonly args: readonly string[]
  readonly values: OptionValues
  readonly output: Output
  readonly progress: Progress
  /** Fires when the user wants to stop. */
  readonly signal: AbortSignal
  readonly profile: string
  /** Milliseconds for which a locked repository is waited for. */
  readonly retryFor: number
  /** What must never be printed. */
  readonly secrets: Set<string>
  /** Closed when the call is over. */
  readonly connections: Connections
  /** Of the repository, unless another kind is named. `from`: who names its file, if not the session's own values. */
  passphrase(purpose: 'open' | 'new', kind?: PassphraseKind, from?: OptionValues): Promise<string>
}

export interface SessionPlace {
  readonly command: ParsedCommand
  readonly environment: Environment
  readonly output: Output
  readonly signal: AbortSignal
}

/** Throws UsageError. */
export function createSession({ command, environment, output, signal }: SessionPlace): Session {
  const { args, values } = command
  const secrets = new Set<string>()
  for (const name of secretOptionNames) {
    const secret = values.text(name)
    if (secret !== undefined && secret !== '') secrets.add(secret)
    if (values.isFromCommandLine(name)) output.warn(secretOnCommandLine(name))
  }
  const retryLock = values.text('retry-lock')
  const terminal = process.stderr.isTTY ? process.stderr : undefined
  return {
    args,
    values,
    output,
    progress: createProgress({ output, now: () => Date.now(), terminal }),
    signal,
    profile: profileFolder(values.text('profile')),
    retryFor: retryLock === undefined ? 0 : parseDuration('retry-lock', retryLock),
    secrets,
    connections: createConnections(),
    passphrase: async (purpose, kind = repositoryPassphrase, from = values) => {
      const warn = (sentence: string): void => output.warn(sentence)
      const place = { values: from, environment, warn, ask: terminalPrompt() }
      const passphrase = await readPassphrase(place, purpose, kind)
      secrets.add(passphrase)
      return passphrase
    },
  }
}

/** The warning about a secret that everybody on the machine can see. */
export function secretOnCommandLine(name: string): string {
  return `--${name} shows in the list of processes: give it by ${environmentName(name)} instead.`
}

/** Does what needs the profile folder; errors say that it is about that. */
export async function inProfile<T>({ profile }: Session, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw withPlace(error, profile)
  }
}

/** The argument at a place that the syntax requires. */
export function requiredArgument({ args }: Pick<Session, 'args'>, at: number): string {
  const value = args[at]
  if (value === undefined) throw new Error(`argument ${at} is missing`)
  return value
}
