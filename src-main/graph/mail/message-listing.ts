import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Change, ChangePage, ChangeStart } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphRequest } from '../client/types.ts'
import { isObject, text } from '../item/fields.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { isPartial, messageSelect } from './message-properties.ts'
import { isDeltaRefused } from '../outlook/quota.ts'

const pageSize = 250

/**
 * Changes of one folder by delta, the next page on its way while the caller works on one. A mailbox over its quota has
 * no delta: then one full listing without a cursor (and again in the next run); a cursor from better days counts as
 * lost, since only a listing from the start can show what went missing.
 */
export async function* messageChanges(
  mailbox: Mailbox,
  folderId: string,
  start: ChangeStart,
): AsyncGenerator<ChangePage, void, undefined> {
  const from = start.next ?? start.cursor
  try {
    yield* pages(mailbox, from === undefined ? firstDelta(mailbox.user, folderId) : { path: from })
  } catch (error) {
    if (!isDeltaRefused(error)) throw error
    if (from !== undefined) throw new EngineError('graph.cursor-lost', { cause: error })
    yield* pages(mailbox, plainListing(mailbox.user, folderId))
  }
}

type Listing = Pick<GraphRequest, 'path' | 'query'>

function firstDelta(user: string, folder: string): Listing {
  return { path: graphPath`/users/${user}/mailFolders/${folder}/messages/delta`, query: { $select: messageSelect } }
}

function plainListing(user: string, folder: string): Listing {
  return {
    path: graphPath`/users/${user}/mailFolders/${folder}/messages`,
    query: { $select: messageSelect, $top: pageSize },
  }
}

async function* pages(mailbox: Mailbox, listing: Listing): AsyncGenerator<ChangePage, void, undefined> {
  const { client, user, signal } = mailbox
  // $top would limit a delta as a whole (gotcha 3).
  const prefer = [`odata.maxpagesize=${pageSize}`]
  const request = { ...listing, prefer, pool: mailboxPool(user), together: user, signal }
  for await (const page of client.pages<JsonObject>(request, { prefetch: 1 })) {
    const entries = await Promise.all(page.value.map((entry) => withChangeKey(mailbox, entry)))
    yield { changes: latestChanges(entries), next: page.nextLink, cursor: page.deltaLink }
  }
}

/**
 * A partial entry need not have the new change key, by which the change is known from what is stored; its etag is made
 * of that. Without either the message is asked for.
 */
async function withChangeKey(mailbox: Mailbox, entry: JsonObject): Promise<JsonObject> {
  const id = text(entry, 'id')
  if (id === undefined || isObject(entry['@removed']) || !isPartial(entry) || 'changeKey' in entry) return entry
  const changeKey = /^W\/"([^"]+)"$/.exec(text(entry, '@odata.etag') ?? '')?.[1]
  if (changeKey !== undefined) return { ...entry, changeKey }
  try {
    return await readMessage(mailbox, id)
  } catch (error) {
    // Gone since, or not to be read: its next change, or the attempt to read its content, says so.
    if (isEngineError(error, 'graph.not-found') || isEngineError(error, 'graph.item-unreadable')) return entry
    throw error
  }
}

/** The message's properties as a delta gives them, without a listing. */
export async function readMessage({ client, user, signal }: Mailbox, id: string): Promise<JsonObject> {
  return await client.json<JsonObject>({
    path: graphPath`/users/${user}/messages/${id}`,
    query: { $select: messageSelect },
    pool: mailboxPool(user),
    signal,
  })
}

/** One change per message: the last entry counts, and partial ones add up. */
function latestChanges(entries: readonly JsonObject[]): readonly Change[] {
  const latest = new Map<string, Change>()
  for (const entry of entries) {
    const id = text(entry, 'id')
    if (id === undefined) continue
    const before = latest.get(id)
    // Behind what came before it in the page, not in its place: order tells which is newer.
    latest.delete(id)
    latest.set(id, change(id, entry, before))
  }
  return [...latest.values()]
}

/** Both reasons of a removal mean the same to a folder: the message is not in it any more. */
function change(id: string, entry: JsonObject, before: Change | undefined): Change {
  if (isObject(entry['@removed'])) return { kind: 'removed', id }
  const partial = isPartial(entry)
  if (!partial || before?.kind !== 'put') return { kind: 'put', id, properties: entry, partial }
  return { kind: 'put', id, properties: { ...before.properties, ...entry }, partial: before.partial }
}
