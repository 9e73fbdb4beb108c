import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { ItemDescriber } from '../../engine/ports/data-type.ts'
import { filledText, isObject, list, record, text, time } from '../item/fields.ts'
import { itemMetadata, propertiesOf } from '../item/metadata.ts'
import { itemName, peopleText } from '../item/names.ts'
import type { Person } from '../item/names.ts'

/** Properties that people fill in. https://learn.microsoft.com/graph/api/resources/contact */
export const textProperties = [
  'displayName',
  'givenName',
  'middleName',
  'surname',
  'nickName',
  'title',
  'generation',
  'initials',
  'fileAs',
  'yomiGivenName',
  'yomiSurname',
  'yomiCompanyName',
  'companyName',
  'department',
  'jobTitle',
  'profession',
  'officeLocation',
  'assistantName',
  'manager',
  'spouseName',
  'mobilePhone',
  'businessHomePage',
  'personalNotes',
] as const
export const listProperties = ['businessPhones', 'homePhones', 'imAddresses', 'children', 'categories'] as const
export const addressProperties = ['businessAddress', 'homeAddress', 'otherAddress'] as const

/** The stored metadata object of a contact: all that Graph gives of it. */
export function contactMetadata(properties: JsonObject): JsonObject {
  const facts = {
    type: 'contact',
    name: contactTitle(properties),
    created: text(properties, 'createdDateTime'),
    modified: text(properties, 'lastModifiedDateTime'),
  }
  return itemMetadata(facts, properties)
}

export function contactIdentity(metadata: JsonObject): ReturnType<ItemDescriber['identity']> {
  return { id: text(metadata, 'o365:Id') ?? '', changeKey: text(propertiesOf(metadata), 'changeKey') ?? '' }
}

/** What a list calls the contact: its name, or else whatever there is. */
function contactTitle(properties: JsonObject): string {
  const names = ['displayName', 'fileAs', 'nickName', 'companyName']
  const name = names.map((each) => filledText(properties, each)).find((each) => each !== undefined)
  return name ?? addressesOf(properties)[0]?.address ?? ''
}

/** The contact's e-mail addresses, in their order. */
export function addressesOf(properties: JsonObject): readonly Person[] {
  return (list(properties, 'emailAddresses') ?? []).filter(isObject).map((entry) => ({
    name: filledText(entry, 'name'),
    address: filledText(entry, 'address'),
  }))
}

export function contactRow(metadata: JsonObject, contentSize: number): ReturnType<ItemDescriber['row']> {
  const properties = propertiesOf(metadata)
  const title = contactTitle(properties)
  return {
    name: itemName(title, contactIdentity(metadata).id),
    shard: '',
    time: time(properties, 'lastModifiedDateTime') ?? time(properties, 'createdDateTime') ?? 0,
    size: contentSize,
    title,
    from: peopleText(addressesOf(properties)),
    to: '',
    hasAttachments: false,
  }
}

/** Everything that somebody may look for a contact by, one kind of thing per line. */
export function contactText(metadata: JsonObject): string {
  const properties = propertiesOf(metadata)
  const texts = textProperties.map((name) => text(properties, name))
  const lists = listProperties.map((name) => joined(list(properties, name) ?? [], ', '))
  const places = addressProperties.map((name) => joined(Object.values(record(properties, name) ?? {}), ', '))
  const lines = [...texts, ...lists, ...places, peopleText(addressesOf(properties))]
  return lines.filter((line) => line !== undefined && line !== '').join('\n')
}

/** The texts in a list that are not empty. */
export function filledTexts(values: readonly JsonValue[]): readonly string[] {
  return values.filter((value) => typeof value === 'string').filter((value) => value !== '')
}

function joined(values: readonly JsonValue[], separator: string): string {
  return filledTexts(values).join(separator)
}
