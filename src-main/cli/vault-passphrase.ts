import { readFile, stat } from 'node:fs/promises'
import type { Environment, OptionValues } from './option-values.ts'
import { UsageError } from './usage-error.ts'

export interface VaultPassphrasePlace {
  readonly values: OptionValues
  readonly environment: Environment
  readonly warn: (sentence: string) => void
  /** Asks on the terminal without showing what is typed; undefined where nobody can be asked. */
  readonly ask: ((prompt: string) => Promise<string>) | undefined
}

const OPTION = 'vault-passphrase-file'
const VARIABLE = 'HOLDFAST_VAULT_PASSPHRASE'
const READABLE_BY_OTHERS = 0o077

/**
 * The passphrase of the vault file, in the order of that of the repository: from the file that the command line names,
 * from the environment, from the file that the environment names, or typed; a new one twice. Throws UsageError.
 */
export async function readVaultPassphrase(place: VaultPassphrasePlace, purpose: 'open' | 'new'): Promise<string> {
  const { values, environment, ask } = place
  const file = values.text(OPTION)
  const given = environment[VARIABLE]
  if (file !== undefined && (given === undefined || values.isFromCommandLine(OPTION))) return fromFile(file, place)
  if (given !== undefined) return requireSome(given, VARIABLE)
  if (ask === undefined)
    throw new UsageError(
      `There is no terminal to ask for the passphrase of the vault: set ${VARIABLE}, or name a file with --${OPTION}.`,
    )
  const first = requireSome(await ask('Passphrase of the vault:'), 'The passphrase')
  if (purpose === 'new' && (await ask('The same passphrase again:')) !== first)
    throw new UsageError('The two passphrases differ: run the command again and type the same one twice.')
  return first
}

async function fromFile(path: string, { warn }: VaultPassphrasePlace): Promise<string> {
  const { text, mode } = await readPassphraseFile(path)
  if (process.platform !== 'win32' && (mode & READABLE_BY_OTHERS) !== 0)
    warn(`Others can read the passphrase file ${path}: take the right from them with "chmod 600".`)
  const [line = ''] = text.replace(/^\ufeff/, '').split('\n', 1)
  return requireSome(line.replace(/\r$/, ''), `The first line of the passphrase file ${path}`)
}

async function readPassphraseFile(path: string): Promise<{ readonly text: string; readonly mode: number }> {
  try {
    return { text: await readFile(path, 'utf8'), mode: (await stat(path)).mode }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    throw new UsageError(`The passphrase file ${path} cannot be read${code}: check --${OPTION}.`, { cause: error })
  }
}

function requireSome(passphrase: string, what: string): string {
  if (passphrase === '') throw new UsageError(`${what} is empty: a vault needs a passphrase.`)
  return passphrase
}
