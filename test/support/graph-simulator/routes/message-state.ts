import { badRequest } from '../http/errors.ts'
import type { MessageExtra } from '../state/stored.ts'
import { multiValueInput, singleValueInput } from './extended-input.ts'
import { categoriesValue, flagValue, importanceValue, optionalBoolean, wordValue } from './message-values.ts'
import type { JsonObject } from './request-json.ts'

/** May be set on create and while the message is a draft. Source: https://learn.microsoft.com/graph/api/message-update */
export const draftProperties = [
  'subject',
  'body',
  'from',
  'sender',
  'toRecipients',
  'ccRecipients',
  'bccRecipients',
  'replyTo',
  'internetMessageId',
] as const

const alwaysWritable = [
  'categories',
  'flag',
  'importance',
  'inferenceClassification',
  'isDeliveryReceiptRequested',
  'isRead',
  'isReadReceiptRequested',
  'singleValueExtendedProperties',
  'multiValueExtendedProperties',
]

/** Accepted and without effect: the service sets them. */
const readOnly = [
  'id',
  'attachments',
  'bodyPreview',
  'changeKey',
  'conversationId',
  'conversationIndex',
  'createdDateTime',
  'extensions',
  'hasAttachments',
  'internetMessageHeaders',
  'isDraft',
  'lastModifiedDateTime',
  'parentFolderId',
  'receivedDateTime',
  'sentDateTime',
  'uniqueBody',
  'webLink',
]

export const knownProperties: ReadonlySet<string> = new Set([...draftProperties, ...alwaysWritable, ...readOnly])

export function refuseUnknownProperties(body: JsonObject): void {
  const unknown = Object.keys(body).find((name) => !knownProperties.has(name) && !name.includes('@'))
  if (unknown === undefined) return
  throw badRequest(
    `The property '${unknown}' does not exist on type 'microsoft.graph.message'. Make sure to only use property names that are defined by the type or mark the type as open type.`,
    'RequestBodyRead',
  )
}

/** Properties that live beside the content. */
export function stateOf(body: JsonObject): MessageExtra {
  const categories = categoriesValue(body)
  const flag = flagValue(body)
  const importance = importanceValue(body)
  const { inferenceClassification: focus } = body
  const deliveryReceipt = optionalBoolean(body, 'isDeliveryReceiptRequested')
  const readReceipt = optionalBoolean(body, 'isReadReceiptRequested')
  const single = singleValueInput(body)
  const multiple = multiValueInput(body)
  return {
    ...(categories === undefined ? {} : { categories }),
    ...(flag === undefined ? {} : { flag }),
    ...(importance === undefined ? {} : { importance }),
    ...(focus === undefined || focus === null
      ? {}
      : { inferenceClassification: wordValue(focus, ['focused', 'other'], 'inferenceClassification') }),
    ...(deliveryReceipt === undefined ? {} : { isDeliveryReceiptRequested: deliveryReceipt }),
    ...(readReceipt === undefined ? {} : { isReadReceiptRequested: readReceipt }),
    ...(single.size === 0 ? {} : { singleValue: new Map(single) }),
    ...(multiple.size === 0 ? {} : { multiValue: new Map(multiple) }),
  }
}
