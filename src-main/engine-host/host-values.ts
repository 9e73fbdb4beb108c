import { environmentName, OptionValues, type Environment } from '../commands/parts/option-values.ts'
import { withSource } from '../commands/parts/source-options.ts'
import type { GivenOptions } from './context.ts'

/**
 * What of the environment counts here: where secrets are kept, where Graph and the sign-in answer, and secrets that a
 * plan of the command line leaves to the environment. Anything else would change what plans do behind the window's back.
 */
const fromEnvironment = [
  'vault',
  'vault-passphrase-file',
  'office365-graph-base-url',
  'office365-login-base-url',
  'office365-sharepoint-base-url',
  'office365-client-secret',
  'office365-certificate-password',
] as const

/** Bytes a second; 0 for none. */
export interface Limits {
  readonly upload: number
  readonly download: number
}

export const noLimits: Limits = { upload: 0, download: 0 }

const KIBIBYTE = 1024

/** The values of options that hold for everything the host does. */
export function hostValues(environment: Environment, { upload, download }: Limits): OptionValues {
  const values = new Map<string, { readonly value: string; readonly fromCommandLine: boolean }>()
  for (const name of fromEnvironment) {
    const value = environment[environmentName(name)]
    if (value !== undefined && value !== '') values.set(name, { value, fromCommandLine: false })
  }
  for (const [name, rate] of [
    ['limit-upload', upload],
    ['limit-download', download],
  ] as const)
    if (rate > 0) values.set(name, { value: String(Math.max(1, Math.round(rate / KIBIBYTE))), fromCommandLine: false })
  return new OptionValues(values)
}

/** With what a call of a command is given beside that. */
export function givenValues(values: OptionValues, options: GivenOptions): OptionValues {
  return withSource(values, new Map(Object.entries(options)))
}
