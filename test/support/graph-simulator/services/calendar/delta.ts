import { badRequest } from '../../http/errors.ts'
import { jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { noExpansion } from '../../odata/expand.ts'
import { appliedPreferences } from '../../odata/query.ts'
import {
  deltaAddress,
  deltaPageSize,
  refuseDeadToken,
  refuseUntracked,
  stateFromToken,
} from '../../routes/delta-token.ts'
import type { DeltaState } from '../../routes/delta-token.ts'
import { instanceId } from './ids.ts'
import { instancesIn } from './instances.ts'
import type { Instance, Window } from './instances.ts'
import type { CalendarChange, StoredCalendar } from './model.ts'
import { renderEvent, typeOf } from './render.ts'
import type { EventView } from './render.ts'
import { calendarOf } from './state.ts'
import type { CalendarCall } from './state.ts'
import { windowOf } from './views.ts'

interface Round {
  readonly call: CalendarCall
  readonly calendar: StoredCalendar
  readonly state: DeltaState
  readonly window: Window
  readonly view: EventView
}

/**
 * GET calendars/{id}/calendarView/delta. The window is part of the token. Days of a series come with their times only.
 * What changed outside the window shows as removed, as well as what was deleted anywhere.
 * Source: https://learn.microsoft.com/graph/api/event-delta
 */
export function calendarViewDelta(call: CalendarCall): Reply {
  const calendar = calendarOf(call)
  const token = stateFromToken(call)
  const state = token ?? firstState(call, calendar)
  if (token !== undefined) {
    if (token.folder !== calendar.number || token.mailbox !== call.calendars.key) {
      throw badRequest('The token belongs to another calendar.', 'ErrorInvalidSyncStateData')
    }
    refuseDeadToken(call, token, calendar.cursorGeneration, calendar.cursorError)
  }
  const { calendars, preferences } = call
  const view: EventView = { calendars, preferences, selected: undefined, expansion: noExpansion, zone: 'utc' }
  const round: Round = { call, calendar, state, window: JSON.parse(state.filter ?? '{}') as Window, view }
  return state.phase === 'initial' ? initialPage(round) : changesPage(round)
}

function firstState(call: CalendarCall, calendar: StoredCalendar): DeltaState {
  refuseUntracked(call, ['$select', '$expand', '$filter', '$orderby', '$search', '$top', '$skip'], 'Events')
  return {
    folder: calendar.number,
    mailbox: call.calendars.key,
    generation: calendar.cursorGeneration,
    ids: call.preferences.ids,
    select: undefined,
    expand: undefined,
    filter: JSON.stringify(windowOf(call)),
    changeType: undefined,
    remaining: undefined,
    phase: 'initial',
    at: 0,
    since: call.calendars.sequence,
    page: 0,
    kind: 'skip',
  }
}

function initialPage(round: Round): Reply {
  const { call, calendar, state, window } = round
  const all = call.calendars.eventsOf(calendar).flatMap((event) => instancesIn(event, window))
  const end = state.at + deltaPageSize(call)
  const shown = all.slice(state.at, end).map((instance) => entry(round, instance))
  return pageReply(round, shown, end < all.length ? { at: end } : undefined)
}

function changesPage(round: Round): Reply {
  const { call, calendar, state } = round
  const later = calendar.history.filter(({ sequence }) => sequence > state.at)
  const page = later.slice(0, deltaPageSize(call))
  const shown = page.flatMap((change, index) =>
    later.slice(index + 1).some((next) => isSame(next, change)) ? [] : changed(round, change),
  )
  const last = page.at(-1)
  const more = page.length < later.length && last !== undefined
  return pageReply(round, shown, more ? { at: last.sequence } : undefined)
}

function isSame(one: CalendarChange, other: CalendarChange): boolean {
  return one.event === other.event && one.date === other.date && one.gone === other.gone
}

function changed(round: Round, change: CalendarChange): readonly object[] {
  const { event, date, gone } = change
  if (gone || event.isRemoved || event.calendar !== round.calendar) return [removed(round, change)]
  const inside = instancesIn(event, round.window).filter((each) => date === undefined || each.date === date)
  return inside.length > 0 ? inside.map((each) => entry(round, each)) : [removed(round, change)]
}

function entry(round: Round, instance: Instance): object {
  const shown = { '@odata.type': '#microsoft.graph.event', ...renderEvent(instance, round.view) }
  if (typeOf(instance) !== 'occurrence') return shown
  const kept = ['@odata.type', '@odata.etag', 'id', 'seriesMasterId', 'type', 'start', 'end']
  return Object.fromEntries(Object.entries(shown).filter(([name]) => kept.includes(name)))
}

/** A change of one day of a series names that day alone. */
function removed({ call }: Round, { event, date, moves }: CalendarChange): object {
  const series = call.calendars.eventId(event, call.preferences.ids, moves)
  const id = date === undefined ? series : instanceId(series, date)
  return { '@odata.type': '#microsoft.graph.event', id, '@removed': { reason: 'deleted' } }
}

function pageReply(round: Round, value: readonly object[], next: { readonly at: number } | undefined): Reply {
  const { call, state } = round
  const end = state.phase === 'initial' ? state.since : call.calendars.sequence
  const following: DeltaState =
    next === undefined
      ? { ...state, phase: 'changes', at: end, page: 0, kind: 'delta' }
      : { ...state, at: next.at, page: state.page + 1, kind: 'skip' }
  const json = {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#Collection(event)`,
    value,
    [next === undefined ? '@odata.deltaLink' : '@odata.nextLink']: deltaAddress(call, following),
  }
  return jsonReply(200, json, appliedPreferences(call.preferences, ['odata.track-changes']))
}
