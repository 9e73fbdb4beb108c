import type { Environment, OptionValues } from '../../../../src-main/commands/parts/option-values.ts'
import { parseArguments, type ParsedCommand } from '../../../../src-main/commands/parts/parse-arguments.ts'
import { UsageError } from '../../../../src-main/commands/parts/usage-error.ts'

/** What the arguments mean; nothing is carried out. */
export function parse(args: readonly string[], environment: Environment = {}): ParsedCommand {
  const parsed = parseArguments(args, { environment, version: () => '1.2.3', print: () => undefined })
  if (parsed === undefined) throw new Error('help was printed')
  return parsed
}

export function valuesOf(args: readonly string[], environment: Environment = {}): OptionValues {
  return parse(args, environment).values
}

/** The sentence of the UsageError that the work ends with. */
export async function refusal(work: () => unknown): Promise<string> {
  try {
    await work()
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  throw new Error('it was not refused')
}
