import type { JsonObject } from '../../engine/model/json.ts'
import { addressesOf } from '../../graph/contacts/contact-properties.ts'
import { filledText, list, record, text, time } from '../../graph/item/fields.ts'
import { contentText, textValue, type ContentLine } from './content-lines.ts'
import { compact } from './time-zone.ts'

const JPEG = [0xff, 0xd8]

/** A contact (its stored properties) as a vCard; `name` if it has none of its own. https://www.rfc-editor.org/rfc/rfc6350 */
export function contactCard(contact: JsonObject, name: string, photo: Uint8Array | undefined): string {
  const of = (field: string): string | undefined => filledText(contact, field)
  const modified = time(contact, 'lastModifiedDateTime')
  return contentText([
    { name: 'BEGIN', value: 'VCARD' },
    { name: 'VERSION', value: '4.0' },
    { name: 'PRODID', value: '-//Holdfast//Holdfast//EN' },
    { name: 'UID', value: textValue(text(contact, 'id') ?? name), parameters: { VALUE: 'text' } },
    ...(modified === undefined ? [] : [{ name: 'REV', value: compact(modified) }]),
    { name: 'FN', value: cardValue(of('displayName') ?? of('fileAs') ?? (name === '' ? 'Unnamed' : name)) },
    parts('N', [of('surname'), of('givenName'), of('middleName'), of('title'), of('generation')]),
    ...cardLine('NICKNAME', of('nickName')),
    ...organization(contact),
    ...cardLine('TITLE', of('jobTitle')),
    ...cardLine('ROLE', of('profession')),
    ...addressesOf(contact).flatMap(({ address }) => cardLine('EMAIL', address)),
    ...phones(contact),
    ...addresses(contact),
    ...(list(contact, 'imAddresses') ?? []).flatMap((address) => im(address)),
    ...birthday(contact),
    ...cardLine('URL', of('businessHomePage')),
    ...cardLine('RELATED', of('spouseName'), { TYPE: 'spouse', VALUE: 'text' }),
    ...(list(contact, 'children') ?? []).flatMap((child) =>
      typeof child === 'string' ? cardLine('RELATED', child, { TYPE: 'child', VALUE: 'text' }) : [],
    ),
    ...cardLine('RELATED', of('assistantName'), { TYPE: 'agent', VALUE: 'text' }),
    ...categories(contact),
    ...cardLine('NOTE', of('personalNotes')),
    ...photoLine(photo),
    { name: 'END', value: 'VCARD' },
  ])
}

/** A semicolon only means something in values of several parts. https://www.rfc-editor.org/rfc/rfc6350#section-3.4 */
function cardValue(text: string): string {
  return textValue(text).replaceAll('\\;', ';')
}

/** A line of text if there is any. */
function cardLine(
  name: string,
  text: string | undefined,
  parameters?: ContentLine['parameters'],
): readonly ContentLine[] {
  const value = text?.trim() ?? ''
  return value === '' ? [] : [{ name, parameters, value: cardValue(value) }]
}

function parts(
  name: string,
  values: readonly (string | undefined)[],
  parameters?: ContentLine['parameters'],
): ContentLine {
  return { name, parameters, value: values.map((value) => textValue(value ?? '')).join(';') }
}

function organization(contact: JsonObject): readonly ContentLine[] {
  const [company, department] = [filledText(contact, 'companyName'), filledText(contact, 'department')]
  if (company === undefined && department === undefined) return []
  return [parts('ORG', department === undefined ? [company] : [company, department])]
}

function phones(contact: JsonObject): readonly ContentLine[] {
  const listed = (field: string, type: string): readonly ContentLine[] =>
    (list(contact, field) ?? []).flatMap((phone) =>
      typeof phone === 'string' ? cardLine('TEL', phone, { TYPE: type }) : [],
    )
  return [
    ...cardLine('TEL', filledText(contact, 'mobilePhone'), { TYPE: 'cell' }),
    ...listed('businessPhones', 'work'),
    ...listed('homePhones', 'home'),
  ]
}

function addresses(contact: JsonObject): readonly ContentLine[] {
  const types = { businessAddress: 'work', homeAddress: 'home', otherAddress: undefined } as const
  return Object.entries(types).flatMap(([field, type]) => {
    const place = record(contact, field) ?? {}
    const values = ['street', 'city', 'state', 'postalCode', 'countryOrRegion'].map((name) => filledText(place, name))
    if (values.every((value) => value === undefined)) return []
    return [parts('ADR', [undefined, undefined, ...values], type === undefined ? undefined : { TYPE: type })]
  })
}

/** An address without a scheme is written as a text would be: readers show it as it is. */
function im(address: unknown): readonly ContentLine[] {
  if (typeof address !== 'string' || address.trim() === '') return []
  const uri = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `im:${encodeURIComponent(address)}`
  return [{ name: 'IMPP', value: uri.replaceAll(/[\s\p{Cc}]/gu, '') }]
}

function birthday(contact: JsonObject): readonly ContentLine[] {
  const day = /^(\d{4})-(\d\d)-(\d\d)/.exec(text(contact, 'birthday') ?? '')
  if (day === null) return []
  const [, year = '', month = '', date = ''] = day
  // Outlook writes 1604 for a birthday without a year.
  return [{ name: 'BDAY', value: `${year === '1604' ? '--' : year}${month}${date}` }]
}

function categories(contact: JsonObject): readonly ContentLine[] {
  const names = (list(contact, 'categories') ?? []).filter((name) => typeof name === 'string')
  return names.length === 0 ? [] : [{ name: 'CATEGORIES', value: names.map(textValue).join(',') }]
}

function photoLine(photo: Uint8Array | undefined): readonly ContentLine[] {
  if (photo === undefined || photo.length === 0) return []
  const type = JPEG.every((byte, at) => photo[at] === byte) ? 'image/jpeg' : 'image/png'
  return [{ name: 'PHOTO', value: `data:${type};base64,${Buffer.from(photo).toString('base64')}` }]
}
