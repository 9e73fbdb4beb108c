import { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { ChangePage, ChangeStart, Container } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchAnswer, BatchMember } from '../client/types.ts'
import { answerBody } from '../item/batch-answers.ts'
import { isObject, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { isAbsent } from './folder-requests.ts'
import { parseObject } from './folder-state.ts'
import { messageChanges } from './message-listing.ts'
import { folderMetadata } from './metadata.ts'

/**
 * Recoverable Items: what was deleted from Deleted Items, or past them, until its retention time ends. It lies beside
 * the tree of folders, so no folder listing shows it. Of its folders the documents name this one; Purges, Versions and
 * holds have no documented name, and one that Graph does not know may stand for some other folder.
 * https://learn.microsoft.com/graph/api/resources/mailfolder
 */
const wellKnownName = 'recoverableitemsdeletions'

/** Graph calls it "Deletions", in the language of the mailbox. */
const displayName = 'Recoverable Items'

/** Recoverable Items of one mailbox, as they are now. */
export interface RecoverableItems {
  readonly container: Container
  /** Undefined if it could not be told: then its changes are asked for. */
  readonly fingerprint: string | undefined
}

/** Asked along with the folders, so that an unchanged one costs no request of its own. */
export function recoverableMembers(user: string): readonly BatchMember[] {
  const path = graphPath`/users/${user}/mailFolders/${wellKnownName}`
  const newest = { $select: 'id,lastModifiedDateTime', $orderby: 'lastModifiedDateTime desc', $top: 1 }
  return [
    { path, query: { $select: 'id,totalItemCount,unreadItemCount' } },
    { path: `${path}/messages`, query: newest },
  ]
}

/**
 * What the answers tell; undefined if there is nothing in it, or the mailbox has none, or it must not be read. If
 * Graph fails only here, what was `known` stays, and reading its changes says what is wrong.
 *
 * The fingerprint is the number of items, of unread ones, and the message that was modified last, with its time. What
 * comes in or goes out changes the numbers. It misses a change only if as many come as go, read and unread, and moving
 * them here made none of them the one modified last (Exchange dates moves, but no document promises it). Such a change
 * is late, not passed over: the cursor stays where it was, and the next change brings it too.
 */
export function readRecoverable(
  [folder, newest]: readonly (BatchAnswer | undefined)[],
  known: Container | undefined,
): RecoverableItems | undefined {
  if (folder?.ok === false) {
    if (isAbsent(folder)) return undefined
    if (known === undefined) throw folder.error
    return { container: known, fingerprint: undefined }
  }
  const { id, totalItemCount: items, unreadItemCount: unread } = answerBody(folder)
  if (typeof id !== 'string' || items === 0) return undefined
  const [latest] = newest?.ok === true && isObject(newest.body) ? messagesOf(newest.body) : []
  const isTold = newest?.ok === true && typeof items === 'number' && typeof unread === 'number'
  return {
    container: recoverableContainer(id, typeof items === 'number' ? items : undefined),
    fingerprint: isTold
      ? JSON.stringify([items, unread, latest?.id ?? '', latest?.lastModifiedDateTime ?? ''])
      : undefined,
  }
}

function messagesOf({ value }: JsonObject): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function recoverableContainer(id: string, items: number | undefined): Container {
  const properties = folderMetadata({ id, displayName, isHidden: true, wellKnownName })
  return { id, parentId: undefined, name: displayName, properties, items }
}

export function isRecoverable({ properties }: Pick<Container, 'properties'>): boolean {
  return isRecoverableName(text(propertiesOf(properties), 'wellKnownName'))
}

/** Also of those parts that are not read: nothing is ever restored into any of them. */
export function isRecoverableName(name: string | undefined): boolean {
  return name?.startsWith('recoverableitems') === true
}

/** Cursor of the container: a delta link, and what the folder looked like before that was asked for. */
interface Cursor {
  readonly delta: string
  readonly fingerprint: string | undefined
}

/** Changes of Recoverable Items, as of any folder; no request if the fingerprint is the one of the last time. */
export async function* recoverableChanges(
  mailbox: Mailbox,
  folderId: string,
  start: ChangeStart,
  fingerprint: string | undefined,
): AsyncGenerator<ChangePage, void, undefined> {
  const last = start.next === undefined ? readCursor(start.cursor) : undefined
  if (last?.fingerprint !== undefined && last.fingerprint === fingerprint) {
    yield { changes: [], next: undefined, cursor: start.cursor }
    return
  }
  // A listing that goes on reaches back to before the fingerprint was taken: its link may hold changes already.
  const seen = start.next === undefined ? fingerprint : undefined
  for await (const page of messageChanges(mailbox, folderId, { cursor: last?.delta, next: start.next })) {
    const { cursor: delta } = page
    yield delta === undefined ? page : { ...page, cursor: JSON.stringify({ v: 1, delta, fingerprint: seen }) }
  }
}

function readCursor(cursor: string | undefined): Cursor | undefined {
  if (cursor === undefined) return undefined
  const value = parseObject(cursor)
  const delta = text(value, 'delta')
  // Not written by this version: only a listing from the start can show what went missing.
  if (value.v !== 1 || delta === undefined) throw new EngineError('graph.cursor-lost')
  return { delta, fingerprint: text(value, 'fingerprint') }
}
