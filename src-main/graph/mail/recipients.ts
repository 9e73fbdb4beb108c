import type { Address, Mailbox } from 'postal-mime'
import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import { isObject, record, text } from '../item/fields.ts'
import { cleanText } from '../outlook/clean-text.ts'

/** Graph's form of a person. */
function recipient(name: string, address: string): JsonObject {
  return { emailAddress: { name: cleanText(name === '' ? address : name), address: cleanText(address) } }
}

/** Stored recipients as they go into a request: name and address only, and nobody without both. */
export function storedRecipients(values: readonly JsonValue[] | undefined): JsonObject[] {
  return (values ?? [])
    .map((value) => storedRecipient(isObject(value) ? value : undefined))
    .filter((person) => person !== undefined)
}

export function storedRecipient(value: JsonObject | undefined): JsonObject | undefined {
  const email = value === undefined ? undefined : record(value, 'emailAddress')
  const [name, address] = [text(email ?? {}, 'name') ?? '', text(email ?? {}, 'address') ?? '']
  return name === '' && address === '' ? undefined : recipient(name, address)
}

/** Addresses of a header as recipients; groups give their members. */
export function headerRecipients(addresses: readonly Address[] | undefined): JsonObject[] {
  const people = (addresses ?? []).flatMap((address): readonly Mailbox[] => address.group ?? [address])
  return people.filter(({ address }) => address !== '').map(({ name, address }) => recipient(name, address))
}

/** An address that Exchange accepts where it insists on a real one. */
export function hasValidAddress(person: JsonObject): boolean {
  const address = text(record(person, 'emailAddress') ?? {}, 'address') ?? ''
  return /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+$/.test(address) && address.length <= 320
}
