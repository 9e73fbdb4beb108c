import { badRequest, GraphError } from '../http/errors.ts'
import type {
  DateTimeTimeZone,
  FlagStatus,
  FollowupFlag,
  Importance,
  InternetHeader,
  ItemBody,
  MailAddress,
} from '../state/types.ts'
import { isObject, property } from './request-json.ts'
import type { JsonObject } from './request-json.ts'

/** Readers for the values inside a message's JSON. What does not fit the type is a 400, as Graph's deserializer gives it. */

export const wrongType = (name: string, type: string): GraphError =>
  badRequest(`Cannot convert the value of property '${name}' to type '${type}'.`, 'RequestBodyRead')

export function optionalText(body: JsonObject, name: string): string | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw wrongType(name, 'Edm.String')
  return value
}

export function optionalBoolean(body: JsonObject, name: string): boolean | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'boolean') throw wrongType(name, 'Edm.Boolean')
  return value
}

export function listValue(body: JsonObject, name: string): readonly unknown[] | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value)) throw wrongType(name, 'Collection')
  return value as readonly unknown[]
}

/** One of some words, whatever their case: schema and examples differ in it. */
export function wordValue<T extends string>(value: unknown, words: readonly T[], name: string): T {
  const found = words.find((word) => typeof value === 'string' && word.toLowerCase() === value.toLowerCase())
  if (found === undefined) throw wrongType(name, words.join(' | '))
  return found
}

const importances: readonly Importance[] = ['low', 'normal', 'high']

export function importanceValue(body: JsonObject): Importance | undefined {
  const { importance } = body
  return importance === undefined || importance === null ? undefined : wordValue(importance, importances, 'importance')
}

export function bodyValue(body: JsonObject): ItemBody | undefined {
  const value = body.body
  if (value === undefined || value === null) return undefined
  if (!isObject(value)) throw wrongType('body', 'microsoft.graph.itemBody')
  const content = optionalText(value, 'content') ?? ''
  const { contentType = 'text' } = value
  return { content, contentType: wordValue(contentType, ['text', 'html'], 'contentType') }
}

export function recipientsValue(body: JsonObject, name: string): readonly MailAddress[] | undefined {
  return listValue(body, name)?.map((entry) => recipientOf(entry, name))
}

export function recipientValue(body: JsonObject, name: string): MailAddress | undefined {
  const value = body[name]
  return value === undefined || value === null ? undefined : recipientOf(value, name)
}

function recipientOf(value: unknown, name: string): MailAddress {
  const emailAddress = isObject(value) ? value.emailAddress : undefined
  if (!isObject(emailAddress)) throw wrongType(name, 'microsoft.graph.recipient')
  const address = optionalText(emailAddress, 'address') ?? ''
  return { address, name: optionalText(emailAddress, 'name') ?? address }
}

/** Addresses in Reply-To must be real ones already when the message is created. */
export function replyToValue(body: JsonObject): readonly MailAddress[] | undefined {
  const people = recipientsValue(body, 'replyTo')
  if (people?.every((person) => /^[^\s@<>,;]+@[^\s@<>,;]+$/.test(person.address)) ?? true) return people
  throw badRequest('At least one recipient is not valid.', 'ErrorInvalidRecipients')
}

export function categoriesValue(body: JsonObject): readonly string[] | undefined {
  const list = listValue(body, 'categories')
  if (list === undefined) return undefined
  if (list.every((name): name is string => typeof name === 'string')) return list
  throw wrongType('categories', 'Collection(Edm.String)')
}

const flagStatuses: readonly FlagStatus[] = ['notFlagged', 'flagged', 'complete']

export function flagValue(body: JsonObject): FollowupFlag | undefined {
  const { flag } = body
  if (flag === undefined || flag === null) return undefined
  if (!isObject(flag)) throw wrongType('flag', 'microsoft.graph.followupFlag')
  const flagStatus = wordValue(flag.flagStatus ?? 'notFlagged', flagStatuses, 'flagStatus')
  const startDateTime = zonedTime(flag, 'startDateTime')
  const dueDateTime = zonedTime(flag, 'dueDateTime')
  const completedDateTime = zonedTime(flag, 'completedDateTime')
  if (dueDateTime !== undefined && startDateTime === undefined) {
    throw badRequest('A start date is required when a due date is set.', 'ErrorInvalidProperty')
  }
  return {
    flagStatus,
    ...(startDateTime === undefined ? {} : { startDateTime }),
    ...(dueDateTime === undefined ? {} : { dueDateTime }),
    ...(completedDateTime === undefined ? {} : { completedDateTime }),
  }
}

function zonedTime(flag: JsonObject, name: string): DateTimeTimeZone | undefined {
  const value = flag[name]
  if (value === undefined || value === null) return undefined
  const dateTime = isObject(value) ? value.dateTime : undefined
  const timeZone = isObject(value) ? (value.timeZone ?? 'UTC') : undefined
  if (typeof dateTime !== 'string' || Number.isNaN(Date.parse(dateTime)) || typeof timeZone !== 'string') {
    throw wrongType(name, 'microsoft.graph.dateTimeTimeZone')
  }
  return { dateTime, timeZone }
}

const mostHeaders = 5

/** Custom headers of a create. Source: https://learn.microsoft.com/graph/api/resources/message (internetMessageHeaders) */
export function headersValue(body: JsonObject): readonly InternetHeader[] | undefined {
  const list = listValue(body, 'internetMessageHeaders')
  if (list === undefined) return undefined
  if (list.length > mostHeaders) {
    throw badRequest('Maximum number of headers in one message should be 5.', 'InvalidInternetMessageHeaderCollection')
  }
  return list.map((entry) => {
    if (!isObject(entry)) throw wrongType('internetMessageHeaders', 'microsoft.graph.internetMessageHeader')
    const name = optionalText(entry, 'name') ?? ''
    if (!/^x-./i.test(name)) {
      throw badRequest(
        `The internet message header name '${name}' should start with 'x-' or 'X-'.`,
        'InvalidInternetMessageHeader',
      )
    }
    return { name, value: optionalText(entry, 'value') ?? '' }
  })
}

/** A property of an attachment item or the like, as text, whatever the case of its name. */
export function textProperty(body: JsonObject, name: string): string | undefined {
  const value = property(body, name)
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw wrongType(name, 'Edm.String')
  return value
}
