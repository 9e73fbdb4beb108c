import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { Root, RootLister } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphClient } from '../client/types.ts'

export interface UserListOptions {
  /** The host name under which snapshots are kept. */
  readonly tenant: string
  /** User principal names, mail addresses or ids, whatever their case; without any, all users. */
  readonly filters?: readonly string[]
}

interface User {
  readonly id: string
  readonly userPrincipalName?: string | null
  readonly displayName?: string | null
  readonly mail?: string | null
}

const select = 'id,userPrincipalName,displayName,mail'
const pool = { kind: 'directory' } as const

/**
 * The users of a tenant as roots. Whether one has a mailbox shows when it is read.
 * https://learn.microsoft.com/graph/api/user-list
 */
export function createUserLister(client: GraphClient, { tenant, filters = [] }: UserListOptions): RootLister {
  return {
    tenant,
    roots: (signal) => listUsers(client, new Set(filters.map((filter) => filter.toLowerCase())), signal),
    root: (idOrName, signal) => findUser(client, idOrName, signal),
  }
}

async function* listUsers(
  client: GraphClient,
  wanted: ReadonlySet<string>,
  signal: AbortSignal,
): AsyncGenerator<Root, void, undefined> {
  const request = { path: '/users', query: { $select: select, $top: 999 }, pool, signal }
  for await (const page of client.pages<User>(request)) {
    for (const user of page.value)
      if (wanted.size === 0 || namesOf(user).some((name) => wanted.has(name))) yield asRoot(user)
  }
}

/** An id or a user principal name is asked for directly; anything else is looked for as a mail address. */
async function findUser(client: GraphClient, idOrName: string, signal: AbortSignal): Promise<Root> {
  const user = (await userByKey(client, idOrName, signal)) ?? (await userByMail(client, idOrName, signal))
  if (user === undefined) throw new EngineError('restore.target-not-found')
  return asRoot(user)
}

async function userByKey(client: GraphClient, key: string, signal: AbortSignal): Promise<User | undefined> {
  // Nothing, or dots: not the name of a user, but an address of something else.
  if (/^\.*$/.test(key)) return undefined
  try {
    return await client.json<User>({ path: graphPath`/users/${key}`, query: { $select: select }, pool, signal })
  } catch (error) {
    if (isEngineError(error, 'graph.not-found') || isEngineError(error, 'graph.request-refused')) return undefined
    throw error
  }
}

async function userByMail(client: GraphClient, mail: string, signal: AbortSignal): Promise<User | undefined> {
  if (!mail.includes('@')) return undefined
  const query = { $select: select, $filter: `mail eq '${mail.replaceAll("'", "''")}'` }
  for await (const page of client.pages<User>({ path: '/users', query, pool, signal })) {
    const [user] = page.value
    if (user !== undefined) return user
  }
  return undefined
}

function asRoot(user: User): Root {
  return { kind: 'user', id: user.id, name: user.userPrincipalName ?? user.mail ?? user.id }
}

function namesOf(user: User): readonly string[] {
  return [user.id, user.userPrincipalName, user.mail].flatMap((name) =>
    typeof name === 'string' ? [name.toLowerCase()] : [],
  )
}
