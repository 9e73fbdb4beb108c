import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import { graphPath } from '../../graph/client/graph-url.ts'
import type { GraphClient } from '../../graph/client/types.ts'
import { noDrive } from './no-drive.ts'
import type { GroupPlace } from './place.ts'

const pool = { kind: 'directory' } as const

/** Groups of one address that an error names. */
const mostNamed = 5

/**
 * The id of the group. Given by id and by address, both have to lead to the same one. Rejects with `usage`, with
 * `store.no-drive` (reasons group-not-found, group-ambiguous, groups-differ), or like the client.
 */
export async function findGroup(
  client: GraphClient,
  { groupId, groupEmail }: GroupPlace,
  signal: AbortSignal | undefined,
): Promise<string> {
  const byId = groupId === undefined ? undefined : await groupById(client, groupId, signal)
  if (groupEmail === undefined) {
    if (byId === undefined) throw new EngineError('usage', { context: { reason: 'destination-no-group' } })
    return byId
  }
  const byEmail = await groupsByEmail(client, groupEmail, signal)
  const [first, ...others] = byEmail
  if (first === undefined) throw noDrive('group-not-found', { group: groupEmail })
  // An address of several groups is no contradiction to one of them.
  if (byId !== undefined && byEmail.includes(byId)) return byId
  if (byId !== undefined) throw noDrive('groups-differ', { groupId: byId, groupEmail, found: named(byEmail) })
  if (others.length > 0) throw noDrive('group-ambiguous', { group: groupEmail, found: named(byEmail) })
  return first
}

async function groupById(client: GraphClient, id: string, signal: AbortSignal | undefined): Promise<string> {
  try {
    const path = graphPath`/groups/${id}`
    const group = await client.json<{ readonly id?: string }>({ path, query: { $select: 'id' }, pool, signal })
    return group.id ?? id
  } catch (error) {
    // An id of another form than Graph's is refused, not looked for.
    const isUnknown = isEngineError(error) && (error.context.status === 404 || error.context.status === 400)
    throw isUnknown ? noDrive('group-not-found', { group: id }, error) : error
  }
}

/** By its address; by its further addresses if it is nobody's first one. */
async function groupsByEmail(
  client: GraphClient,
  email: string,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const value = email.replaceAll("'", "''")
  const found = await groupsWith(client, `mail eq '${value}'`, signal)
  if (found.length > 0) return found
  return await groupsWith(client, `proxyAddresses/any(a:a eq 'smtp:${value}')`, signal)
}

async function groupsWith(
  client: GraphClient,
  filter: string,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const ids: string[] = []
  const query = { $select: 'id', $filter: filter }
  for await (const { value } of client.pages<{ readonly id?: string }>({ path: '/groups', query, pool, signal }))
    ids.push(...value.flatMap(({ id }) => (id === undefined ? [] : [id])))
  return ids
}

function named(ids: readonly string[]): string {
  const some = ids.slice(0, mostNamed)
  return ids.length > some.length ? [...some, '...'].join(', ') : some.join(', ')
}
