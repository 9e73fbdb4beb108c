import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Container, ContainerListing } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphRequest } from '../client/types.ts'
import { isObject, text } from '../item/fields.ts'
import { containerMetadata, propertiesOf } from '../item/metadata.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { readExtensions } from './extensions.ts'
import { isDeltaRefused } from '../outlook/quota.ts'

/**
 * The lists of a user, by delta: an unchanged user costs one request. Extensions of lists are read when a list is new or
 * changed. https://learn.microsoft.com/graph/api/todotasklist-delta
 */
export async function listTodoLists(mailbox: Mailbox, last: ContainerListing | undefined): Promise<ContainerListing> {
  const delta = last?.cursor
  if (last === undefined || delta === undefined) return await listAnew(mailbox)
  try {
    return await listChanges(mailbox, { path: delta }, last.containers)
  } catch (error) {
    if (isEngineError(error, 'graph.cursor-lost') || isDeltaRefused(error)) return await listAnew(mailbox)
    throw error
  }
}

type Listing = Pick<GraphRequest, 'path' | 'query'>

async function listAnew(mailbox: Mailbox): Promise<ContainerListing> {
  const { user } = mailbox
  try {
    return await listChanges(mailbox, { path: graphPath`/users/${user}/todo/lists/delta` }, [])
  } catch (error) {
    if (!isDeltaRefused(error)) throw error
    return await listChanges(mailbox, { path: graphPath`/users/${user}/todo/lists`, query: { $top: 100 } }, [])
  }
}

async function listChanges(mailbox: Mailbox, listing: Listing, known: readonly Container[]): Promise<ContainerListing> {
  const { client, user, signal } = mailbox
  const containers = new Map(known.map((container) => [container.id, container]))
  const changed = new Map<string, JsonObject>()
  let cursor: string | undefined
  const request = { ...listing, pool: mailboxPool(user), signal, together: user }
  for await (const page of client.pages<JsonObject>(request)) {
    for (const entry of page.value) {
      const id = text(entry, 'id') ?? ''
      const before = changed.get(id) ?? propertiesOf(containers.get(id)?.properties ?? {})
      if (isObject(entry['@removed'])) {
        containers.delete(id)
        changed.delete(id)
      } else changed.set(id, { ...before, ...entry })
    }
    cursor = page.deltaLink
  }
  for (const list of await withExtensions(mailbox, [...changed.values()])) containers.set(list.id, list)
  return { containers: [...containers.values()], cursor }
}

async function withExtensions(mailbox: Mailbox, lists: readonly JsonObject[]): Promise<readonly Container[]> {
  const paths = lists.map((entry) => graphPath`/users/${mailbox.user}/todo/lists/${text(entry, 'id') ?? ''}`)
  const extensions = await readExtensions(mailbox, paths)
  return lists.map((entry, index) => {
    const found = extensions[index]
    return asContainer(found === undefined ? entry : { ...entry, extensions: found })
  })
}

function asContainer(properties: JsonObject): Container {
  const name = text(properties, 'displayName') ?? ''
  return {
    id: text(properties, 'id') ?? '',
    parentId: undefined,
    name,
    properties: containerMetadata('taskList', name, properties),
  }
}
