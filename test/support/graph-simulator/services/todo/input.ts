import { badRequest, unknownProperty } from '../../http/errors.ts'
import {
  bodyValue,
  categoriesValue,
  importanceValue,
  listValue,
  optionalBoolean,
  optionalText,
  wordValue,
  wrongType,
} from '../../routes/message-values.ts'
import { isObject } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import type { StoredExtension, StoredLink, TaskProperties, TaskStatus, TodoDate } from './stored.ts'

const statuses: readonly TaskStatus[] = ['notStarted', 'inProgress', 'completed', 'waitingOnOthers', 'deferred']

/** Strict: what the service computes is refused, not passed over. https://learn.microsoft.com/graph/api/todotasklist-post-tasks */
const writable: ReadonlySet<string> = new Set([
  'title',
  'body',
  'categories',
  'importance',
  'status',
  'isReminderOn',
  'dueDateTime',
  'startDateTime',
  'reminderDateTime',
  'completedDateTime',
  'recurrence',
])

const taskType = 'microsoft.graph.todoTask'

/** The task properties in a request's body, checked; `also` are further names that the request may have. */
export function taskInput(body: JsonObject, also: readonly string[] = []): Partial<TaskProperties> {
  for (const name of Object.keys(body)) {
    if (name.includes('@') || writable.has(name) || also.includes(name)) continue
    if (/DateTime$|^id$|^hasAttachments$/.test(name))
      throw badRequest(`The property '${name}' is read-only.`, 'invalidRequest')
    throw unknownProperty(name, taskType)
  }
  const given: Record<string, unknown> = {}
  const set = (name: string, read: () => unknown): void => {
    if (name in body) given[name] = read()
  }
  set('title', () => optionalText(body, 'title') ?? '')
  set('body', () => bodyValue(body) ?? { content: '', contentType: 'text' })
  set('categories', () => categoriesValue(body) ?? [])
  set('importance', () => importanceValue(body) ?? 'normal')
  set('status', () => wordValue(body.status, statuses, 'status'))
  set('isReminderOn', () => optionalBoolean(body, 'isReminderOn') ?? false)
  for (const name of ['dueDateTime', 'startDateTime', 'reminderDateTime', 'completedDateTime'])
    set(name, () => dateValue(body, name))
  set('recurrence', () => recurrenceValue(body))
  return given
}

function dateValue(body: JsonObject, name: string): TodoDate | null {
  const value = body[name]
  if (value === null) return null
  if (!isObject(value)) throw wrongType(name, 'microsoft.graph.dateTimeTimeZone')
  const dateTime = optionalText(value, 'dateTime') ?? ''
  const timeZone = optionalText(value, 'timeZone') ?? ''
  const [, seconds, digits = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?$/.exec(dateTime) ?? []
  if (seconds === undefined || timeZone === '')
    throw badRequest(`The value of '${name}' is not valid.`, 'invalidRequest')
  return { dateTime: `${seconds}.${digits.padEnd(7, '0')}`, timeZone }
}

const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
const patterns = ['daily', 'weekly', 'absoluteMonthly', 'relativeMonthly', 'absoluteYearly', 'relativeYearly'] as const

/** What a pattern's kind needs. https://learn.microsoft.com/graph/api/resources/recurrencepattern */
const needs: Readonly<Record<(typeof patterns)[number], readonly string[]>> = {
  daily: [],
  weekly: ['daysOfWeek'],
  absoluteMonthly: ['dayOfMonth'],
  relativeMonthly: ['daysOfWeek'],
  absoluteYearly: ['dayOfMonth', 'month'],
  relativeYearly: ['daysOfWeek', 'month'],
}

function recurrenceValue(body: JsonObject): Readonly<Record<string, unknown>> | null {
  const { recurrence } = body
  if (recurrence === null) return null
  if (!isObject(recurrence)) throw wrongType('recurrence', 'microsoft.graph.patternedRecurrence')
  const { pattern, range } = recurrence
  if (!isObject(pattern) || !isObject(range))
    throw badRequest('A recurrence has a pattern and a range.', 'invalidRequest')
  const type = wordValue(pattern.type, patterns, 'type')
  const { interval } = pattern
  if (typeof interval !== 'number' || interval < 1)
    throw badRequest("The recurrence's interval is not valid.", 'invalidRequest')
  for (const name of needs[type])
    if (pattern[name] === undefined || pattern[name] === 0)
      throw badRequest(`A ${type} recurrence needs '${name}'.`, 'invalidRequest')
  const daysOfWeek = (listValue(pattern, 'daysOfWeek') ?? []).map((day) => wordValue(day, days, 'daysOfWeek'))
  return {
    pattern: {
      type,
      interval,
      month: pattern.month ?? 0,
      dayOfMonth: pattern.dayOfMonth ?? 0,
      daysOfWeek,
      firstDayOfWeek: pattern.firstDayOfWeek ?? 'sunday',
      index: pattern.index ?? 'first',
    },
    range: rangeValue(range),
  }
}

function rangeValue(range: JsonObject): Readonly<Record<string, unknown>> {
  const type = wordValue(range.type, ['endDate', 'noEnd', 'numbered'] as const, 'type')
  if (!isDay(range.startDate)) throw badRequest("The recurrence's startDate is not valid.", 'invalidRequest')
  if (type === 'endDate' && !isDay(range.endDate))
    throw badRequest("The recurrence's endDate is missing.", 'invalidRequest')
  if (type === 'numbered' && !(Number(range.numberOfOccurrences) > 0))
    throw badRequest("The recurrence's numberOfOccurrences is missing.", 'invalidRequest')
  return {
    type,
    startDate: range.startDate,
    endDate: range.endDate ?? '0001-01-01',
    recurrenceTimeZone: range.recurrenceTimeZone ?? 'UTC',
    numberOfOccurrences: range.numberOfOccurrences ?? 0,
  }
}

function isDay(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)
}

/** https://learn.microsoft.com/graph/api/resources/linkedresource */
export function linkInput(value: unknown): Omit<StoredLink, 'id'> {
  if (!isObject(value)) throw wrongType('linkedResources', 'microsoft.graph.linkedResource')
  const known = new Set(['webUrl', 'applicationName', 'displayName', 'externalId'])
  for (const name of Object.keys(value))
    if (!known.has(name) && !name.includes('@')) throw unknownProperty(name, 'microsoft.graph.linkedResource')
  return {
    webUrl: optionalText(value, 'webUrl') ?? null,
    applicationName: optionalText(value, 'applicationName') ?? null,
    displayName: optionalText(value, 'displayName') ?? null,
    externalId: optionalText(value, 'externalId') ?? null,
  }
}

/** https://learn.microsoft.com/graph/api/opentypeextension-post-opentypeextension: type and name, primitive values. */
export function extensionInput(value: unknown): StoredExtension {
  if (!isObject(value)) throw wrongType('extensions', 'microsoft.graph.extension')
  if (!/^#?microsoft\.graph\.openTypeExtension$/i.test(optionalText(value, '@odata.type') ?? ''))
    throw badRequest('The @odata.type of an extension must be microsoft.graph.openTypeExtension.', 'invalidRequest')
  const name = optionalText(value, 'extensionName') ?? ''
  if (name === '') throw badRequest("The required property 'extensionName' is missing.", 'invalidRequest')
  const values = Object.entries(value).filter(([key]) => !key.includes('@') && key !== 'extensionName' && key !== 'id')
  if (!values.every(([, entry]) => isPrimitive(entry) || (Array.isArray(entry) && entry.every(isPrimitive))))
    throw badRequest('The data of an extension must be primitive.', 'invalidRequest')
  return { name, values: Object.fromEntries(values) }
}

function isPrimitive(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}
