import { badRequest } from '../../http/errors.ts'
import { optionalText, wordValue, wrongType } from '../../routes/message-values.ts'
import { isObject } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'

type Values = Readonly<Record<string, unknown>>
type Check = (value: unknown, before: unknown) => unknown

const statuses = ['disabled', 'alwaysEnabled', 'scheduled'] as const
const audiences = ['none', 'contactsOnly', 'all'] as const
const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
const meetingOptions = [
  'sendToDelegateAndInformationToPrincipal',
  'sendToDelegateAndPrincipal',
  'sendToDelegateOnly',
] as const

/** A few of each; what Exchange does not know it refuses. */
const zones: ReadonlySet<string> = new Set([
  'UTC',
  'W. Europe Standard Time',
  'Pacific Standard Time',
  'Tokyo Standard Time',
])
const languages: ReadonlyMap<string, string> = new Map([
  ['en-US', 'English (United States)'],
  ['de-DE', 'German (Germany)'],
  ['fr-FR', 'French (France)'],
])

const zone: Check = (value) => {
  if (typeof value === 'string' && zones.has(value)) return value
  throw badRequest('The time zone is not known.', 'ErrorInvalidTimeZone')
}

const language: Check = (value) => {
  const locale = isObject(value) ? value.locale : undefined
  const displayName = typeof locale === 'string' ? languages.get(locale) : undefined
  if (displayName === undefined) throw badRequest('The language is not known.', 'ErrorInvalidLanguage')
  return { locale, displayName }
}

const format: Check = (value) => {
  if (typeof value === 'string' && value !== '') return value
  throw wrongType('format', 'Edm.String')
}

/** What is not given keeps its value. Strict: nothing may be given that is not known. */
const replies: Check = (value, before) => {
  const given = objectOf(value, 'automaticRepliesSetting')
  const known = ['status', 'externalAudience', 'internalReplyMessage', 'externalReplyMessage', ...dates]
  refuseOthers(given, known)
  for (const name of dates) if (name in given) zonedTime(given[name], name)
  return {
    ...(before as Values),
    ...given,
    ...('status' in given ? { status: wordValue(given.status, statuses, 'status') } : {}),
    ...('externalAudience' in given
      ? { externalAudience: wordValue(given.externalAudience, audiences, 'externalAudience') }
      : {}),
  }
}

const dates = ['scheduledStartDateTime', 'scheduledEndDateTime']

function zonedTime(value: unknown, name: string): void {
  const given = objectOf(value, name)
  if (Number.isNaN(Date.parse(optionalText(given, 'dateTime') ?? ''))) throw wrongType(name, 'dateTimeTimeZone')
  zone(given.timeZone, undefined)
}

const hours: Check = (value, before) => {
  const given = objectOf(value, 'workingHours')
  refuseOthers(given, ['daysOfWeek', 'startTime', 'endTime', 'timeZone'])
  const { daysOfWeek, timeZone } = given
  if (Array.isArray(daysOfWeek)) for (const day of daysOfWeek) wordValue(day, days, 'daysOfWeek')
  if (isObject(timeZone) && timeZone['@odata.type'] !== '#microsoft.graph.customTimeZone')
    zone(timeZone.name, undefined)
  for (const name of ['startTime', 'endTime']) {
    if (name in given && !/^\d\d:\d\d:\d\d(\.\d+)?$/.test(optionalText(given, name) ?? '')) {
      throw wrongType(name, 'Edm.TimeOfDay')
    }
  }
  return { ...(before as Values), ...given }
}

function objectOf(value: unknown, name: string): JsonObject {
  if (isObject(value)) return value
  throw wrongType(name, name)
}

function refuseOthers(given: JsonObject, known: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name) && !name.includes('@'))
  if (unknown !== undefined) throw badRequest(`The property '${unknown}' does not exist.`, 'RequestBodyRead')
}

const checks: ReadonlyMap<string, Check> = new Map([
  ['timeZone', zone],
  ['language', language],
  ['dateFormat', format],
  ['timeFormat', format],
  ['automaticRepliesSetting', replies],
  ['workingHours', hours],
  [
    'delegateMeetingMessageDeliveryOptions',
    (value) => wordValue(value, meetingOptions, 'delegateMeetingMessageDeliveryOptions'),
  ],
])

/** The settings in a request's body, checked; `archiveFolder` and `userPurpose` are read-only. */
export function settingsInput(before: Values, body: JsonObject): Record<string, unknown> {
  const given: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(body)) {
    if (name.includes('@')) continue
    const check = checks.get(name)
    if (check === undefined) throw badRequest(`The property '${name}' cannot be set.`, 'ErrorInvalidRequest')
    given[name] = check(value, before[name])
  }
  return given
}
