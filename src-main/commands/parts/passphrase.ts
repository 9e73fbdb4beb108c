import type { Stats } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { EngineError } from '../../engine/model/errors.ts'
import { environmentName, type Environment, type OptionValues } from './option-values.ts'
import { UsageError } from './usage-error.ts'

export interface PassphrasePlace {
  readonly values: OptionValues
  readonly environment: Environment
  readonly warn: (sentence: string) => void
  /** Asks on the terminal without showing what is typed; undefined where nobody can be asked. */
  readonly ask: ((prompt: string) => Promise<string>) | undefined
}

/** Where a passphrase comes from, and what people call it. */
export interface PassphraseKind {
  /** Names a file whose first line is the passphrase. */
  readonly option: string
  readonly variable: string
  readonly name: string
  /** What it is typed for: an open one, a new one. */
  readonly prompts: Readonly<Record<'open' | 'new', string>>
  /** What cannot do without. */
  readonly owner: string
}

export const repositoryPassphrase: PassphraseKind = {
  option: 'passphrase-file',
  variable: 'HOLDFAST_PASSPHRASE',
  name: 'the passphrase',
  prompts: { open: 'Passphrase of the repository:', new: 'Passphrase for the new repository:' },
  owner: 'a repository',
}

/** Of the repository that a copy reads. */
export const fromPassphrase: PassphraseKind = {
  option: 'from-passphrase-file',
  variable: 'HOLDFAST_FROM_PASSPHRASE',
  name: 'the passphrase of the repository to copy from',
  prompts: { open: 'Passphrase of the repository to copy from:', new: 'Passphrase of the repository to copy from:' },
  owner: 'a repository',
}

export const vaultPassphrase: PassphraseKind = {
  option: 'vault-passphrase-file',
  variable: 'HOLDFAST_VAULT_PASSPHRASE',
  name: 'the passphrase of the vault',
  prompts: { open: 'Passphrase of the vault:', new: 'Passphrase for the new vault:' },
  owner: 'a vault',
}

const READABLE_BY_OTHERS = 0o077

/**
 * A passphrase, of the repository unless said otherwise: from the file that the command line names, from the
 * environment, from the file that the environment names, or typed; a new one is typed twice. Throws UsageError when
 * there is none, when it is empty, or when the two differ.
 */
export async function readPassphrase(
  place: PassphrasePlace,
  purpose: 'open' | 'new',
  kind = repositoryPassphrase,
): Promise<string> {
  const { values, environment, ask } = place
  const { option, variable, name, prompts } = kind
  const file = values.text(option)
  const typed = environment[variable]
  if (file !== undefined && (typed === undefined || values.isFromCommandLine(option)))
    return fromFile(file, place, kind)
  if (typed !== undefined) return requireSome(typed, variable, kind)
  if (ask === undefined)
    throw new UsageError(`There is no terminal to ask for ${name}: set ${variable}, or name a file with --${option}.`)
  const first = requireSome(await ask(prompts[purpose]), 'The passphrase', kind)
  if (purpose === 'new' && (await ask('The same passphrase again:')) !== first)
    throw new UsageError('The two passphrases differ: run the command again and type the same one twice.')
  return first
}

async function fromFile(path: string, { values, warn }: PassphrasePlace, kind: PassphraseKind): Promise<string> {
  const { option } = kind
  const { bytes, stats } = await readPassphraseFile(path, option, values.isFromCommandLine(option))
  if (process.platform !== 'win32' && (stats.mode & READABLE_BY_OTHERS) !== 0)
    warn(`Others can read the passphrase file ${path}: take the right from them with "chmod 600".`)
  const [line = ''] = decode(bytes, path).split('\n', 1)
  return requireSome(line.replace(/\r$/, ''), `The first line of the passphrase file ${path}`, kind)
}

async function readPassphraseFile(
  path: string,
  name: string,
  typed: boolean,
): Promise<{ bytes: Buffer; stats: Stats }> {
  try {
    return { bytes: await readFile(path), stats: await stat(path) }
  } catch (error) {
    const option = typed ? `--${name}` : environmentName(name)
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    throw new UsageError(`The passphrase file ${path} cannot be read${code}: check ${option}.`, { cause: error })
  }
}

/** Editors on Windows put a byte order mark in front, and some write UTF-16. */
function decode(bytes: Buffer, path: string): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  try {
    return new TextDecoder(utf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new UsageError(`The passphrase file ${path} is no text in UTF-8: save it as such.`, { cause: error })
  }
}

function requireSome(passphrase: string, what: string, { owner }: PassphraseKind): string {
  if (passphrase === '') throw new UsageError(`${what} is empty: ${owner} needs a passphrase.`)
  return passphrase
}

/** Asks on the terminal; undefined if standard input or error is none. */
export function terminalPrompt(): ((prompt: string) => Promise<string>) | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined
  return async (prompt) => {
    const { read } = await import('read')
    try {
      return await Promise.race([read({ prompt, silent: true, output: process.stderr }), endOfInput()])
    } catch (error) {
      throw new EngineError('cancelled', { cause: error }) // Ctrl-C or Ctrl-D
    } finally {
      process.stderr.write('\n')
    }
  }
}

/** Ctrl-D closes the prompt without an answer, which shows in that the terminal is not read any more. */
function endOfInput(): Promise<never> {
  return new Promise((_resolve, reject) => {
    process.stdin.once('pause', () => setImmediate(() => reject(new Error('end of input'))))
  })
}
