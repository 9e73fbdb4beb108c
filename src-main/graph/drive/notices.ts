import type { JsonObject } from '../../engine/model/json.ts'
import { list } from '../item/fields.ts'

/** What is remarkable about a stored item without being a failure. */
export type Notice =
  /** The content was not what its size and hash say, and Graph says that nobody changed it: it rewrites some files. */
  | 'content-differs'
  /** Graph does not tell who may see it. */
  | 'permissions-unread'
  /** Graph does not tell its earlier versions. */
  | 'versions-unread'
  /** A notebook: what is in it cannot be asked for as a file. */
  | 'package'
  /** A shortcut to something in another drive, which is not followed. */
  | 'shortcut'

export const noticesName = 'o365:Notices'

export function noticesOf(properties: JsonObject): readonly string[] {
  return (list(properties, noticesName) ?? []).filter((notice) => typeof notice === 'string')
}

export function withNotice(properties: JsonObject, notice: Notice): JsonObject {
  return { ...properties, [noticesName]: [...new Set([...noticesOf(properties), notice])] }
}
