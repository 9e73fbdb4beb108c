import { badRequest } from '../../http/errors.ts'
import { jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { appliedPreferences, parseSelect } from '../../odata/query.ts'
import { hashNumbers } from '../../random.ts'
import type { MailboxCall } from '../../routes/context.ts'
import {
  deltaAddress,
  deltaPageSize,
  refuseDeadToken,
  refuseUntracked,
  stateFromToken,
} from '../../routes/delta-token.ts'
import type { DeltaState } from '../../routes/delta-token.ts'
import { selectSuffix } from '../../routes/users.ts'
import type { ContactBook, ContactChange, StoredContactFolder } from './book.ts'
import { contactProperties, contactType } from './properties.ts'
import { onlySelected, renderContact } from './render.ts'

interface Round {
  readonly call: MailboxCall
  readonly book: ContactBook
  readonly folder: StoredContactFolder
  readonly state: DeltaState
  readonly selected: ReadonlySet<string> | undefined
}

interface Entry {
  readonly at: number
  readonly json: object
}

/** GET contactFolders/{id}/contacts/delta. Source: https://learn.microsoft.com/graph/api/contact-delta */
export function contactsDelta(call: MailboxCall, book: ContactBook, folder: StoredContactFolder): Reply {
  const token = stateFromToken(call)
  if (token !== undefined) {
    if (token.folder !== folder.number || token.mailbox !== book.key) {
      throw badRequest('The token does not belong to this folder.', 'ErrorInvalidSyncStateData')
    }
    refuseDeadToken(call, token, book.generation, 'SyncStateNotFound')
  }
  const state = token ?? firstState(call, book, folder)
  const selected = parseSelect(state.select, contactProperties, contactType)
  return pageReply({ call, book, folder, state, selected })
}

function firstState(call: MailboxCall, book: ContactBook, folder: StoredContactFolder): DeltaState {
  refuseUntracked(call, ['$top', '$filter', '$orderby', '$search', '$skip', '$expand', '$count'], 'Contacts')
  return {
    folder: folder.number,
    mailbox: book.key,
    generation: book.generation,
    ids: call.preferences.ids,
    select: call.query.get('$select'),
    expand: undefined,
    filter: undefined,
    changeType: undefined,
    remaining: undefined,
    phase: 'initial',
    at: -1,
    since: book.sequence,
    page: 0,
    kind: 'skip',
  }
}

function pageReply(round: Round): Reply {
  const { call, state, selected, book } = round
  const all = state.phase === 'initial' ? everyContact(round) : changedContacts(round)
  const isEmpty = strikes(round, call.context.delta.emptyPageEvery, 1) && all.length > 0
  const page = isEmpty ? [] : all.slice(0, deltaPageSize(call))
  const more = page.length < all.length
  const end = state.phase === 'initial' ? state.since : book.sequence
  const next: DeltaState = more
    ? { ...state, at: page.at(-1)?.at ?? state.at, page: state.page + 1, kind: 'skip' }
    : { ...state, phase: 'changes', at: end, page: 0, kind: 'delta' }
  const json = {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#Collection(contact${selectSuffix(selected)})`,
    value: page.map((entry) => entry.json),
    [more ? '@odata.nextLink' : '@odata.deltaLink']: deltaAddress(call, next),
  }
  return jsonReply(200, json, appliedPreferences(call.preferences, ['odata.track-changes']))
}

/** Pages that come empty although there is more, now and then. */
function strikes({ call, state }: Round, every: number, salt: number): boolean {
  return state.page > 0 && every > 0 && hashNumbers(call.context.seed, state.folder, state.page, salt) % every === 0
}

/** In the initial round `at` is the number of the last contact shown. */
function everyContact({ book, folder, state, selected, call }: Round): readonly Entry[] {
  return book
    .inFolder(folder)
    .filter(({ number }) => number > state.at)
    .map((contact) => ({
      at: contact.number,
      json: onlySelected(renderContact(book, contact, call.preferences.ids), selected),
    }))
}

function changedContacts(round: Round): readonly Entry[] {
  const { book, state, folder } = round
  const since = book.history.filter((change) => change.sequence > state.at && change.folder === folder)
  const latest = new Map(since.map((change) => [change.contact, change]))
  return since.filter((change) => latest.get(change.contact) === change).map((change) => entryOf(round, change))
}

function entryOf({ book, selected, call }: Round, change: ContactChange): Entry {
  const { ids } = call.preferences
  const { contact, sequence, kind, moves } = change
  const json =
    kind === 'removed'
      ? { '@removed': { reason: 'deleted' }, id: book.contactId({ number: contact.number, moves }, ids) }
      : onlySelected(renderContact(book, contact, ids), selected)
  return { at: sequence, json }
}
