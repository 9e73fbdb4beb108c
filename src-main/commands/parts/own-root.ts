import { EngineError } from '../../engine/model/errors.ts'
import type { Root, RootLister } from '../../engine/ports/data-type.ts'
import type { GraphClient } from '../../graph/client/types.ts'
import type { RootChoice } from './choose-roots.ts'

/** What a person who signed in is called where users are named. */
const OWN_NAME = 'me'

interface Person {
  readonly id?: string
  readonly userPrincipalName?: string | null
  readonly mail?: string | null
}

/** The users, of whom "me" is the one who signed in. */
export function withOwnName(users: RootLister, client: GraphClient): RootLister {
  return {
    ...users,
    root: (name, signal) => (name.toLowerCase() === OWN_NAME ? ownRoot(client, signal) : users.root(name, signal)),
  }
}

/** https://learn.microsoft.com/graph/api/user-get */
async function ownRoot(client: GraphClient, signal: AbortSignal): Promise<Root> {
  const query = { $select: 'id,userPrincipalName,mail' }
  const person = await client.json<Person>({ path: '/me', query, pool: { kind: 'directory' }, signal })
  const { id, userPrincipalName, mail } = person
  if (id === undefined) throw new EngineError('graph.service-failed', { context: { what: 'user without an id' } })
  return { kind: 'user', id, name: userPrincipalName ?? mail ?? id }
}

/**
 * A person may not list a tenant, as a rule: unless roots are named, their own things are read, and beside them only the
 * kinds of roots that are asked for by name.
 */
export function ownChoice(choice: RootChoice, asked: { readonly roots: boolean; readonly kinds: boolean }): RootChoice {
  if (asked.roots) return choice
  const kinds = choice.kinds.flatMap((kind) => {
    if (kind.kind === 'user')
      return [{ ...kind, all: false, names: [OWN_NAME], patterns: [], isIncludedByPattern: () => false }]
    return asked.kinds ? [kind] : []
  })
  return { ...choice, kinds }
}
