import { badRequest } from '../../http/errors.ts'
import { jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { appliedPreferences, parseSelect } from '../../odata/query.ts'
import {
  deltaAddress,
  deltaPageSize,
  refuseDeadToken,
  refuseUntracked,
  stateFromToken,
} from '../../routes/delta-token.ts'
import type { DeltaState } from '../../routes/delta-token.ts'
import { listOf, refused } from './calls.ts'
import type { TodoCall } from './calls.ts'
import { expanded, todoExpansion } from './expansion.ts'
import { onlySelected, renderList, renderTask } from './render.ts'
import type { StoredList, TodoChange } from './stored.ts'
import { taskNames, taskType } from './tasks.ts'

/** One entry of a round, with the position behind it. */
interface Entry {
  readonly at: number
  readonly json: object
}

/** GET todo/lists/{id}/tasks/delta. Source: https://learn.microsoft.com/graph/api/todotask-delta */
export function tasksDelta(call: TodoCall): Reply {
  const list = listOf(call)
  const state = stateOf(call, list.number, list.generation)
  const selected = parseSelect(state.select, taskNames, taskType)
  const expansion = todoExpansion(state.expand)
  if (expansion.extension !== undefined) throw refused('Extensions cannot be expanded with change tracking.')
  const show = (change: TodoChange): object | undefined => {
    const { task } = change
    if (task === undefined || change.list !== list) return undefined
    if (change.kind === 'removed') return removed(task.id)
    if (task.isRemoved) return undefined
    return { ...onlySelected(renderTask(task), selected), ...expanded(task, expansion) }
  }
  const initial = list.tasks.map((task) => ({
    at: task.number,
    json: { ...onlySelected(renderTask(task), selected), ...expanded(task, expansion) },
  }))
  return pageReply(call, state, state.phase === 'initial' ? initial : changes(call, show), 'todoTask')
}

/** GET todo/lists/delta. Source: https://learn.microsoft.com/graph/api/todotasklist-delta */
export function listsDelta(call: TodoCall): Reply {
  const state = stateOf(call, 0, call.book.generation)
  if (state.expand !== undefined || state.select !== undefined)
    throw badRequest('The query options are not supported with change tracking.', 'ErrorInvalidUrlQuery')
  const show = (change: TodoChange): object | undefined => {
    if (change.task !== undefined) return undefined
    if (change.kind === 'removed') return removed(change.list.id)
    return call.book.lists.includes(change.list) ? renderList(change.list) : undefined
  }
  const initial = call.book.lists.map((list: StoredList) => ({ at: list.number, json: renderList(list) }))
  return pageReply(call, state, state.phase === 'initial' ? initial : changes(call, show), 'todoTaskList')
}

const removed = (id: string): object => ({ id, '@removed': { reason: 'deleted' } })

function stateOf(call: TodoCall, folder: number, generation: number): DeltaState {
  const token = stateFromToken(call)
  if (token !== undefined) {
    if (token.folder !== folder || token.mailbox !== call.book.key)
      throw badRequest('The token does not belong to this collection.', 'ErrorInvalidSyncStateData')
    refuseDeadToken(call, token, generation, 'SyncStateNotFound')
    return token
  }
  refuseUntracked(call, ['$search', '$skip', '$count', '$filter', '$orderby', '$top'], 'todo')
  return {
    folder,
    mailbox: call.book.key,
    generation,
    ids: call.preferences.ids,
    select: call.query.get('$select'),
    expand: call.query.get('$expand'),
    filter: undefined,
    changeType: undefined,
    remaining: undefined,
    phase: 'initial',
    at: -1,
    since: call.book.sequence,
    page: 0,
    kind: 'skip',
  }
}

/** What happened since; a task that changed several times may show up as often. */
function changes(call: TodoCall, show: (change: TodoChange) => object | undefined): readonly Entry[] {
  return call.book.history.flatMap((change) => {
    const json = show(change)
    return json === undefined ? [] : [{ at: change.sequence, json }]
  })
}

function pageReply(call: TodoCall, state: DeltaState, entries: readonly Entry[], type: string): Reply {
  const left = entries.filter(({ at }) => at > state.at)
  const empties = call.context.delta.emptyPageEvery
  const isEmpty = empties > 0 && state.page > 0 && state.page % empties === 0 && left.length > 0
  const page = isEmpty ? [] : left.slice(0, deltaPageSize(call))
  const more = page.length < left.length
  const end = state.phase === 'initial' ? state.since : call.book.sequence
  const next: DeltaState = more
    ? { ...state, at: page.at(-1)?.at ?? state.at, page: state.page + 1, kind: 'skip' }
    : { ...state, phase: 'changes', at: end, page: 0, kind: 'delta' }
  const json = {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#Collection(${type})`,
    value: page.map((entry) => entry.json),
    [more ? '@odata.nextLink' : '@odata.deltaLink']: deltaAddress(call, next),
  }
  return jsonReply(200, json, appliedPreferences(call.preferences, ['odata.track-changes']))
}
