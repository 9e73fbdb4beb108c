import { badRequest } from '../http/errors.ts'
import { jsonReply } from '../http/exchange.ts'
import type { Reply } from '../http/exchange.ts'
import { parseSelect } from '../odata/query.ts'
import { folderProperties, folderType, renderFolder } from '../render/folder.ts'
import type { StoredFolder } from '../state/stored.ts'
import { folderId } from '../state/ids.ts'
import type { FolderChange } from '../state/mailbox.ts'
import type { MailboxCall } from './context.ts'
import { deltaAddress, deltaPageSize, refuseDeadToken, refuseUntracked, stateFromToken } from './delta-token.ts'
import type { DeltaState } from './delta-token.ts'
import { selectSuffix } from './users.ts'

/**
 * GET mailFolders/delta: every folder of every level in one flat list, hidden ones left out.
 * Source: https://learn.microsoft.com/graph/api/mailfolder-delta
 */
export function foldersDelta(call: MailboxCall): Reply {
  const { mailbox } = call
  const token = stateFromToken(call)
  if (token !== undefined) {
    if (token.folder !== 0 || token.mailbox !== mailbox.key) {
      throw badRequest('The token does not belong to the folder list.', 'ErrorInvalidSyncStateData')
    }
    refuseDeadToken(call, token, mailbox.folderCursorGeneration, 'SyncStateNotFound')
  }
  const state = token ?? firstState(call)
  const selected = parseSelect(state.select, folderProperties, folderType)
  const all = state.phase === 'initial' ? everyFolder(call, state, selected) : changedFolders(call, state, selected)
  const page = all.slice(0, deltaPageSize(call))
  return reply(call, state, selected, page, page.length < all.length)
}

interface Entry {
  readonly json: object
  readonly at: number
}

function firstState(call: MailboxCall): DeltaState {
  refuseUntracked(call, ['$top', '$filter', '$orderby', '$search', '$skip'], 'Folders')
  return {
    folder: 0,
    mailbox: call.mailbox.key,
    generation: call.mailbox.folderCursorGeneration,
    ids: call.preferences.ids,
    select: call.query.get('$select'),
    expand: undefined,
    filter: undefined,
    changeType: undefined,
    remaining: undefined,
    phase: 'initial',
    at: -1,
    since: call.mailbox.sequence,
    page: 0,
    kind: 'skip',
  }
}

/** Inside the initial round `at` is the number of the last folder shown. */
function everyFolder(
  call: MailboxCall,
  state: DeltaState,
  selected: ReadonlySet<string> | undefined,
): readonly Entry[] {
  const { mailbox } = call
  return [...mailbox.folders.values()]
    .filter((folder) => folder.number > state.at && isListed(call, folder))
    .map((folder) => ({ at: folder.number, json: renderFolder(mailbox, folder, selected) }))
}

function isListed(call: MailboxCall, folder: StoredFolder): boolean {
  const { root } = call.mailbox
  if (folder === root || !folder.isWithin(root)) return false
  for (let at: StoredFolder | undefined = folder; at !== undefined; at = at.parent) if (at.isHidden) return false
  return true
}

function changedFolders(
  call: MailboxCall,
  state: DeltaState,
  selected: ReadonlySet<string> | undefined,
): readonly Entry[] {
  const entries: Entry[] = []
  for (const change of call.mailbox.folderHistory) {
    if (change.sequence <= state.at) continue
    const json = changeEntry(call, change, selected)
    if (json !== undefined) entries.push({ at: change.sequence, json })
  }
  return entries
}

function changeEntry(
  call: MailboxCall,
  change: FolderChange,
  selected: ReadonlySet<string> | undefined,
): object | undefined {
  const { folder } = change
  if (change.kind === 'removed') {
    return folder.isHidden
      ? undefined
      : { id: folderId(call.mailbox.key, folder.number), '@removed': { reason: 'deleted' } }
  }
  return folder.isRemoved || !isListed(call, folder) ? undefined : renderFolder(call.mailbox, folder, selected)
}

function reply(
  call: MailboxCall,
  state: DeltaState,
  selected: ReadonlySet<string> | undefined,
  page: readonly Entry[],
  more: boolean,
): Reply {
  const end = state.phase === 'initial' ? state.since : call.mailbox.sequence
  const next: DeltaState = more
    ? { ...state, at: page.at(-1)?.at ?? state.at, page: state.page + 1, kind: 'skip' }
    : { ...state, phase: 'changes', at: end, page: 0, kind: 'delta' }
  return jsonReply(
    200,
    {
      '@odata.context': `${call.context.origin()}/v1.0/$metadata#Collection(mailFolder${selectSuffix(selected)})`,
      value: page.map((entry) => entry.json),
      [more ? '@odata.nextLink' : '@odata.deltaLink']: deltaAddress(call, next),
    },
    { 'Preference-Applied': 'odata.track-changes' },
  )
}
