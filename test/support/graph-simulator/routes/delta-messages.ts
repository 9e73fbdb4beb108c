import { badRequest, GraphError } from '../http/errors.ts'
import { jsonReply } from '../http/exchange.ts'
import type { Reply } from '../http/exchange.ts'
import { parseExpand } from '../odata/expand.ts'
import { parseFilter, passes } from '../odata/filter.ts'
import type { FilterNode } from '../odata/filter.ts'
import { appliedPreferences, parseSelect } from '../odata/query.ts'
import { hashNumbers } from '../random.ts'
import { changeKeyOf, messageProperties, messageType, renderMessage } from '../render/message.ts'
import type { MessageView } from '../render/message.ts'
import type { MessageChange, StoredFolder, StoredMessage } from '../state/stored.ts'
import { messageId } from '../state/ids.ts'
import { flagOf } from '../state/info.ts'
import type { MailboxCall } from './context.ts'
import { deltaAddress, deltaPageSize, refuseDeadToken, refuseUntracked, stateFromToken } from './delta-token.ts'
import type { DeltaState } from './delta-token.ts'
import { filterSubject } from './message-filter.ts'
import { folderOf } from './require-mailbox.ts'
import { selectSuffix } from './users.ts'

interface Round {
  readonly call: MailboxCall
  readonly folder: StoredFolder
  readonly view: MessageView
  readonly filter: FilterNode | undefined
  readonly state: DeltaState
}

interface Page {
  readonly entities: readonly object[]
  /** Position or change the next page goes on from. */
  readonly at: number
  readonly more: boolean
}

/**
 * GET mailFolders/{id}/messages/delta
 * Source: https://learn.microsoft.com/graph/api/message-delta and https://learn.microsoft.com/graph/delta-query-messages
 */
export function messagesDelta(call: MailboxCall): Reply {
  const token = stateFromToken(call)
  const folder = trackedFolder(call, token !== undefined)
  const state = token ?? firstState(call, folder)
  if (token !== undefined) {
    if (token.folder !== folder.number || token.mailbox !== call.mailbox.key) throw foreignToken()
    refuseDeadToken(call, token, folder.cursorGeneration, folder.cursorError)
  }
  folder.tracked = true
  const round: Round = { call, folder, state, view: viewOf(call, state), filter: filterOf(state) }
  const page = state.phase === 'initial' ? initialPage(round) : changesPage(round)
  return pageReply(round, page)
}

const foreignToken = (): GraphError => badRequest('The token belongs to another folder.', 'ErrorInvalidSyncStateData')

/** A cursor of a folder that has gone is answered as the sync service does, not as a plain look-up. */
function trackedFolder(call: MailboxCall, hasToken: boolean): StoredFolder {
  try {
    return folderOf(call)
  } catch (error) {
    if (!hasToken || !(error instanceof GraphError) || error.code !== 'ErrorItemNotFound') throw error
    throw new GraphError(404, 'ErrorSyncFolderNotFound', 'The folder to be synchronized could not be found.')
  }
}

function firstState(call: MailboxCall, folder: StoredFolder): DeltaState {
  const { query, mailbox, preferences } = call
  refuseUntracked(call, ['$search', '$skip'], 'Messages')
  const orderBy = query.get('$orderby')
  if (orderBy !== undefined && !/^receivedDateTime\s+desc$/i.test(orderBy.trim())) {
    refuseUntracked(call, ['$orderby'], 'Messages')
  }
  const top = query.integer('$top')
  if (top === 0) throw badRequest("The value of '$top' must be greater than zero.", 'ErrorInvalidUrlQuery')
  return {
    folder: folder.number,
    mailbox: mailbox.key,
    generation: folder.cursorGeneration,
    ids: preferences.ids,
    select: query.get('$select'),
    expand: query.get('$expand'),
    filter: query.get('$filter'),
    changeType: changeTypeOf(query.get('changeType')),
    remaining: top,
    phase: 'initial',
    at: 0,
    since: mailbox.sequence,
    page: 0,
    kind: 'skip',
  }
}

function changeTypeOf(text: string | undefined): string | undefined {
  if (text === undefined || /^(created|updated|deleted)$/i.test(text)) return text?.toLowerCase()
  throw badRequest(`The value '${text}' of changeType is not valid.`, 'ErrorInvalidUrlQuery')
}

function viewOf(call: MailboxCall, state: DeltaState): MessageView {
  const expansion = parseExpand(state.expand)
  if (expansion.singleValue !== undefined || expansion.multiValue !== undefined) {
    throw badRequest(
      "The following parameters are not supported with change tracking over the 'Messages' resource: '$expand' of extended properties.",
      'ErrorInvalidUrlQuery',
    )
  }
  const { mailbox, preferences } = call
  const selected = parseSelect(state.select, messageProperties, messageType)
  return { mailbox, preferences, selected, expansion }
}

/** Only `receivedDateTime ge` and `gt` can be asked for. */
function filterOf(state: DeltaState): FilterNode | undefined {
  if (state.filter === undefined) return undefined
  const node = parseFilter(state.filter)
  const simple = node.kind === 'compare' && node.path === 'receiveddatetime' && /^g[et]$/.test(node.operator)
  if (simple) return node
  throw badRequest(
    "The '$filter' is not supported with change tracking over the 'Messages' resource.",
    'ErrorInvalidUrlQuery',
  )
}

function limitOf(round: Round): number {
  return Math.min(deltaPageSize(round.call), round.state.remaining ?? Infinity)
}

/** The first listing, in the order messages came into the folder. */
function initialPage(round: Round): Page {
  const { folder, state } = round
  if (isEmptyPage(round, folder.indexAfter(state.at) < folder.members.length)) {
    return { entities: [], at: state.at, more: true }
  }
  const entities: object[] = []
  const limit = limitOf(round)
  let at = state.at
  let index = Math.max(0, folder.indexAfter(state.at) - (repeats(round) ? 1 : 0))
  for (; index < folder.members.length && entities.length < limit; index++) {
    const message = folder.members[index]
    if (message === undefined) break
    at = message.position
    const shown = whole(round, message)
    if (shown !== undefined) entities.push(shown)
  }
  return { entities, at, more: index < folder.members.length }
}

/** What happened since: additions, changes (some of them with the changed properties only), removals. */
function changesPage(round: Round): Page {
  const { folder, state } = round
  const entities: object[] = []
  const limit = limitOf(round)
  let index = indexAfterChange(folder.history, state.at)
  let at = state.at
  for (; index < folder.history.length && entities.length < limit; index++) {
    const change = folder.history[index]
    if (change === undefined) break
    at = change.sequence
    const next = folder.history[index + 1]
    const repeated = next?.message === change.message && next.kind === change.kind
    const shown = repeated ? undefined : changed(round, change)
    if (shown !== undefined) entities.push(shown)
  }
  const more = index < folder.history.length
  return { entities, at: more ? at : round.call.mailbox.sequence, more }
}

function indexAfterChange(history: readonly MessageChange[], sequence: number): number {
  let low = 0
  let high = history.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((history[middle]?.sequence ?? 0) <= sequence) low = middle + 1
    else high = middle
  }
  return low
}

function changed(round: Round, change: MessageChange): object | undefined {
  const { folder, state } = round
  const { message } = change
  if (change.kind === 'removed') return wants(state, 'deleted') ? removed(round, change) : undefined
  if (message.isRemoved || message.folder !== folder) return undefined
  if (!wants(state, change.kind === 'added' ? 'created' : 'updated')) return undefined
  if (change.kind === 'isRead') return partial(round, message, 'isRead', message.isRead)
  if (change.kind === 'flag') return partial(round, message, 'flag', flagOf(message))
  return whole(round, message)
}

const wants = (state: DeltaState, type: string): boolean => state.changeType === undefined || state.changeType === type

function whole(round: Round, message: StoredMessage): object | undefined {
  const { call, view, filter } = round
  if (filter !== undefined && !passes(filter, filterSubject(call.mailbox, message))) return undefined
  return { '@odata.type': '#microsoft.graph.message', ...renderMessage(message, view) }
}

/** An entry with nothing but the one property that changed; nothing at all when that property was not selected. */
function partial(round: Round, message: StoredMessage, name: string, value: unknown): object | undefined {
  const { call, view, filter } = round
  if (view.selected?.has(name) === false) return undefined
  if (filter !== undefined && !passes(filter, filterSubject(call.mailbox, message))) return undefined
  return {
    '@odata.type': '#microsoft.graph.message',
    '@odata.etag': `W/"${changeKeyOf(call.mailbox, message)}"`,
    id: messageId(call.mailbox.key, message.number, message.moves, call.preferences.ids),
    [name]: value,
  }
}

function removed(round: Round, change: MessageChange): object {
  const { call } = round
  return {
    '@odata.type': '#microsoft.graph.message',
    id: messageId(call.mailbox.key, change.message.number, change.moves, call.preferences.ids),
    '@removed': { reason: change.reason },
  }
}

function isEmptyPage(round: Round, hasMore: boolean): boolean {
  const { seed, delta } = round.call.context
  const { page, folder } = round.state
  return (
    hasMore && page > 0 && delta.emptyPageEvery > 0 && hashNumbers(seed, folder, page, 1) % delta.emptyPageEvery === 0
  )
}

function repeats(round: Round): boolean {
  const { seed, delta } = round.call.context
  const { page, folder } = round.state
  // A page of one entity that only repeats would never get on.
  return (
    page > 0 &&
    limitOf(round) > 1 &&
    delta.repeatEvery > 0 &&
    hashNumbers(seed, folder, page, 2) % delta.repeatEvery === 0
  )
}

function pageReply(round: Round, page: Page): Reply {
  const { call, state, view } = round
  const remaining = state.remaining === undefined ? undefined : state.remaining - page.entities.length
  const goesOn = page.more && remaining !== 0
  const next: DeltaState = goesOn
    ? { ...state, remaining, at: page.at, page: state.page + 1, kind: 'skip' }
    : { ...state, remaining: undefined, phase: 'changes', at: endOf(state, page), page: 0, kind: 'delta' }
  const json = {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#Collection(message${selectSuffix(view.selected)})`,
    value: page.entities,
    [goesOn ? '@odata.nextLink' : '@odata.deltaLink']: deltaAddress(call, next),
  }
  return jsonReply(200, json, appliedPreferences(call.preferences, ['odata.track-changes', ...sizePreference(call)]))
}

function endOf(state: DeltaState, page: Page): number {
  return state.phase === 'initial' ? state.since : page.at
}

function sizePreference(call: MailboxCall): readonly string[] {
  const { maxPageSize } = call.preferences
  return maxPageSize === undefined ? [] : [`odata.maxpagesize=${String(deltaPageSize(call))}`]
}
