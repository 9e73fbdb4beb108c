import type { Connections } from '../commands/parts/connections.ts'
import type { Environment, OptionValues } from '../commands/parts/option-values.ts'
import type { Output } from '../commands/parts/output.ts'
import { readPassphrase } from '../commands/parts/passphrase.ts'
import type { Progress } from '../commands/parts/progress.ts'
import { secretOptionNames } from '../commands/parts/source-options.ts'
import { EngineError } from '../engine/index.ts'
import { givenValues } from './host-values.ts'
import { passphraseOf } from './passphrases.ts'
import type { HostSession, SessionWish } from './context.ts'

export interface SessionParts {
  readonly profile: string
  readonly values: OptionValues
  readonly connections: Connections
  readonly output: Output
  readonly progress: Progress
}

/** A call of a command as the host makes it: nobody is there to be asked, so passphrases come from where they are kept. */
export function makeSession(parts: SessionParts, wish: SessionWish): HostSession {
  const { connections, output, progress, profile } = parts
  const { signal, args = [], passphrases = {} } = wish
  const values = givenValues(parts.values, wish.options ?? {})
  const secrets = new Set<string>(secretOptionNames.flatMap((name) => values.text(name) ?? []))
  for (const given of [passphrases.open, passphrases.new]) if (given !== undefined) secrets.add(given)
  const place = wish.place ?? args[0]
  const kept = async (): Promise<string> => {
    const passphrase = await keptPassphrase(parts, values, place)
    secrets.add(passphrase)
    return passphrase
  }
  return {
    args,
    values,
    output,
    progress,
    signal,
    profile,
    retryFor: 0,
    secrets,
    connections,
    passphrase: async (purpose) => {
      if (purpose === 'open') return passphrases.open ?? (await kept())
      if (passphrases.new === undefined) throw new Error('no new passphrase was given')
      return passphrases.new
    },
    close: () => connections.close(),
  }
}

const noEnvironment: Environment = {}

/** From the keychain, or from the file that a plan of the command line names. */
async function keptPassphrase(
  { connections, output }: SessionParts,
  values: OptionValues,
  place: string | undefined,
): Promise<string> {
  const secrets = await connections.secretStore(() => Promise.reject(new Error('the host brings its own')))
  const known = place === undefined ? undefined : await passphraseOf(secrets, place)
  if (known !== undefined) return known
  if (values.has('passphrase-file')) {
    const warn = (sentence: string): void => output.warn(sentence)
    return await readPassphrase({ values, environment: noEnvironment, warn, ask: undefined }, 'open')
  }
  const context = { reason: 'not-kept', ...(place === undefined ? {} : { place }) }
  throw new EngineError('repository.wrong-passphrase', { context })
}
