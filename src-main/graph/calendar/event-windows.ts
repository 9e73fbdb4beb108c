import type { JsonObject } from '../../engine/model/json.ts'
import { list, text } from '../item/fields.ts'
import { parsed } from './own-json.ts'

const dayMs = 24 * 60 * 60_000

/** A calendar view may span 1825 days. */
const spanMs = 1_820 * dayMs

/** Where the windows begin, and how far ahead of now they go. */
const firstDay = Date.UTC(1990, 0, 1)
const aheadMs = 10 * 365 * dayMs

/** Appointments are made up to this long ahead, mostly: windows that begin by then are always looked into. */
const nearMs = 365 * dayMs

/** How long a window without events is taken to be without events. */
const trustMs = 7 * dayMs

/** Which windows had events. */
export interface WindowState {
  /** When all windows were looked into, ISO 8601. */
  readonly looked: string
  /** Numbers of windows with events, from the first one. */
  readonly full: readonly number[]
}

/** All windows: as wide as Graph takes them, from 1990 until ten years from now. Numbers. */
function allWindows(now: number): readonly number[] {
  const count = Math.ceil((now + aheadMs - firstDay) / spanMs)
  return Array.from({ length: Math.max(count, 1) }, (_, number) => number)
}

/** The windows to look into: those that had events, and those where events appear; all of them once a week. */
export function windowsToAsk(state: WindowState | undefined, now: number): readonly number[] {
  const all = allWindows(now)
  if (state === undefined || now - Date.parse(state.looked) > trustMs) return all
  return all.filter((number) => state.full.includes(number) || isNear(number, now))
}

function isNear(number: number, now: number): boolean {
  const start = firstDay + number * spanMs
  return start <= now + nearMs && start + spanMs > now
}

/** What is known after these windows were looked into. */
export function nextState(
  before: WindowState | undefined,
  asked: readonly number[],
  full: readonly number[],
  now: number,
): WindowState {
  const isAll = asked.length === allWindows(now).length
  return { looked: isAll ? new Date(now).toISOString() : (before?.looked ?? new Date(0).toISOString()), full }
}

export function windowQuery(number: number): Readonly<Record<'startDateTime' | 'endDateTime', string>> {
  const start = firstDay + number * spanMs
  return { startDateTime: new Date(start).toISOString(), endDateTime: new Date(start + spanMs).toISOString() }
}

export function writeState({ looked, full }: WindowState): string {
  return JSON.stringify({ v: 1, looked, full })
}

/** Undefined for what another version wrote: then all windows are looked into. */
export function readState(cursor: string | undefined): WindowState | undefined {
  const value: JsonObject = parsed(cursor ?? '')
  const [looked, full] = [text(value, 'looked'), list(value, 'full')]
  if (value.v !== 1 || looked === undefined || full === undefined) return undefined
  return { looked, full: full.filter((number) => typeof number === 'number') }
}
