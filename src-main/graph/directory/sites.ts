import { EngineError, isEngineError, type ErrorCode } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Root, RootLister, UnlistedRoots } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchAnswer, GraphClient } from '../client/types.ts'
import { answerEntries } from '../item/batch-answers.ts'
import { text } from '../item/fields.ts'
import { addressPath, isPersonalHost, siteAddress, siteFolder } from './site-names.ts'

interface SiteListOptions {
  /** The host name under which snapshots are kept. */
  readonly tenant: string
}

const pool = { kind: 'drive' } as const
const cost = { one: 1, many: 2 } as const

/** Sites of one name that an error names. */
const mostNamed = 5

/**
 * The sites of a tenant as roots, page by page, each with its subsites; the sites that are people's OneDrives are left
 * out. Their `properties` are what listings tell.
 * https://learn.microsoft.com/graph/api/site-getallsites
 */
export function createSiteLister(client: GraphClient, { tenant }: SiteListOptions): RootLister<Root | UnlistedRoots> {
  return {
    tenant,
    roots: (signal) => listSites(client, signal),
    root: (idOrName, signal) => findSite(client, idOrName, signal),
  }
}

async function* listSites(
  client: GraphClient,
  signal: AbortSignal,
): AsyncGenerator<Root | UnlistedRoots, void, undefined> {
  const seen = new Set<string>()
  const request = { path: '/sites/getAllSites', pool, cost: cost.many, signal }
  for await (const page of client.pages<JsonObject>(request)) {
    let level = newRoots(page.value, seen)
    while (level.length > 0) {
      yield* level
      const { sites, unlisted } = await subsitesOf(client, level, signal)
      yield* unlisted
      level = newRoots(sites, seen)
    }
  }
}

/** The documents do not say whether listings have subsites: whatever comes twice is taken once. */
function newRoots(sites: readonly JsonObject[], seen: Set<string>): readonly Root[] {
  return sites.flatMap((site) => {
    const root = siteRoot(site)
    if (root === undefined || seen.has(root.id.toLowerCase())) return []
    seen.add(root.id.toLowerCase())
    return [root]
  })
}

/** The sites right below these. https://learn.microsoft.com/graph/api/site-list-subsites */
async function subsitesOf(
  client: GraphClient,
  sites: readonly Root[],
  signal: AbortSignal,
): Promise<{ readonly sites: readonly JsonObject[]; readonly unlisted: readonly UnlistedRoots[] }> {
  const members = sites.map(({ id }) => ({ path: graphPath`/sites/${id}/sites`, cost: cost.many }))
  const answers = await client.batch(members, { pool, signal })
  const found: JsonObject[] = []
  const unlisted: UnlistedRoots[] = []
  for (const [index, { name }] of sites.entries()) {
    const answer = answers[index]
    const code = closedBy(answer)
    if (code === undefined) found.push(...(await answerEntries(client, answer, { pool, signal })))
    else if (code !== 'graph.not-found') unlisted.push({ unlisted: 'site', below: name, code })
  }
  return { sites: found, unlisted }
}

const closed: readonly ErrorCode[] = ['graph.locked', 'graph.forbidden', 'graph.not-found']

/** Why nobody gets into the site: reading it says so again. Whatever else fails may pass. */
function closedBy(answer: BatchAnswer | undefined): ErrorCode | undefined {
  return answer?.ok === false && closed.includes(answer.error.code) ? answer.error.code : undefined
}

/**
 * By id, by address ("https://host/sites/x", "host/sites/x", which is also the name of its folder in the snapshot), or by
 * display name. Rejects with restore.target-not-found, or with restore.target-ambiguous if several have the name.
 */
async function findSite(client: GraphClient, idOrName: string, signal: AbortSignal): Promise<Root> {
  const address = siteAddress(idOrName)
  const path = isSiteId(idOrName) ? graphPath`/sites/${idOrName}` : address && addressPath(address)
  const found = path === undefined ? undefined : await siteAt(client, path, signal)
  const named = found === undefined ? await sitesCalled(client, idOrName, signal) : [found]
  const [first, ...others] = named
  if (first === undefined) throw new EngineError('restore.target-not-found')
  if (others.length === 0) return first
  const names = named.slice(0, mostNamed).map(({ name }) => name)
  const more = named.length > mostNamed ? ', ...' : ''
  throw new EngineError('restore.target-ambiguous', { context: { found: `${names.join(', ')}${more}` } })
}

/** `host,collection,web`, or the collection alone. */
function isSiteId(text: string): boolean {
  return /^([^,/]+,)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(,[0-9a-f-]{36})?$/i.test(text)
}

async function siteAt(client: GraphClient, path: string, signal: AbortSignal): Promise<Root | undefined> {
  try {
    return siteRoot(await client.json<JsonObject>({ path, pool, cost: cost.one, signal }))
  } catch (error) {
    if (isEngineError(error, 'graph.not-found') || isEngineError(error, 'graph.request-refused')) return undefined
    throw error
  }
}

/** https://learn.microsoft.com/graph/api/site-search */
async function sitesCalled(client: GraphClient, name: string, signal: AbortSignal): Promise<readonly Root[]> {
  const wanted = name.trim().toLowerCase()
  if (wanted === '') return []
  const found: Root[] = []
  const request = { path: '/sites', query: { search: name.trim() }, pool, cost: cost.many, signal }
  for await (const page of client.pages<JsonObject>(request)) {
    const named = page.value.filter((site) => text(site, 'displayName')?.toLowerCase() === wanted)
    found.push(...named.flatMap((site) => siteRoot(site) ?? []))
  }
  return found
}

/** Undefined for somebody's OneDrive, and for what has no address (a site that is being made or deleted). */
export function siteRoot(site: JsonObject): Root | undefined {
  const [id, address] = [text(site, 'id') ?? '', siteAddress(text(site, 'webUrl') ?? '')]
  if (id === '' || address === undefined) return undefined
  if (site.isPersonalSite === true || isPersonalHost(address.host)) return undefined
  const properties = Object.fromEntries(Object.entries(site).filter(([name]) => !name.startsWith('@')))
  return { kind: 'site', id, name: siteFolder(address, id), properties }
}
