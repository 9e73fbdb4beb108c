import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Change, ChangePage, ChangeStart } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphRequest } from '../client/types.ts'
import { isObject, text } from '../item/fields.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { isDeltaRefused } from '../outlook/quota.ts'
import { isFormRefused } from './refusal.ts'
import { expandable, isPartial, listedProperties } from './task-properties.ts'

const pageSize = 100

/** What this Graph lets a listing of tasks bring along: found out once. */
export interface ListingForm {
  expands: boolean
}

/**
 * Changes of one list by delta, checklists and links brought along: an unchanged list costs one request. Where Graph
 * does not expand them, they are read task by task (see task-body.ts). A mailbox over its quota has no delta: then one
 * full listing without a cursor. https://learn.microsoft.com/graph/api/todotask-delta
 */
export async function* taskChanges(
  mailbox: Mailbox,
  list: string,
  start: ChangeStart,
  form: ListingForm,
): AsyncGenerator<ChangePage, void, undefined> {
  const from = start.next ?? start.cursor
  const tasks = graphPath`/users/${mailbox.user}/todo/lists/${list}/tasks`
  try {
    if (from === undefined) yield* inSomeForm(mailbox, list, { path: `${tasks}/delta` }, form)
    else yield* pages(mailbox, list, { path: from, together: mailbox.user }, form)
  } catch (error) {
    if (!isDeltaRefused(error)) throw error
    if (from !== undefined) throw new EngineError('graph.cursor-lost', { cause: error })
    yield* inSomeForm(mailbox, list, { path: tasks, query: { $top: pageSize } }, form)
  }
}

type Listing = Pick<GraphRequest, 'path' | 'query' | 'together'>

async function* inSomeForm(
  mailbox: Mailbox,
  list: string,
  listing: Listing,
  form: ListingForm,
): AsyncGenerator<ChangePage, void, undefined> {
  if (form.expands) {
    let begun = false
    try {
      for await (const page of pages(mailbox, list, { ...listing, query: { ...listing.query, ...expansion } }, form)) {
        begun = true
        yield page
      }
      return
    } catch (error) {
      if (begun || !isFormRefused(error)) throw error
      form.expands = false
    }
  }
  yield* pages(mailbox, list, listing, form)
}

const expansion = { $expand: expandable.join(',') }

async function* pages(
  mailbox: Mailbox,
  list: string,
  listing: Listing,
  form: ListingForm,
): AsyncGenerator<ChangePage, void, undefined> {
  const { client, user, signal } = mailbox
  const request = { ...listing, prefer: [`odata.maxpagesize=${pageSize}`], pool: mailboxPool(user), signal }
  for await (const page of client.pages<JsonObject>(request, { prefetch: 1 })) {
    const entries = latest(page.value)
    const changes = await Promise.all(entries.map((entry) => change(mailbox, list, entry, form)))
    yield { changes, next: page.nextLink, cursor: page.deltaLink }
  }
}

/** One entry per task: the last one counts. */
function latest(entries: readonly JsonObject[]): readonly JsonObject[] {
  const byId = new Map<string, JsonObject>()
  for (const entry of entries) {
    const id = text(entry, 'id')
    if (id === undefined) continue
    byId.delete(id)
    byId.set(id, entry)
  }
  return [...byId.values()]
}

async function change(mailbox: Mailbox, list: string, entry: JsonObject, form: ListingForm): Promise<Change> {
  const id = text(entry, 'id') ?? ''
  if (isObject(entry['@removed'])) return { kind: 'removed', id }
  try {
    const whole = isPartial(entry) ? await readTask(mailbox, list, id, form) : entry
    return { kind: 'put', id, properties: listedProperties(whole), partial: false }
  } catch (error) {
    if (isEngineError(error, 'graph.not-found')) return { kind: 'removed', id }
    throw error
  }
}

async function readTask(mailbox: Mailbox, list: string, id: string, form: ListingForm): Promise<JsonObject> {
  const { client, user, signal } = mailbox
  return await client.json<JsonObject>({ ...taskRequest(user, list, id, form), pool: mailboxPool(user), signal })
}

/** One task as listings give it. */
export function taskRequest(user: string, list: string, id: string, form: ListingForm): Listing {
  const path = graphPath`/users/${user}/todo/lists/${list}/tasks/${id}`
  return form.expands ? { path, query: expansion } : { path }
}
