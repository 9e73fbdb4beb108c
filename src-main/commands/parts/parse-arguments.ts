import { CommanderError, type Command } from 'commander'
import { readOptionValues, type Environment, type OptionValues } from './option-values.ts'
import { createProgram, type CommandName } from './syntax.ts'
import { UsageError } from './usage-error.ts'

export interface ParsedCommand {
  readonly name: CommandName
  readonly args: readonly string[]
  readonly values: OptionValues
}

export interface ParsePlace {
  readonly environment: Environment
  readonly version: () => string
  /** Takes help and version. */
  readonly print: (text: string) => void
}

/** The command that the arguments name; undefined if help or version was asked for and printed. Throws UsageError. */
export function parseArguments(argv: readonly string[], place: ParsePlace): ParsedCommand | undefined {
  let called: { readonly name: CommandName; readonly command: Command } | undefined
  const program = createProgram((name, command) => {
    called = { name, command }
  })
  // Commander answers --version itself; the version is read only then.
  if (argv.includes('--version')) program.version(place.version(), '--version', 'print the version')
  else program.option('--version', 'print the version')
  prepare(program, place.print)
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return undefined
    throw new UsageError(usageSentence(error))
  }
  const { name, command } = calledCommand(called)
  return { name, args: command.args, values: readOptionValues(command, place.environment) }
}

function calledCommand<T>(called: T | undefined): T {
  if (called === undefined) throw new UsageError('No command was given: "holdfast --help" shows what there is.')
  return called
}

function prepare(program: Command, print: (text: string) => void): void {
  for (const command of [program, ...program.commands])
    command.exitOverride().configureOutput({ writeOut: print, writeErr: () => undefined })
}

/** Commander's message as a sentence. It quotes what was typed: values, which may be secrets, are left out. */
function usageSentence({ code, message }: CommanderError): string {
  if (code === 'commander.help') return 'No command was given: "holdfast --help" shows what there is.'
  const plain = message
    .replace(/^error: /, '')
    .replace(/(Expected \d+ arguments? but got \d+): .*$/s, '$1')
    .replace(/'(--?[^'=\s]+)=.*'/s, "'$1'")
    .replaceAll(/\s+/g, ' ')
    .replace(/\.$/, '')
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}. "holdfast --help" shows what there is.`
}
