import type { JsonObject, JsonValue } from '../../engine/model/json.ts'

/**
 * Every property of a message worth keeping beside its MIME, in the order in which they are stored. Not `body` (it is
 * in the MIME), not `webLink` (leads nowhere once the message is gone), not `internetMessageHeaders` (in the MIME).
 * https://learn.microsoft.com/graph/api/resources/message
 */
export const messageProperties = [
  'subject',
  'bodyPreview',
  'from',
  'sender',
  'toRecipients',
  'ccRecipients',
  'bccRecipients',
  'replyTo',
  'internetMessageId',
  'receivedDateTime',
  'sentDateTime',
  'createdDateTime',
  'lastModifiedDateTime',
  'changeKey',
  'categories',
  'importance',
  'isRead',
  'isDraft',
  'flag',
  'hasAttachments',
  'conversationId',
  'conversationIndex',
  'inferenceClassification',
  'isReadReceiptRequested',
  'isDeliveryReceiptRequested',
  'parentFolderId',
] as const

/**
 * Same `$select` in every request: a delta entry shows a change of `isRead` only if it is selected, and an item that
 * is read alone must come out as it would in a delta.
 */
export const messageSelect = messageProperties.join(',')

const order = new Map<string, number>(['@odata.type', 'id', ...messageProperties].map((name, index) => [name, index]))

/** Said of every message of a delta, and of none that is asked for alone. */
const plainType = '#microsoft.graph.message'

/**
 * What is stored of a message as Graph gave it: without the annotations of the transport, in a fixed order, so that
 * an unchanged message gives the same bytes again. `@odata.type` stays where it tells meeting requests from messages.
 */
export function storedProperties(message: JsonObject): JsonObject {
  const kept = Object.entries(message).filter(([name, value]) =>
    name === '@odata.type' ? value !== plainType : !name.includes('@'),
  )
  kept.sort(([one], [other]) => position(one) - position(other) || compare(one, other))
  return Object.fromEntries<JsonValue>(kept)
}

/**
 * A delta entry for a message that only changed may carry the changed properties alone. A full entry always has its
 * creation time, and that one never changes.
 */
export function isPartial(message: JsonObject): boolean {
  return !('createdDateTime' in message)
}

function position(name: string): number {
  return order.get(name) ?? order.size
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}
