import { isEngineError, type ErrorContext } from '../../engine/model/errors.ts'
import { graphPath } from '../../graph/client/graph-url.ts'
import type { GraphClient } from '../../graph/client/types.ts'
import { cost, drivePool, encodeName } from './drive-requests.ts'
import { noDrive } from './no-drive.ts'
import type { SharePointPlace } from './place.ts'

interface Library {
  readonly id?: string
  readonly name?: string
  readonly webUrl?: string
}

interface Site {
  readonly id?: string
  readonly webUrl?: string
}

interface FoundLibrary {
  readonly drive: string
  readonly folder: readonly string[]
}

/** Sites below these folders have a name of their own; everything else is below the host's root site. */
const managed: ReadonlySet<string> = new Set(['sites', 'teams', 'personal'])
const librarySelect = 'id,name,webUrl'

/**
 * Finds site, library and folder in a path of which nobody says where each ends. A library goes by its name, or by the
 * one it has in addresses ("Shared Documents"). Rejects with `store.no-drive`, or like the client.
 */
export async function findLibrary(
  client: GraphClient,
  place: SharePointPlace,
  signal: AbortSignal | undefined,
): Promise<FoundLibrary> {
  if (place.driveId !== undefined) return await byDrive(client, place, place.driveId, signal)
  if (place.siteId !== undefined) return await bySite(client, place, place.siteId, signal)
  return await byPath(client, place, signal)
}

async function byDrive(
  client: GraphClient,
  { host, path }: SharePointPlace,
  id: string,
  signal: AbortSignal | undefined,
): Promise<FoundLibrary> {
  const asked = graphPath`/drives/${id}`
  const library = await readOrRefuse<Library>(client, asked, librarySelect, signal, 'drive-not-found', { drive: id })
  const address = addressOf(library.webUrl)
  const inSite = behind(path, address.names.slice(0, -1))
  const [name, ...folder] = inSite ?? []
  if (address.host !== host || name === undefined || !isNamed(library, name))
    throw noDrive('library-differs', { drive: id, path: path.join('/') })
  return { drive: library.id ?? id, folder }
}

async function bySite(
  client: GraphClient,
  { host, path }: SharePointPlace,
  id: string,
  signal: AbortSignal | undefined,
): Promise<FoundLibrary> {
  const site = await readOrRefuse<Site>(client, graphPath`/sites/${id}`, 'id,webUrl', signal, 'site-not-found', {
    site: id,
  })
  const address = addressOf(site.webUrl)
  const inSite = behind(path, address.names)
  if (address.host !== host || inSite === undefined) throw noDrive('sites-differ', { site: id, path: path.join('/') })
  const found = await inLibraries(client, site.id ?? id, inSite, signal)
  if (found === undefined) throw noDrive('library-not-found', { library: inSite[0] ?? '', site: id })
  return found
}

/** The library may be one of the site, or of a site below it. */
async function byPath(
  client: GraphClient,
  { host, path }: SharePointPlace,
  signal: AbortSignal | undefined,
): Promise<FoundLibrary> {
  const start = managed.has(path[0]?.toLowerCase() ?? '') ? 2 : 0
  for (let depth = start; depth < path.length; depth += 1) {
    const site = await siteAt(client, host, path.slice(0, depth), signal)
    if (site === undefined && depth === start)
      throw noDrive('site-not-found', { site: [host, ...path.slice(0, depth)].join('/') })
    if (site === undefined) break
    const found = await inLibraries(client, site, path.slice(depth), signal)
    if (found !== undefined) return found
  }
  const site = [host, ...path.slice(0, start)].join('/')
  if (path.length <= start) throw noDrive('no-library-named', { site })
  throw noDrive('library-not-found', { library: path[start] ?? '', site })
}

/** Graph id; undefined if there is no such site. */
async function siteAt(
  client: GraphClient,
  host: string,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const below = names.length === 0 ? '' : `:/${names.map(encodeName).join('/')}`
  try {
    const path = `${graphPath`/sites/${host}`}${below}`
    const query = { $select: 'id' }
    const site = await client.json<Site>({ path, query, pool: drivePool, cost: cost.item, signal })
    return site.id
  } catch (error) {
    if (isEngineError(error, 'graph.not-found')) return undefined
    throw error
  }
}

async function inLibraries(
  client: GraphClient,
  site: string,
  [name, ...folder]: readonly string[],
  signal: AbortSignal | undefined,
): Promise<FoundLibrary | undefined> {
  if (name === undefined) return undefined
  const all: Library[] = []
  const request = { path: graphPath`/sites/${site}/drives`, query: { $select: librarySelect } }
  for await (const { value } of client.pages<Library>({ ...request, pool: drivePool, cost: cost.list, signal }))
    all.push(...value)
  const named = all.filter((library) => isSame(library.name, name))
  const found = named.length > 0 ? named : all.filter((library) => isNamed(library, name))
  if (found.length > 1)
    throw noDrive('library-ambiguous', { library: name, found: found.map(({ id }) => id ?? '').join(', ') })
  const drive = found[0]?.id
  return drive === undefined ? undefined : { drive, folder }
}

async function readOrRefuse<T>(
  client: GraphClient,
  path: string,
  select: string,
  signal: AbortSignal | undefined,
  reason: string,
  context: ErrorContext,
): Promise<T> {
  try {
    return await client.json<T>({ path, query: { $select: select }, pool: drivePool, cost: cost.item, signal })
  } catch (error) {
    // An id of another form than Graph's is refused, not looked for.
    const isUnknown = isEngineError(error) && (error.context.status === 404 || error.context.status === 400)
    throw isUnknown ? noDrive(reason, context, error) : error
  }
}

function addressOf(webUrl = ''): { readonly host: string; readonly names: readonly string[] } {
  if (!URL.canParse(webUrl)) return { host: '', names: [] }
  const { hostname, pathname } = new URL(webUrl)
  const names = pathname.split('/').filter((part) => part !== '')
  return { host: hostname.toLowerCase(), names: names.map(decodeURIComponent) }
}

/** What is left of the path behind the names; undefined if it does not begin with them. */
function behind(path: readonly string[], names: readonly string[]): readonly string[] | undefined {
  return names.every((name, index) => isSame(path[index], name)) ? path.slice(names.length) : undefined
}

function isNamed({ name, webUrl }: Library, wanted: string): boolean {
  return isSame(name, wanted) || isSame(addressOf(webUrl).names.at(-1), wanted)
}

function isSame(one: string | undefined, other: string): boolean {
  return one?.normalize().toLowerCase() === other.normalize().toLowerCase()
}
