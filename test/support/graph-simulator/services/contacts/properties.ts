import { badRequest } from '../../http/errors.ts'
import { propertyNames } from '../../odata/query.ts'
import { categoriesValue, listValue, optionalText, wrongType } from '../../routes/message-values.ts'
import { isObject } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'

/** Properties of a contact by kind. Source: https://learn.microsoft.com/graph/api/resources/contact */
const textNames = [
  'assistantName',
  'businessHomePage',
  'companyName',
  'department',
  'displayName',
  'fileAs',
  'generation',
  'givenName',
  'initials',
  'jobTitle',
  'manager',
  'middleName',
  'mobilePhone',
  'nickName',
  'officeLocation',
  'personalNotes',
  'profession',
  'spouseName',
  'surname',
  'title',
  'yomiCompanyName',
  'yomiGivenName',
  'yomiSurname',
] as const
const listNames = ['businessPhones', 'children', 'homePhones', 'imAddresses'] as const
const addressNames = ['businessAddress', 'homeAddress', 'otherAddress'] as const
const addressParts: ReadonlySet<string> = new Set(['city', 'countryOrRegion', 'postalCode', 'state', 'street'])
const slotNames = ['primaryEmailAddress', 'secondaryEmailAddress', 'tertiaryEmailAddress'] as const
const readOnlyNames = ['id', 'parentFolderId', 'createdDateTime', 'lastModifiedDateTime', 'changeKey'] as const

export const contactType = 'microsoft.graph.contact'
export const contactProperties = propertyNames([
  ...readOnlyNames,
  'categories',
  'birthday',
  'emailAddresses',
  ...textNames,
  ...listNames,
  ...addressNames,
  ...slotNames,
])

const writable: ReadonlySet<string> = new Set([
  'categories',
  'birthday',
  'emailAddresses',
  'singleValueExtendedProperties',
  // Documented in the example of creating a contact; where it is made is said by the address alone.
  'parentFolderId',
  ...textNames,
  ...listNames,
  ...addressNames,
])

/** Exchange has three places for e-mail addresses of a contact. Strict: a fourth is refused, not dropped. */
const mostAddresses = 3

/** The properties in a request's body, checked. What it does not name stays as it is. */
export function contactInput(body: JsonObject): Record<string, unknown> {
  const unknown = Object.keys(body).find((name) => !writable.has(name) && !name.includes('@'))
  if (unknown !== undefined) {
    const reason = contactProperties.has(unknown.toLowerCase()) ? 'is read-only' : `does not exist on '${contactType}'`
    throw badRequest(`The property '${unknown}' ${reason}.`, 'RequestBodyRead')
  }
  const given: Record<string, unknown> = {}
  const set = (name: string, read: () => unknown): void => {
    if (name in body) given[name] = read()
  }
  for (const name of textNames) set(name, () => optionalText(body, name) ?? null)
  for (const name of listNames) set(name, () => texts(body, name))
  for (const name of addressNames) set(name, () => addressOf(body, name))
  set('categories', () => categoriesValue(body) ?? [])
  set('birthday', () => birthdayOf(body))
  set('emailAddresses', () => emailAddresses(body))
  return given
}

function texts(body: JsonObject, name: string): readonly string[] {
  const list = listValue(body, name) ?? []
  if (list.every((value): value is string => typeof value === 'string')) return list
  throw wrongType(name, 'Collection(Edm.String)')
}

function addressOf(body: JsonObject, name: string): unknown {
  const value = body[name] ?? {}
  if (!isObject(value)) throw wrongType(name, 'microsoft.graph.physicalAddress')
  const filled = Object.entries(value).filter(([part, text]) => {
    const fits = addressParts.has(part) && (text === null || typeof text === 'string')
    if (!fits && !part.includes('@')) throw wrongType(`${name}/${part}`, 'microsoft.graph.physicalAddress')
    return fits && text !== null && text !== ''
  })
  return Object.fromEntries(filled)
}

/** Exchange keeps a day and gives it back as one minute before noon. */
function birthdayOf(body: JsonObject): string | null {
  const text = optionalText(body, 'birthday')
  if (text === undefined) return null
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw wrongType('birthday', 'Edm.DateTimeOffset')
  return `${new Date(time).toISOString().slice(0, 10)}T11:59:00Z`
}

function emailAddresses(body: JsonObject): readonly object[] {
  const list = listValue(body, 'emailAddresses') ?? []
  if (list.length > mostAddresses) {
    throw badRequest('A contact can have three e-mail addresses.', 'ErrorInvalidProperty')
  }
  return list.map((entry) => {
    if (!isObject(entry)) throw wrongType('emailAddresses', 'microsoft.graph.emailAddress')
    const address = optionalText(entry, 'address') ?? ''
    return { name: optionalText(entry, 'name') ?? address, address }
  })
}

/** What Exchange makes up for a new contact that was given no display name or file-as. */
export function withDerivedNames(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { givenName, surname } = given
  const first = typeof givenName === 'string' ? givenName : ''
  const last = typeof surname === 'string' ? surname : ''
  const filled = (value: unknown): boolean => typeof value === 'string' && value !== ''
  return {
    ...given,
    ...(filled(given.displayName) ? {} : { displayName: `${first} ${last}`.trim() }),
    ...(filled(given.fileAs) ? {} : { fileAs: last === '' ? first : `${last}, ${first}`.replace(/, $/, '') }),
  }
}

/** All properties of the resource, the empty ones too. */
export function shownProperties(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const shown: Record<string, unknown> = {}
  for (const name of textNames) shown[name] = given[name] ?? null
  for (const name of listNames) shown[name] = given[name] ?? []
  for (const name of addressNames) shown[name] = given[name] ?? {}
  const addresses = (given.emailAddresses ?? []) as readonly object[]
  for (const [index, name] of slotNames.entries()) shown[name] = addresses[index] ?? null
  return {
    ...shown,
    categories: given.categories ?? [],
    birthday: given.birthday ?? null,
    emailAddresses: addresses,
  }
}
