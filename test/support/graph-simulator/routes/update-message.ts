import type { ComposedMessage } from '../mime/composed-source.ts'
import { composedFrom } from '../mime/edit.ts'
import { badRequest } from '../http/errors.ts'
import type { Reply } from '../http/exchange.ts'
import {
  clientSubmitTimeProperty,
  messageDeliveryTimeProperty,
  messageFlagsProperty,
} from '../state/extended-properties.ts'
import type { MessageExtra, StoredMessage } from '../state/stored.ts'
import type { MailboxCall } from './context.ts'
import { messageReply } from './message-reply.ts'
import { draftProperties, knownProperties, refuseUnknownProperties, stateOf } from './message-state.ts'
import {
  bodyValue,
  optionalBoolean,
  optionalText,
  recipientsValue,
  recipientValue,
  replyToValue,
} from './message-values.ts'
import { jsonObject } from './request-json.ts'
import type { JsonObject } from './request-json.ts'
import { messageOf } from './require-mailbox.ts'

/** PATCH messages/{id} */
export function updateMessage(call: MailboxCall): Reply {
  const message = messageOf(call)
  const body = jsonObject(call.request)
  refuseUnknownProperties(body)
  refuseSentProperties(message, body)
  const now = Math.floor(call.now / 1000)
  const changes = contentChanges(body)
  const isRead = optionalBoolean(body, 'isRead')
  const others = Object.keys(body).filter((name) => name !== 'isRead' && name !== 'flag' && knownProperties.has(name))
  // Parsed before anything is changed, so that a refused request leaves no half of itself behind.
  const state = stateOf(body)
  if (others.length > 0 || state.flag !== undefined) {
    call.mailbox.change(message, others.length > 0 ? 'changed' : 'flag', now, () => {
      if (Object.keys(changes).length > 0) changeContent(message, changes)
      mergeState(message, state)
    })
  }
  if (isRead !== undefined) call.mailbox.setRead(message, isRead, now)
  return messageReply(call, 200, message)
}

function refuseSentProperties(message: StoredMessage, body: JsonObject): void {
  if (message.isDraft) return
  const refused = draftProperties.find((name) => name in body)
  if (refused === undefined) return
  throw badRequest(
    `Update operation is invalid for property '${refused}' on a sent message.`,
    'ErrorInvalidPropertyUpdateSentMessage',
  )
}

function contentChanges(body: JsonObject): Partial<ComposedMessage> {
  const itemBody = bodyValue(body)
  const internetMessageId = optionalText(body, 'internetMessageId')
  const lists = {
    to: recipientsValue(body, 'toRecipients'),
    cc: recipientsValue(body, 'ccRecipients'),
    bcc: recipientsValue(body, 'bccRecipients'),
    replyTo: replyToValue(body),
  }
  const changes: Partial<ComposedMessage> = {
    ...('subject' in body ? { subject: optionalText(body, 'subject') } : {}),
    ...('from' in body ? { from: recipientValue(body, 'from') } : {}),
    ...('sender' in body ? { sender: recipientValue(body, 'sender') } : {}),
    ...(itemBody === undefined ? {} : { body: itemBody }),
    ...(internetMessageId === undefined ? {} : { internetMessageId }),
  }
  for (const [name, value] of Object.entries(lists)) if (value !== undefined) Object.assign(changes, { [name]: value })
  return changes
}

function changeContent(message: StoredMessage, changes: Partial<ComposedMessage>): void {
  const source = composedFrom(message)
  source.update(changes)
  message.source = source
  message.seed = 0
}

/** The dates and the unsent flag of a stored message cannot be changed any more; Graph ignores the attempt. */
const fixedProperties = [messageFlagsProperty, clientSubmitTimeProperty, messageDeliveryTimeProperty]

function mergeState(message: StoredMessage, state: MessageExtra): void {
  const single = new Map(state.singleValue)
  for (const id of fixedProperties) single.delete(id)
  const before = message.extra ?? {}
  message.extra = {
    ...before,
    ...state,
    ...(single.size > 0 || before.singleValue !== undefined
      ? { singleValue: new Map([...(before.singleValue ?? []), ...single]) }
      : {}),
    ...(state.multiValue === undefined
      ? {}
      : { multiValue: new Map([...(before.multiValue ?? []), ...state.multiValue]) }),
  }
  if (message.extra.singleValue?.size === 0) delete message.extra.singleValue
}
