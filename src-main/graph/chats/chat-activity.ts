import { createHash } from 'node:crypto'
import type { JsonObject } from '../../engine/model/json.ts'
import { isObject, record } from '../item/fields.ts'
import { parsed } from '../messages/parsed-json.ts'

/**
 * What the list of chats tells of a chat's life: short, and another one as soon as there is a new message, the last
 * one was changed or deleted, or the chat was renamed or got other members.
 */
export function activityOf(chat: JsonObject): string {
  const preview = record(chat, 'lastMessagePreview') ?? {}
  const told = [chat.lastUpdatedDateTime, preview.id, preview.createdDateTime, preview.isDeleted, preview.body]
  return createHash('sha256').update(JSON.stringify(told)).digest('base64url').slice(0, 12)
}

/** Activities as the last listing saw them, by chat id; kept in its cursor. */
export type Activities = ReadonlyMap<string, string>

export function writeActivities(activities: Activities): string {
  return JSON.stringify({ v: 1, chats: Object.fromEntries(activities) })
}

export function readActivities(cursor: string | undefined): Activities {
  const value = parsed(cursor ?? '')
  const chats = isObject(value) && value.v === 1 ? (record(value, 'chats') ?? {}) : {}
  return new Map(Object.entries(chats).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
