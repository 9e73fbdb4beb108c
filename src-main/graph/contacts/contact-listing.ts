import { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Change, ChangePage, ChangeStart } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphRequest } from '../client/types.ts'
import { isObject, text } from '../item/fields.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { isDeltaRefused } from '../outlook/quota.ts'

const pageSize = 250

/**
 * Changes of one folder by delta. Nothing is selected, so that Graph gives all properties it has. A mailbox over its
 * quota has no delta: then one full listing without a cursor; a cursor from better days counts as lost, since only a
 * listing from the start shows what went missing. https://learn.microsoft.com/graph/api/contact-delta
 */
export async function* contactChanges(
  mailbox: Mailbox,
  folder: string,
  start: ChangeStart,
): AsyncGenerator<ChangePage, void, undefined> {
  const contacts = graphPath`/users/${mailbox.user}/contactFolders/${folder}/contacts`
  const from = start.next ?? start.cursor
  try {
    yield* pages(mailbox, { path: from ?? `${contacts}/delta`, together: mailbox.user })
  } catch (error) {
    if (!isDeltaRefused(error)) throw error
    if (from !== undefined) throw new EngineError('graph.cursor-lost', { cause: error })
    yield* pages(mailbox, { path: contacts, query: { $top: pageSize } })
  }
}

async function* pages(
  { client, user, signal }: Mailbox,
  listing: Pick<GraphRequest, 'path' | 'query' | 'together'>,
): AsyncGenerator<ChangePage, void, undefined> {
  const request = { ...listing, prefer: [`odata.maxpagesize=${pageSize}`], pool: mailboxPool(user), signal }
  for await (const page of client.pages<JsonObject>(request, { prefetch: 1 })) {
    yield { changes: latestChanges(page.value), next: page.nextLink, cursor: page.deltaLink }
  }
}

/** The contact's properties as a delta gives them, without a listing. */
export async function readContact({ client, user, signal }: Mailbox, id: string): Promise<JsonObject> {
  const path = graphPath`/users/${user}/contacts/${id}`
  return await client.json<JsonObject>({ path, pool: mailboxPool(user), signal })
}

/** One change per contact: its last entry counts, and entries with some of the properties add up. */
function latestChanges(entries: readonly JsonObject[]): readonly Change[] {
  const latest = new Map<string, Change>()
  for (const entry of entries) {
    const id = text(entry, 'id')
    if (id === undefined) continue
    const before = latest.get(id)
    latest.delete(id)
    latest.set(id, change(id, entry, before))
  }
  return [...latest.values()]
}

/** Removed means gone from this folder: it may have moved. A whole entry always has its creation time. */
function change(id: string, entry: JsonObject, before: Change | undefined): Change {
  if (isObject(entry['@removed'])) return { kind: 'removed', id }
  if ('createdDateTime' in entry || before?.kind !== 'put') {
    return { kind: 'put', id, properties: withChangeKey(entry), partial: !('createdDateTime' in entry) }
  }
  return { ...before, properties: { ...before.properties, ...withChangeKey(entry) } }
}

/** A partial entry need not have the new change key; its etag is made of that. */
function withChangeKey(entry: JsonObject): JsonObject {
  if ('changeKey' in entry) return entry
  const changeKey = /^W\/"([^"]+)"$/.exec(text(entry, '@odata.etag') ?? '')?.[1]
  return changeKey === undefined ? entry : { ...entry, changeKey }
}
