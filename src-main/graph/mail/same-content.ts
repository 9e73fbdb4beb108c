import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '../../engine/model/json.ts'
import { text } from '../item/fields.ts'
import { messageProperties } from './message-properties.ts'
import { propertiesOf } from '../item/metadata.ts'

/**
 * Properties that Exchange keeps beside the MIME: setting one of them leaves every byte of it alone. Importance is not
 * among them, since it is also a header that Exchange may write anew.
 */
const outside: ReadonlySet<string> = new Set([
  'isRead',
  'flag',
  'categories',
  'parentFolderId',
  'inferenceClassification',
  'conversationId',
  'conversationIndex',
])

/** They change with every write, whatever was written, and so explain nothing. */
const stamps: ReadonlySet<string> = new Set(['changeKey', 'lastModifiedDateTime'])

const inside = messageProperties.filter((name) => !outside.has(name) && !stamps.has(name))

/**
 * Whether the MIME that was read for `before` is that of `after` (stored metadata objects).
 *
 * Reading a message or flagging it gives it a new change key, and so does editing its text; the change key alone does
 * not tell which. The MIME counts as unchanged only if every property that is made from it is equal and there is a
 * harmless difference that accounts for the new change key. A new change key without one means that something changed
 * that the properties do not show (the text beyond the preview, an attachment): the content is read again. Drafts are
 * meant to be edited, so for them it always is.
 */
export function sameContent(before: JsonObject, after: JsonObject): boolean {
  const [old, now] = [propertiesOf(before), propertiesOf(after)]
  if (old.isDraft !== false || now.isDraft !== false) return false
  if (text(old, 'changeKey') === undefined || text(now, 'changeKey') === undefined) return false
  if (inside.some((name) => !equal(old, now, name))) return false
  return equal(old, now, 'changeKey') || [...outside].some((name) => !equal(old, now, name))
}

function equal(one: JsonObject, other: JsonObject, name: string): boolean {
  return isDeepStrictEqual(one[name] ?? null, other[name] ?? null)
}
