import type { JsonObject } from '../../engine/model/json.ts'
import { list } from '../item/fields.ts'

/** What is remarkable about a list or an item without being a failure. */
export type Notice =
  /** SharePoint or an app made the list for itself; it is not read. */
  | 'list-generated'
  /** Files are attached that only SharePoint's own endpoint has, and this sign-in gets no token for it. */
  | 'attachments-need-sharepoint'

const noticesName = 'o365:Notices'

export function noticesOf(properties: JsonObject): readonly string[] {
  return (list(properties, noticesName) ?? []).filter((notice) => typeof notice === 'string')
}

export function withNotice(properties: JsonObject, notice: Notice): JsonObject {
  return { ...properties, [noticesName]: [...new Set([...noticesOf(properties), notice])] }
}

export function hasNotice(properties: JsonObject, notice: Notice): boolean {
  return noticesOf(properties).includes(notice)
}
