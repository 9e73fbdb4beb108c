import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import { filledText, isObject, list, record } from '../item/fields.ts'
import { cleanText } from '../outlook/clean-text.ts'
import { addressesOf, addressProperties, filledTexts, listProperties, textProperties } from './contact-properties.ts'

/** Fields without which a contact would not be recognised; they are never refused. */
const nameFields: ReadonlySet<string> = new Set(['displayName', 'givenName', 'surname'])

/** Every field that Graph takes of a stored contact, filled ones only. */
export function contactFields(properties: JsonObject): JsonObject {
  const fields: Record<string, JsonValue> = {}
  for (const name of textProperties) {
    const value = filledText(properties, name)
    if (value !== undefined) fields[name] = cleanText(value)
  }
  for (const name of listProperties) {
    const values = filledTexts(list(properties, name) ?? []).map(cleanText)
    if (values.length > 0) fields[name] = values
  }
  for (const name of addressProperties) {
    const place = filledParts(record(properties, name) ?? {})
    if (Object.keys(place).length > 0) fields[name] = place
  }
  const birthday = filledText(properties, 'birthday')
  const emailAddresses = emails(properties)
  return {
    ...fields,
    ...(birthday === undefined ? {} : { birthday }),
    ...(emailAddresses.length === 0 ? {} : { emailAddresses }),
  }
}

export function namesOf(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => nameFields.has(name)))
}

function filledParts(place: JsonObject): JsonObject {
  const parts = Object.keys(place).flatMap((name) => {
    const value = name.includes('@') ? undefined : filledText(place, name)
    return value === undefined ? [] : [[name, cleanText(value)] as const]
  })
  return Object.fromEntries(parts)
}

function emails(properties: JsonObject): readonly JsonObject[] {
  return addressesOf(properties).flatMap(({ name, address }) =>
    address === undefined ? [] : [{ name: cleanText(name ?? address), address: cleanText(address) }],
  )
}

const slots = ['primaryEmailAddress', 'secondaryEmailAddress', 'tertiaryEmailAddress'] as const

/**
 * Whether an address was in a later place although one before it is empty: Graph fills the places in order, so it comes
 * back in another one.
 */
export function movesAddresses(properties: JsonObject): boolean {
  const filled = slots.map((name) => isObject(properties[name]))
  return filled.some((isFilled, index) => isFilled && filled.slice(0, index).includes(false))
}

/**
 * What makes two contacts the same one: name, e-mail addresses, phones and company, regardless of case and order.
 * Namesakes differ in one of them.
 */
export function contactKey(properties: JsonObject): string {
  const name = filledText(properties, 'displayName') ?? filledText(properties, 'fileAs') ?? ''
  const addresses = addressesOf(properties).map(({ address }) => address ?? '')
  const phones = ['businessPhones', 'homePhones'].flatMap((kind) => filledTexts(list(properties, kind) ?? []))
  const mobile = filledText(properties, 'mobilePhone') ?? ''
  const company = filledText(properties, 'companyName') ?? ''
  return JSON.stringify([folded([name]), folded(addresses), folded([...phones, mobile]), folded([company])])
}

/** What of a contact the key is made of. */
export const keySelect = 'displayName,fileAs,emailAddresses,businessPhones,homePhones,mobilePhone,companyName'

function folded(values: readonly string[]): readonly string[] {
  const plain = values.map((value) => value.normalize('NFC').replace(/\s+/gu, ' ').trim().toLowerCase())
  return plain.filter((value) => value !== '').toSorted()
}
