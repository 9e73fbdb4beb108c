import { resolve } from 'node:path'
import type { OnRequest } from '../engine/ports/restore-target.ts'
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
      readonly onRequest: ReadonlySet<OnRequest>
      /** Group that takes plans which have to be made. */
      readonly planGroup?: string | undefined
      /** Pairs of --map-user: somebody of the source, and who stands for them in the target. */
      readonly people: ReadonlyMap<string, string>
      /** Names of secrets that the URL itself carries. */
      readonly secretsInUrl: readonly string[]
    }

const SCHEME = '@office365://'
const IGNORE_EXISTING = 'office365-ignore-existing'
const TARGET_FOLDER = 'target-folder'
const RESTORE_ALSO = 'restore-also'
const MAP_USER = 'map-user'
const PLAN_GROUP = 'plan-group'
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
  for (const option of [IGNORE_EXISTING, TARGET_FOLDER, RESTORE_ALSO, MAP_USER, PLAN_GROUP])
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
    onRequest: readOnRequest(values.list(RESTORE_ALSO)),
    people: readPeople(values.list(MAP_USER)),
    planGroup: values.text(PLAN_GROUP),
    secretsInUrl: [...given.keys()].filter((name) => SECRET.test(name)),
  }
}

/** What a restore does only when asked for it by name. */
const onRequestWords = [
  'permissions',
  'sharing-links',
  'versions',
  'rules',
  'automatic-replies',
  'time-zone',
  'language',
  'working-hours',
  'profile',
  'photo',
] as const satisfies readonly OnRequest[]

function readOnRequest(texts: readonly string[]): ReadonlySet<OnRequest> {
  const words = texts.flatMap((text) => text.split(',')).map((word) => word.trim().toLowerCase())
  const known = words
    .filter((word) => word !== '')
    .map((word) => {
      const found = onRequestWords.find((name) => name === word)
      if (found === undefined)
        throw new UsageError(
          `--${RESTORE_ALSO}: "${word}" is nothing to ask for; there is ${onRequestWords.join(', ')}.`,
        )
      return found
    })
  return new Set(known)
}

function readPeople(texts: readonly string[]): ReadonlyMap<string, string> {
  const people = new Map<string, string>()
  for (const text of texts) {
    const [from = '', to = '', ...more] = text.split('=').map((part) => part.trim())
    if (from === '' || to === '' || more.length > 0)
      throw new UsageError(`--${MAP_USER}: write <who in the backup>=<who in the target>, not "${text}".`)
    people.set(from.toLowerCase(), to)
  }
  return people
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
