import { createHash } from 'node:crypto'
import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { ItemDescriber } from '../../engine/ports/data-type.ts'
import { filledText, isObject, list, record, text, time } from '../item/fields.ts'
import { itemMetadata, propertiesOf } from '../item/metadata.ts'
import { peopleText } from '../item/names.ts'
import { photoProperty } from '../item/photo-body.ts'
import { volatileProperties } from './profile-properties.ts'

/** The name of the only item. */
const profileName = 'profile'

/** Names under which the stored properties have more than Graph's own. */
export const ownNames = {
  changeKey: 'changeKey',
  /** Id, name and addresses of the user that this one reports to. */
  manager: 'manager',
  directReports: 'directReports',
  licenseDetails: 'licenseDetails',
  /** What there is to know of the photo beside its bytes: mediaEtag, contentType, width, height. */
  photo: photoProperty,
  /** By name of the property: why Graph did not give it. What was known of it before is kept. */
  notRead: 'notRead',
} as const

export function profileMetadata(properties: JsonObject): JsonObject {
  const created = text(properties, 'createdDateTime')
  const name = filledText(properties, 'displayName') ?? text(properties, 'userPrincipalName') ?? ''
  return itemMetadata({ type: 'profile', name, created }, properties)
}

export function profileIdentity(metadata: JsonObject): ReturnType<ItemDescriber['identity']> {
  const changeKey = text(propertiesOf(metadata), ownNames.changeKey) ?? ''
  return { id: text(metadata, 'o365:Id') ?? '', changeKey }
}

/** Graph gives users no change key: it is made of all that does not change by itself. */
export function withChangeKey(properties: JsonObject): JsonObject {
  const lasting = Object.entries(properties).filter(([name]) => !volatileProperties.has(name))
  const changeKey = createHash('sha256')
    .update(JSON.stringify(sorted(Object.fromEntries(lasting))))
    .digest('base64url')
  return { ...properties, [ownNames.changeKey]: changeKey }
}

/** With the names and the lists of objects in order, so that equal ones make equal text: Graph lists plans as it likes. */
function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    const entries = (value as readonly JsonValue[]).map(sorted)
    return entries.every(isObject) ? entries.toSorted(byText) : entries
  }
  if (!isObject(value)) return value
  const names = Object.keys(value).toSorted()
  return Object.fromEntries(names.map((name) => [name, sorted(value[name] ?? null)]))
}

function byText(one: JsonValue, other: JsonValue): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1
}

export function profileRow(metadata: JsonObject, contentSize: number): ReturnType<ItemDescriber['row']> {
  const properties = propertiesOf(metadata)
  const address = filledText(properties, 'mail') ?? filledText(properties, 'userPrincipalName')
  return {
    name: profileName,
    shard: '',
    time: time(properties, 'createdDateTime') ?? 0,
    size: contentSize,
    title: text(metadata, 'o365:Name') ?? '',
    from: peopleText([{ name: filledText(properties, 'displayName'), address }]),
    to: '',
    hasAttachments: false,
  }
}

const searched = [
  'displayName',
  'userPrincipalName',
  'mail',
  'jobTitle',
  'companyName',
  'department',
  'employeeId',
  'officeLocation',
  'businessPhones',
  'mobilePhone',
  'otherMails',
  'streetAddress',
  'city',
  'state',
  'country',
  'aboutMe',
  'interests',
  'pastProjects',
  'responsibilities',
  'schools',
  'skills',
] as const

export function profileText(metadata: JsonObject): string {
  const properties = propertiesOf(metadata)
  const values = searched.flatMap((name) => list(properties, name) ?? [properties[name] ?? ''])
  const manager = text(record(properties, ownNames.manager) ?? {}, 'displayName') ?? ''
  const texts = [...values, manager].filter((value) => typeof value === 'string')
  return texts.filter((value) => value !== '').join('\n')
}
