import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Root, RootLister } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphClient } from '../client/types.ts'
import { filledText, list, text } from '../item/fields.ts'
import { groupProperties } from '../item/group-properties.ts'
import { itemName } from '../item/names.ts'

interface GroupListOptions {
  /** The host name under which snapshots are kept. */
  readonly tenant: string
}

const select = groupProperties.join(',')
const pool = { kind: 'directory' } as const
/** As a $filter. */
export const unifiedGroups = "groupTypes/any(c:c eq 'Unified')"

/** Groups of one name that an error names. */
const mostNamed = 5

/**
 * The Microsoft 365 groups of a tenant as roots, page by page; security groups and distribution lists hold nothing of
 * their own. Their `properties` are all that lists of groups tell. https://learn.microsoft.com/graph/api/group-list
 */
export function createGroupLister(client: GraphClient, { tenant }: GroupListOptions): RootLister {
  return {
    tenant,
    roots: (signal) => listGroups(client, unifiedGroups, signal),
    root: (idOrName, signal) => findGroup(client, idOrName, signal),
  }
}

async function* listGroups(
  client: GraphClient,
  filter: string,
  signal: AbortSignal,
): AsyncGenerator<Root, void, undefined> {
  const request = { path: '/groups', query: { $select: select, $filter: filter, $top: 999 }, pool, signal }
  for await (const page of client.pages<JsonObject>(request)) for (const group of page.value) yield groupRoot(group)
}

/**
 * By id, mail address, display name or the name of its folder in the snapshot. Rejects with restore.target-not-found,
 * or with restore.target-ambiguous if several have the name: `found` has their ids.
 */
async function findGroup(client: GraphClient, idOrName: string, signal: AbortSignal): Promise<Root> {
  const byId = await groupById(client, idOrName, signal)
  if (byId !== undefined) return byId
  const byMail = idOrName.includes('@') ? await groupsWith(client, 'mail', idOrName, signal) : []
  const named = byMail.length > 0 ? byMail : await groupsWith(client, 'displayName', idOrName, signal)
  const [first, ...others] = named
  if (first === undefined) throw new EngineError('restore.target-not-found')
  if (others.length === 0) return first
  const ids = named.slice(0, mostNamed).map(({ id }) => id)
  const found = named.length > mostNamed ? [...ids, '...'].join(', ') : ids.join(', ')
  throw new EngineError('restore.target-ambiguous', { context: { found } })
}

async function groupsWith(
  client: GraphClient,
  property: 'mail' | 'displayName',
  value: string,
  signal: AbortSignal,
): Promise<readonly Root[]> {
  const [name, isMeant] = namedFolder(value)
  if (name === '') return []
  const filter = `${property} eq '${name.replaceAll("'", "''")}' and ${unifiedGroups}`
  const found: Root[] = []
  for await (const root of listGroups(client, filter, signal)) if (isMeant(root)) found.push(root)
  return found
}

/** The folder of a group without an address is called `<name> ~<short form of its id>`. */
function namedFolder(name: string): readonly [string, (root: Root) => boolean] {
  const end = / ~[a-z2-7]{10}$/.exec(name)
  if (end === null) return [name, () => true]
  return [name.slice(0, end.index), (root) => itemName('', root.id) === end[0].trim()]
}

async function groupById(client: GraphClient, id: string, signal: AbortSignal): Promise<Root | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return undefined
  try {
    const path = graphPath`/groups/${id}`
    const group = await client.json<JsonObject>({ path, query: { $select: select }, pool, signal })
    return list(group, 'groupTypes')?.includes('Unified') === true ? groupRoot(group) : undefined
  } catch (error) {
    if (isEngineError(error, 'graph.not-found')) return undefined
    throw error
  }
}

export function groupRoot(group: JsonObject): Root {
  const id = text(group, 'id') ?? ''
  const properties = Object.fromEntries(Object.entries(group).filter(([name]) => !name.startsWith('@')))
  return {
    kind: 'group',
    id,
    name: filledText(group, 'mail') ?? itemName(text(group, 'displayName') ?? '', id),
    properties,
  }
}
