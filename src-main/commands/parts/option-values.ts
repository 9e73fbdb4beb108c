import type { Command, Option } from 'commander'
import { UsageError } from './usage-error.ts'

export type Environment = Readonly<Record<string, string | undefined>>

interface Value {
  readonly value: unknown
  readonly fromCommandLine: boolean
}

const PREFIX = 'HOLDFAST_'
const YES = new Set(['1', 'true', 'yes', 'on'])
const NO = new Set(['0', 'false', 'no', 'off'])

/** What was given for the options of a command, by their long names without dashes in front ("retry-lock"). */
export class OptionValues {
  readonly #values: ReadonlyMap<string, Value>

  constructor(values: ReadonlyMap<string, Value>) {
    this.#values = values
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name)?.value
    return typeof value === 'string' ? value : undefined
  }

  /** Undefined if it was not given at all. */
  flag(name: string): boolean | undefined {
    const value = this.#values.get(name)?.value
    return typeof value === 'boolean' ? value : undefined
  }

  /** Every value of an option that may be given several times. */
  list(name: string): readonly string[] {
    const value = this.#values.get(name)?.value
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
  }

  has(name: string): boolean {
    return this.#values.get(name)?.value !== undefined
  }

  isFromCommandLine(name: string): boolean {
    return this.#values.get(name)?.fromCommandLine === true
  }

  /** The same with other values for some options. */
  with(texts: ReadonlyMap<string, string | boolean | readonly string[]>): OptionValues {
    const values = new Map(this.#values)
    for (const [name, value] of texts) values.set(name, { value, fromCommandLine: true })
    return new OptionValues(values)
  }

  without(names: readonly string[]): OptionValues {
    return new OptionValues(new Map([...this.#values].filter(([name]) => !names.includes(name))))
  }
}

/** The environment's name for an option: HOLDFAST_RETRY_LOCK for --retry-lock. */
export function environmentName(option: string): string {
  return PREFIX + option.toUpperCase().replaceAll('-', '_')
}

const repeatables = new WeakSet<Option>()

/** Makes an option one that may be given several times, with one value each (in the environment: one a line). */
export function repeatable(option: Option): Option {
  repeatables.add(option)
  return option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value])
}

function isRepeatable(option: Option): boolean {
  return repeatables.has(option)
}

/** Values of the command's options and the global ones: from the command line, or else from the environment. */
export function readOptionValues(command: Command, environment: Environment): OptionValues {
  const values = new Map<string, Value>()
  for (let owner: Command | null = command; owner !== null; owner = owner.parent)
    for (const option of owner.options) {
      const attribute = option.attributeName()
      const fromCommandLine = owner.getOptionValueSource(attribute) === 'cli'
      const value = fromCommandLine
        ? (owner.getOptionValue(attribute) as unknown)
        : fromEnvironment(option, environment)
      const name = option.name().replace(/^no-/, '')
      if (value !== undefined) values.set(name, { value, fromCommandLine })
    }
  return new OptionValues(values)
}

/** An empty variable is one that is not set. */
function fromEnvironment(option: Option, environment: Environment): boolean | string | readonly string[] | undefined {
  const variable = environmentName(option.name())
  const raw = environment[variable]
  if (raw === undefined || raw === '') return undefined
  if (!option.required && !option.optional) return readYesOrNo(variable, raw) !== option.negate
  if (option.argChoices !== undefined && !option.argChoices.includes(raw))
    throw new UsageError(`${variable} must be one of ${option.argChoices.join(', ')}, not "${raw}".`)
  return isRepeatable(option) ? raw.split('\n').filter((line) => line !== '') : raw
}

/** Whether a word from the environment or from a URL means yes. */
export function readYesOrNo(name: string, raw: string): boolean {
  const word = raw.toLowerCase()
  if (YES.has(word)) return true
  if (NO.has(word)) return false
  throw new UsageError(`${name} must be yes or no, not "${raw}".`)
}
