import { resolve } from 'node:path'
import type { RootKind } from '../../engine/ports/data-type.ts'
import type { OnRequest } from '../../engine/ports/restore-target.ts'
import { folderPath } from './destination.ts'
import { onRequestWords } from './on-request.ts'
import { readYesOrNo, type OptionValues } from './option-values.ts'
import { kindFolder, rootKinds } from './root-filter.ts'
import { readSourceOptions, sourceOptionNames, withSource, type SourceOptions } from './source-options.ts'
import { UsageError } from './usage-error.ts'

/** Where a restore goes. */
export type RestorePlace =
  | { readonly kind: 'folder'; readonly path: string }
  | {
      readonly kind: 'root'
      readonly root: RootKind
      /** Name, address or id. */
      readonly name: string
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
  const { root, name } = readAddress(address)
  const given = readQuery(query.join('?'))
  const ignore = given.get(IGNORE_EXISTING)
  return {
    kind: 'root',
    root,
    name,
    source: readSourceOptions(withSource(values, given)),
    ignoreExisting: ignore === undefined ? values.flag(IGNORE_EXISTING) === true : readYesOrNo(IGNORE_EXISTING, ignore),
    targetFolder: values.text(TARGET_FOLDER) ?? 'Restored',
    onRequest: readOnRequest(values.list(RESTORE_ALSO)),
    people: readPeople(values.list(MAP_USER)),
    planGroup: values.text(PLAN_GROUP),
    secretsInUrl: [...given.keys()].filter((name) => SECRET.test(name)),
  }
}

function readAddress(address: string): { readonly root: RootKind; readonly name: string } {
  const [folder = '', ...names] = address.split('/').map(decoded)
  const root = rootKinds.find((kind) => kindFolder(kind) === folder.toLowerCase())
  // A site may be given by its address, as a browser shows it or without the "https://".
  const name = names
    .join('/')
    .replace(/^https?:\/+/i, '')
    .replace(/\/+$/, '')
  if (root === undefined || name === '' || (root !== 'site' && name.includes('/')))
    throw new UsageError(
      `--restore-path: write ${SCHEME}users/<name or id>, groups/<address or id> or sites/<host>/<path>, and ?account=... or ?office365-tenant-id=... for another tenant.`,
    )
  return { root, name }
}

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
