import type { Address } from '../../routes/context.ts'

/**
 * Every documented way to a drive and its items, brought to one form:
 *
 * - a drive: `drives/{drive}`, `users|groups|sites/{id}/drive`, `users|groups|sites/{id}/drives/{drive}`
 * - an item: `root`, `items/{item}`, `special/{special}`, each with a path behind it: `root:/a/b.txt`, `root:/a/b.txt:/content`
 *
 * The template always reads `drives/{drive}/items/{item}/...`, whatever was written; the parameters say what it was:
 * `item` is an id or `root`, `path` is still percent-encoded and has no slash at its beginning.
 * Source: https://learn.microsoft.com/graph/onedrive-addressing-driveitems
 */
export function driveAddress(path: string): Address | undefined {
  const { head, token } = withoutDelta(path.replace(/\/+$/, ''))
  const { before, inside, behind } = aroundColons(head)
  const drive = driveOf(segments(before))
  if (drive === undefined) return undefined
  const item = itemOf(drive.rest)
  const rest = [...(item?.rest ?? drive.rest), ...segments(behind), ...(token === undefined ? [] : ['delta'])]
  if (item === undefined && rest.length === 0) return { template: drive.template, parameters: drive.parameters }
  const tail = tailOf(rest)
  const template = [drive.template, ...(item === undefined ? [] : ['items/{item}']), ...tail.template].join('/')
  const parameters = {
    ...drive.parameters,
    ...item?.parameters,
    ...tail.parameters,
    ...(inside === undefined ? {} : { path: inside }),
    ...(token === undefined || token === '' ? {} : { token: decoded(token) }),
  }
  return { template, parameters }
}

const owners: Readonly<Record<string, string>> = { users: 'user', groups: 'group', sites: 'site' }
const collections: Readonly<Record<string, string>> = {
  permissions: 'permission',
  versions: 'version',
  children: 'child',
}
const words: ReadonlyMap<string, string> = new Map(
  [
    'children',
    'content',
    'permissions',
    'versions',
    'createUploadSession',
    'invite',
    'createLink',
    'permanentDelete',
    'restoreVersion',
    'grant',
    'uploadSession',
    'download',
    'special',
    'items',
    'root',
  ].map((word) => [word.toLowerCase(), word]),
)

/** `delta`, `delta()`, `delta(token='...')`; the token may hold a colon, so it goes first. */
function withoutDelta(path: string): { readonly head: string; readonly token: string | undefined } {
  const found = /^(.*)\/(?:microsoft\.graph\.)?delta(?:\((?:token=(?:'([^']*)'|([^)']*)))?\))?$/i.exec(path)
  if (found === null) return { head: path, token: undefined }
  const [, head = '', quoted, plain] = found
  return { head, token: quoted ?? plain ?? '' }
}

interface Colons {
  readonly before: string
  readonly inside: string | undefined
  readonly behind: string
}

/** `root:/a/b.txt:/content` -> `root`, `a/b.txt`, `content`. */
function aroundColons(path: string): Colons {
  const [before = '', inside, ...behind] = path.split(':')
  if (inside === undefined) return { before, inside, behind: '' }
  return { before, inside: inside.replace(/^\/+/, ''), behind: behind.join(':') }
}

/** `drives('id')` reads like `drives/id`. */
function segments(path: string): string[] {
  return path
    .replaceAll(/([a-z]+)\('([^']*)'\)/gi, '$1/$2')
    .split('/')
    .filter((part) => part !== '')
    .map((part) => part.replace(/\(\)$/, '').replace(/^microsoft\.graph\./i, ''))
}

interface Found {
  readonly parameters: Readonly<Record<string, string>>
  readonly rest: readonly string[]
}

function driveOf(parts: readonly string[]): (Found & { readonly template: string }) | undefined {
  const [first = '', id, which = '', drive] = parts
  if (id === undefined) return undefined
  const template = 'drives/{drive}'
  if (first.toLowerCase() === 'drives') return { template, parameters: { drive: decoded(id) }, rest: parts.slice(2) }
  const owner = owners[first.toLowerCase()]
  if (owner === undefined) return undefined
  const parameters = { [owner]: decoded(id) }
  const listing = `${first.toLowerCase()}/{${owner}}/${which.toLowerCase()}`
  if (which.toLowerCase() === 'drive')
    return { template: parts.length === 3 ? listing : template, parameters, rest: parts.slice(3) }
  if (which.toLowerCase() !== 'drives') return undefined
  if (drive === undefined) return { template: listing, parameters, rest: [] }
  return { template, parameters: { ...parameters, drive: decoded(drive) }, rest: parts.slice(4) }
}

function itemOf(parts: readonly string[]): Found | undefined {
  const [first = '', id] = parts
  if (first.toLowerCase() === 'root') return { parameters: { item: 'root' }, rest: parts.slice(1) }
  if (id === undefined) return undefined
  if (first.toLowerCase() === 'items') return { parameters: { item: decoded(id) }, rest: parts.slice(2) }
  if (first.toLowerCase() === 'special') return { parameters: { special: decoded(id) }, rest: parts.slice(2) }
  return undefined
}

/** What stands behind the item, with the ids that follow collections. */
function tailOf(parts: readonly string[]): {
  readonly template: string[]
  readonly parameters: Record<string, string>
} {
  const template: string[] = []
  const parameters: Record<string, string> = {}
  for (let index = 0; index < parts.length; index++) {
    const word = parts[index] ?? ''
    const name = words.get(word.toLowerCase()) ?? word
    const collection = collections[name]
    const id = parts[index + 1]
    template.push(name)
    if (collection === undefined || id === undefined || id.startsWith('$')) continue
    template.push(`{${collection}}`)
    parameters[collection] = decoded(id)
    index++
  }
  return { template, parameters }
}

/** A part that cannot be decoded names nothing, and is not found as it stands. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch (error) {
    if (error instanceof URIError) return part
    throw error
  }
}

/** Names of a path parameter. */
export function pathNames(path: string): string[] {
  return path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded)
}
