import type { JsonObject } from '../../engine/model/json.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchAnswer, BatchMember } from '../client/types.ts'
import { mailboxPool, type Mailbox } from '../outlook/mailbox.ts'
import { answerBody } from '../item/batch-answers.ts'
import { isObject, list, text } from '../item/fields.ts'

const folderSelect = 'id,displayName,parentFolderId,childFolderCount,totalItemCount,isHidden'

/**
 * Names by which Graph knows folders whatever the mailbox's language. Not here: recoverable items (recoverable-items.ts)
 * and the parent of search folders. https://learn.microsoft.com/graph/api/resources/mailfolder
 */
export const wellKnownNames = [
  'inbox',
  'drafts',
  'sentitems',
  'deleteditems',
  'junkemail',
  'outbox',
  'archive',
  'conversationhistory',
  'clutter',
  'conflicts',
  'localfailures',
  'serverfailures',
  'syncissues',
  'scheduled',
] as const

export function deltaMember(user: string): BatchMember {
  return { path: graphPath`/users/${user}/mailFolders/delta`, query: { $select: folderSelect } }
}

/** All children of a folder, hidden ones included; of the mailbox itself without a folder. */
export function childrenMember(user: string, folder?: string): BatchMember {
  const path =
    folder === undefined
      ? graphPath`/users/${user}/mailFolders`
      : graphPath`/users/${user}/mailFolders/${folder}/childFolders`
  return { path, query: { includeHiddenFolders: true, $top: 250, $select: folderSelect } }
}

export function namedMember(user: string, name: string): BatchMember {
  return { path: graphPath`/users/${user}/mailFolders/${name}`, query: { $select: 'id' } }
}

export interface FolderPages {
  readonly entries: readonly JsonObject[]
  readonly deltaLink: string | undefined
}

/** The first page out of a batch and the rest of the pages by single requests. */
export async function remainingPages(mailbox: Mailbox, answer: BatchAnswer | undefined): Promise<FolderPages> {
  const body = answerBody(answer)
  const entries = [...(list(body, 'value') ?? [])].filter(isObject)
  const next = text(body, '@odata.nextLink')
  if (next === undefined) return { entries, deltaLink: text(body, '@odata.deltaLink') }
  const { client, user, signal } = mailbox
  let deltaLink: string | undefined
  for await (const page of client.pages<JsonObject>({ path: next, pool: mailboxPool(user), signal })) {
    entries.push(...page.value)
    deltaLink = page.deltaLink
  }
  return { entries, deltaLink }
}

/** The mailbox has none such, or it must not be read. */
export function isAbsent({ error: { code } }: BatchAnswer & { readonly ok: false }): boolean {
  return code === 'graph.not-found' || code === 'graph.request-refused' || code === 'graph.forbidden'
}
