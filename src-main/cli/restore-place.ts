import { resolve } from 'node:path'
import { folderPath } from './destination.ts'
import { readYesOrNo, type OptionValues } from './option-values.ts'
import { readSourceOptions, sourceOptionNames, type SourceOptions } from './source-options.ts'
import { UsageError } from './usage-error.ts'

/** Where a restore goes. */
export type RestorePlace =
  | { readonly kind: 'folder'; readonly path: string }
  | {
      readonly kind: 'user'
      /** Name or id. */
      readonly user: string
      readonly source: SourceOptions
      readonly ignoreExisting: boolean
      readonly targetFolder: string
      /** Names of secrets that the URL itself carries. */
      readonly secretsInUrl: readonly string[]
    }

const SCHEME = '@office365://'
const IGNORE_EXISTING = 'office365-ignore-existing'
const TARGET_FOLDER = 'target-folder'
const SECRET = /secret|password/

/** Throws UsageError. */
export function readRestorePlace(values: OptionValues): RestorePlace {
  const text = values.text('restore-path')
  if (text === undefined)
    throw new UsageError(
      'It is not clear where to restore to: give --restore-path=<folder>, or --restore-path="@office365://users/<name>".',
    )
  return text.toLowerCase().startsWith(SCHEME) ? tenantPlace(text, values) : folderPlace(text, values)
}

function folderPlace(text: string, values: OptionValues): RestorePlace {
  for (const option of [IGNORE_EXISTING, TARGET_FOLDER])
    if (values.isFromCommandLine(option))
      throw new UsageError(`--${option} is for a restore to a tenant: leave it out, or give another --restore-path.`)
  return { kind: 'folder', path: resolve(folderPath(text, '--restore-path')) }
}

function tenantPlace(text: string, values: OptionValues): RestorePlace {
  const [address = '', ...query] = text.slice(SCHEME.length).split('?')
  const [kind = '', user = '', ...more] = address.replace(/\/+$/, '').split('/').map(decoded)
  if (kind === 'groups' || kind === 'sites')
    throw new UsageError(`--restore-path: restoring to ${kind} is not available yet; there is ${SCHEME}users/<name>.`)
  if (kind !== 'users' || user === '' || more.length > 0)
    throw new UsageError(`--restore-path: write ${SCHEME}users/<name or id>?office365-tenant-id=...`)
  const given = readQuery(query.join('?'))
  const ignore = given.get(IGNORE_EXISTING)
  return {
    kind: 'user',
    user,
    source: readSourceOptions(values.with(given)),
    ignoreExisting: ignore === undefined ? values.flag(IGNORE_EXISTING) === true : readYesOrNo(IGNORE_EXISTING, ignore),
    targetFolder: values.text(TARGET_FOLDER) ?? 'Restored',
    secretsInUrl: [...given.keys()].filter((name) => SECRET.test(name)),
  }
}

/** Values go before those of the options, as they speak of this very target. */
function readQuery(query: string): ReadonlyMap<string, string> {
  const given = new Map<string, string>()
  const known: readonly string[] = [...sourceOptionNames, IGNORE_EXISTING]
  for (const part of query.split('&').filter((text) => text !== '')) {
    const at = part.indexOf('=')
    const name = decoded(at < 0 ? part : part.slice(0, at)).toLowerCase()
    if (!known.includes(name)) throw new UsageError(`--restore-path: "${name}" is nothing that belongs behind the "?".`)
    given.set(name, at < 0 ? 'true' : decoded(part.slice(at + 1)))
  }
  return given
}

/** A "+" stays one: it is part of many addresses and secrets. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    throw new UsageError('--restore-path has a "%" that is not followed by two hex digits: write it as %25.', {
      cause: error,
    })
  }
}
