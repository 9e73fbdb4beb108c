import type { Stats } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { EngineError } from '../engine/model/errors.ts'
import { environmentName, type Environment, type OptionValues } from './option-values.ts'
import { UsageError } from './usage-error.ts'

export interface PassphrasePlace {
  readonly values: OptionValues
  readonly environment: Environment
  readonly warn: (sentence: string) => void
  /** Asks on the terminal without showing what is typed; undefined where nobody can be asked. */
  readonly ask: ((prompt: string) => Promise<string>) | undefined
}

const OPTION = 'passphrase-file'
const VARIABLE = 'HOLDFAST_PASSPHRASE'
const READABLE_BY_OTHERS = 0o077

/**
 * The passphrase: from the file that the command line names, from the environment, from the file that the environment
 * names, or typed; a new one is typed twice. Throws UsageError when there is none, when it is empty, or when the two
 * differ.
 */
export async function readPassphrase(place: PassphrasePlace, purpose: 'open' | 'new'): Promise<string> {
  const { values, environment, ask } = place
  const file = values.text(OPTION)
  const typed = environment[VARIABLE]
  if (file !== undefined && (typed === undefined || values.isFromCommandLine(OPTION))) return fromFile(file, place)
  if (typed !== undefined) return requireSome(typed, VARIABLE)
  if (ask === undefined)
    throw new UsageError(
      `There is no terminal to ask for the passphrase: set ${VARIABLE}, or name a file with --${OPTION}.`,
    )
  return purpose === 'new' ? askTwice(ask) : requireSome(await ask('Passphrase of the repository:'), 'The passphrase')
}

async function askTwice(ask: (prompt: string) => Promise<string>): Promise<string> {
  const first = requireSome(await ask('Passphrase for the new repository:'), 'The passphrase')
  if ((await ask('The same passphrase again:')) !== first)
    throw new UsageError('The two passphrases differ: run the command again and type the same one twice.')
  return first
}

async function fromFile(path: string, { values, warn }: PassphrasePlace): Promise<string> {
  const { bytes, stats } = await readPassphraseFile(path, values.isFromCommandLine(OPTION))
  if (process.platform !== 'win32' && (stats.mode & READABLE_BY_OTHERS) !== 0)
    warn(`Others can read the passphrase file ${path}: take the right from them with "chmod 600".`)
  const [line = ''] = decode(bytes, path).split('\n', 1)
  return requireSome(line.replace(/\r$/, ''), `The first line of the passphrase file ${path}`)
}

async function readPassphraseFile(path: string, named: boolean): Promise<{ bytes: Buffer; stats: Stats }> {
  try {
    return { bytes: await readFile(path), stats: await stat(path) }
  } catch (error) {
    const option = named ? `--${OPTION}` : environmentName(OPTION)
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

function requireSome(passphrase: string, what: string): string {
  if (passphrase === '') throw new UsageError(`${what} is empty: a repository needs a passphrase.`)
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
