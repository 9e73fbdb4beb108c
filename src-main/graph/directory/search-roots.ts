import type { JsonObject } from '../../engine/model/json.ts'
import type { RootKind } from '../../engine/ports/data-type.ts'
import type { GraphClient, GraphRequest } from '../client/types.ts'
import { filledText, text } from '../item/fields.ts'
import { groupRoot, unifiedGroups } from './groups.ts'
import { siteRoot } from './sites.ts'

/** A root as it is found by a person who types. */
export interface FoundRoot {
  readonly kind: RootKind
  readonly id: string
  /** Its name in snapshots and filters. */
  readonly name: string
  /** What people call it. */
  readonly title: string
}

export interface RootSearch {
  /** Words; "" finds all. */
  readonly query: string
  /** Where the page before ended, or null for the first one. */
  readonly next: string | null
  /** Applications list all sites, people only those that a search finds. */
  readonly signedIn: 'app' | 'person'
  readonly signal: AbortSignal
}

export interface FoundRoots {
  readonly rows: readonly FoundRoot[]
  readonly next: string | null
}

const PAGE = 100
const directory = { kind: 'directory' } as const
const drive = { kind: 'drive' } as const
const LIST_COST = 2
/** https://learn.microsoft.com/graph/aad-advanced-queries */
const eventual = { ConsistencyLevel: 'eventual' } as const
const userSelect = 'id,userPrincipalName,displayName,mail'

/** One page of what Graph finds. Rejects like the client. */
export async function searchRoots(client: GraphClient, kind: RootKind, asked: RootSearch): Promise<FoundRoots> {
  const { query, next, signal } = asked
  const { request, asFound } = kinds[kind]
  const first = request(query.trim(), asked.signedIn)
  const page = await onePage(client, next === null ? { ...first, signal } : { ...goingOn(first, next), signal })
  return { rows: page.value.flatMap(asFound), next: page.nextLink ?? null }
}

/** The link has the options of the first request in it, but not its headers. */
function goingOn({ pool, cost, headers }: GraphRequest, next: string): GraphRequest {
  return {
    path: next,
    pool,
    ...(cost === undefined ? {} : { cost }),
    ...(headers === undefined ? {} : { headers }),
  }
}

/** Whoever scrolls asks for the next one. */
async function onePage(
  client: GraphClient,
  request: GraphRequest,
): Promise<{ readonly value: readonly JsonObject[]; readonly nextLink?: string }> {
  for await (const page of client.pages<JsonObject>(request)) return page
  return { value: [] }
}

interface Kind {
  readonly request: (query: string, signedIn: RootSearch['signedIn']) => GraphRequest
  readonly asFound: (entity: JsonObject) => readonly FoundRoot[]
}

const kinds: Readonly<Record<RootKind, Kind>> = {
  user: {
    request: (query) =>
      query === ''
        ? { path: '/users', query: { $select: userSelect, $orderby: 'displayName', $top: PAGE }, pool: directory }
        : {
            path: '/users',
            query: { $select: userSelect, $search: searchFor(query, userWords), $top: PAGE },
            headers: eventual,
            pool: directory,
          },
    asFound: foundUser,
  },
  group: {
    request: (query) => ({
      path: '/groups',
      query: {
        $select: 'id,displayName,mail',
        $filter: unifiedGroups,
        $count: true,
        ...(query === '' ? { $orderby: 'displayName' } : { $search: searchFor(query, groupWords) }),
        $top: PAGE,
      },
      headers: eventual,
      pool: directory,
    }),
    asFound: (group) => {
      const { id, name } = groupRoot(group)
      return [{ kind: 'group', id, name, title: filledText(group, 'displayName') ?? name }]
    },
  },
  site: {
    request: (query, signedIn) =>
      query === '' && signedIn === 'app'
        ? { path: '/sites/getAllSites', pool: drive, cost: LIST_COST }
        : { path: '/sites', query: { search: query === '' ? '*' : query }, pool: drive, cost: LIST_COST },
    asFound: (site) => {
      const root = siteRoot(site)
      if (root === undefined) return []
      return [{ kind: 'site', id: root.id, name: root.name, title: filledText(site, 'displayName') ?? root.name }]
    },
  },
}

const userWords = ['displayName', 'mail', 'userPrincipalName'] as const
const groupWords = ['displayName', 'mail'] as const

/**
 * `"displayName:ada" OR "mail:ada"`: Graph looks for the beginnings of words.
 * https://learn.microsoft.com/graph/search-query-parameter#using-search-on-directory-object-collections
 */
function searchFor(query: string, properties: readonly string[]): string {
  const escaped = query.replaceAll(/[\\"]/g, (character) => `\\${character}`)
  return properties.map((property) => `"${property}:${escaped}"`).join(' OR ')
}

function foundUser(user: JsonObject): readonly FoundRoot[] {
  const id = text(user, 'id')
  if (id === undefined) return []
  const name = filledText(user, 'userPrincipalName') ?? filledText(user, 'mail') ?? id
  return [{ kind: 'user', id, name, title: filledText(user, 'displayName') ?? name }]
}

/** Whoever is signed in. https://learn.microsoft.com/graph/api/user-get */
export async function findOwnUser(client: GraphClient, signal: AbortSignal): Promise<readonly FoundRoot[]> {
  return foundUser(
    await client.json<JsonObject>({ path: '/me', query: { $select: userSelect }, pool: directory, signal }),
  )
}

/** How many users there are, or groups. https://learn.microsoft.com/graph/api/user-list#example-3 */
export async function countRoots(
  client: GraphClient,
  kind: Exclude<RootKind, 'site'>,
  signal: AbortSignal,
): Promise<number> {
  const filter = kind === 'group' ? { query: { $filter: unifiedGroups } } : {}
  const path = kind === 'group' ? '/groups/$count' : '/users/$count'
  const body = await client.bytes({ path, ...filter, headers: eventual, pool: directory, signal })
  // Some of Graph's plain texts begin with a byte order mark.
  return Number(new TextDecoder().decode(body).trim())
}
