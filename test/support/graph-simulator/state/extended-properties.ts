import { badRequest } from '../http/errors.ts'
import type { InternetHeader } from './types.ts'
import { dateTime, sentAtOf } from './info.ts'
import type { StoredMessage } from './stored.ts'

/** MAPI properties that mean something to the store itself, by normalized id. */
export const messageFlagsProperty = 'Integer 0xe07'
export const clientSubmitTimeProperty = 'SystemTime 0x39'
export const messageDeliveryTimeProperty = 'SystemTime 0xe06'
const transportHeadersProperty = 'String 0x7d'

export const messageFlagRead = 0x1
export const messageFlagUnsent = 0x8

const types =
  'ApplicationTime|Binary|Boolean|CLSID|Currency|Double|Error|Float|Integer|Long|Short|String|SystemTime|' +
  'ApplicationTimeArray|BinaryArray|CLSIDArray|CurrencyArray|DoubleArray|FloatArray|IntegerArray|LongArray|ShortArray|StringArray|SystemTimeArray'
const tagForm = new RegExp(`^(${types})\\s+0x([0-9a-f]{1,8})$`, 'i')
const namedForm = new RegExp(`^(${types})\\s+(\\{[0-9a-f-]{36}\\})\\s+(Name|Id)\\s+(.+)$`, 'i')

/**
 * The form in which Graph gives a property id back: hexadecimal tags in lower case without leading zeros.
 * Source: https://learn.microsoft.com/graph/api/resources/extended-properties-overview
 */
export function normalizePropertyId(id: string): string {
  const tag = tagForm.exec(id.trim())
  if (tag !== null) return `${typeName(tag[1] ?? '')} 0x${parseInt(tag[2] ?? '', 16).toString(16)}`
  const named = namedForm.exec(id.trim())
  if (named === null) throw badRequest(`The property id '${id}' is not valid.`, 'ErrorInvalidProperty')
  const [, type = '', set = '', form = '', name = ''] = named
  const isId = form.toLowerCase() === 'id'
  return `${typeName(type)} ${set.toLowerCase()} ${isId ? 'Id' : 'Name'} ${isId ? `0x${Number(name).toString(16)}` : name}`
}

function typeName(text: string): string {
  return types.split('|').find((name) => name.toLowerCase() === text.toLowerCase()) ?? text
}

/** The value of a property: kept as given, or derived from the message as Exchange does. */
export function singleValueOf(message: StoredMessage, id: string): string | undefined {
  const kept = message.extra?.singleValue?.get(id)
  if (id === messageFlagsProperty) return String(messageFlags(message))
  if (kept !== undefined) return kept
  switch (id) {
    case clientSubmitTimeProperty:
      return dateTime(sentAtOf(message))
    case messageDeliveryTimeProperty:
      return dateTime(message.receivedAt)
    case transportHeadersProperty:
      return message.isDraft ? undefined : headerText(message.source.headers(message.seed))
    case 'String 0x1035':
      return message.summary.internetMessageId
    case 'String 0x1a':
      return 'IPM.Note'
    case 'String 0x37':
      return message.summary.subject
    default:
      return undefined
  }
}

function messageFlags(message: StoredMessage): number {
  const hasAttachments = message.summary.hasAttachments ? 0x10 : 0
  return (message.isRead ? messageFlagRead : 0) | (message.isDraft ? messageFlagUnsent : 0) | hasAttachments
}

function headerText(headers: readonly InternetHeader[]): string | undefined {
  if (headers.length === 0) return undefined
  return headers.map(({ name, value }) => `${name}: ${value}\r\n`).join('')
}
