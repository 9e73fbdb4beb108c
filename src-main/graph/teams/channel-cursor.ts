import { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { filledText, isObject, text, time } from '../item/fields.ts'
import { parsed } from '../messages/parsed-json.ts'

const day = 86_400_000

/** A channel is listed whole again after so many days, each after another number of them within these. */
const wholeAfter = { least: 60, spread: 60 }

/** How far a channel has been read. Times in milliseconds since 1970. */
export interface ChannelCursor {
  readonly v: 1
  /** Every change up to this time, by Graph's clock, was told; undefined if there was nothing to go by. */
  readonly upTo: number | undefined
  /** When the round began, by the clock of this machine: only differences are made of it. */
  readonly began: number
  /** When it was listed whole last, by the same clock. */
  readonly wholeAt: number
  /** What tells that something was imported: see `importsOf`. */
  readonly imports: string
  /** Nothing was there: it is listed whole, and nothing can have gone. */
  readonly empty?: true
  /** In the middle of a round: Graph's next link, and whether it is one of everything. */
  readonly link?: string
  readonly whole?: true
}

/**
 * Messages that are imported in migration mode keep their old times, so that no listing of changes tells of them. But the
 * channel shows that it was in that mode. https://learn.microsoft.com/graph/api/channel-startmigration
 */
function importsOf(channel: JsonObject): string {
  return ['migrationMode', 'originalCreatedDateTime', 'createdDateTime'].map((name) => text(channel, name)).join(' ')
}

function isImporting(channel: JsonObject): boolean {
  return text(channel, 'migrationMode')?.toLowerCase() === 'inprogress'
}

/**
 * Whether changes since the cursor can be asked for. Graph tells them of the last eight months, not those of messages that
 * a retention policy removed, and not imports.
 */
export function isCurrent(cursor: ChannelCursor, id: string, channel: JsonObject, now: number): boolean {
  if (cursor.upTo === undefined || cursor.imports !== importsOf(channel) || isImporting(channel)) return false
  const age = now - cursor.wholeAt
  return age >= -day && age < (wholeAfter.least + (spreadOf(id) % wholeAfter.spread)) * day
}

/** Some number that an id has for good, so that not all channels are listed whole on one day. */
function spreadOf(id: string): number {
  let sum = 0
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521
  return sum
}

export function beginning(channel: JsonObject, now: number): ChannelCursor {
  return { v: 1, upTo: undefined, began: now, wholeAt: now, imports: importsOf(channel), whole: true }
}

/**
 * The cursor after a page that was read at `now`. A message with a certain time of change was seen at that time of Graph's
 * clock or later, so the round began at that time or later, less what has passed since.
 */
export function advanced(cursor: ChannelCursor, messages: readonly JsonObject[], now: number): ChannelCursor {
  const passed = Math.max(0, now - cursor.began)
  const seen = messages.flatMap(changeTimes).map((at) => at - passed)
  const upTo = Math.max(cursor.upTo ?? -Infinity, ...seen)
  return { ...cursor, upTo: Number.isFinite(upTo) ? upTo : undefined }
}

function changeTimes(message: JsonObject): number[] {
  const own = time(message, 'lastModifiedDateTime') ?? time(message, 'createdDateTime')
  const replies = Array.isArray(message.replies) ? message.replies.filter(isObject).flatMap(changeTimes) : []
  return own === undefined ? replies : [own, ...replies]
}

export function writeCursor(cursor: ChannelCursor): string {
  return JSON.stringify(cursor)
}

/** Rejects what it cannot read with graph.cursor-lost. */
export function readCursor(value: string): ChannelCursor {
  const cursor = parsed(value)
  if (!isObject(cursor) || cursor.v !== 1) throw lost('unreadable-cursor')
  const { upTo, began, wholeAt, whole, empty } = cursor
  if (typeof began !== 'number' || typeof wholeAt !== 'number') throw lost('unreadable-cursor')
  const link = filledText(cursor, 'link')
  return {
    v: 1,
    upTo: typeof upTo === 'number' ? upTo : undefined,
    began,
    wholeAt,
    imports: text(cursor, 'imports') ?? '',
    ...(empty === true ? { empty } : {}),
    ...(whole === true ? { whole } : {}),
    ...(link === undefined ? {} : { link }),
  }
}

export function lost(reason: string, cause?: unknown): EngineError {
  return new EngineError('graph.cursor-lost', { context: { reason }, cause })
}
