import { describe, expect, test } from 'vitest'
import { contactsDescriber } from '../../../../src-main/graph/contacts/reader.ts'
import { contactFields, contactKey, movesAddresses } from '../../../../src-main/graph/contacts/graph-contact.ts'
import { contactMetadata } from '../../../../src-main/graph/contacts/contact-properties.ts'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'

const ann: JsonObject = {
  '@odata.etag': 'W/"k"',
  id: 'AAk=',
  changeKey: 'k',
  createdDateTime: '2024-01-01T00:00:00Z',
  lastModifiedDateTime: '2024-02-01T00:00:00Z',
  displayName: 'Ann Smith',
  companyName: 'Contoso',
  personalNotes: 'Oslo',
  businessPhones: ['+1 555', ''],
  homeAddress: { city: 'Köln' },
  emailAddresses: [{ name: 'Ann', address: 'ann@x.example' }],
  spouseName: null,
}

const broken: readonly JsonObject[] = [
  {},
  { properties: 5 },
  { 'o365:Id': 7, properties: { emailAddresses: [3, null], businessPhones: {}, homeAddress: [1], displayName: 3 } },
]

describe('a stored contact', () => {
  test('has all properties and the fields that every item has', () => {
    const { '@odata.etag': _etag, ...properties } = ann
    expect(contactMetadata(ann)).toEqual({
      'o365:v': 1,
      'o365:Type': 'contact',
      'o365:Id': 'AAk=',
      'o365:Name': 'Ann Smith',
      'o365:CreatedDateTime': '2024-01-01T00:00:00Z',
      'o365:LastModifiedDateTime': '2024-02-01T00:00:00Z',
      properties,
    })
    expect(contactsDescriber.identity(contactMetadata(ann))).toEqual({ id: 'AAk=', changeKey: 'k' })
  })

  test('is shown by its name, addresses and last change', () => {
    const row = contactsDescriber.row(contactMetadata(ann), 12)
    expect(row.name).toMatch(/^Ann Smith ~[a-z2-7]{10}$/)
    expect(row).toMatchObject({
      shard: '',
      time: Date.UTC(2024, 1, 1),
      size: 12,
      title: 'Ann Smith',
      from: 'Ann <ann@x.example>',
    })
  })

  test.each([
    [{ fileAs: 'Smith' }, 'Smith'],
    [{ companyName: 'Contoso' }, 'Contoso'],
    [{ emailAddresses: [{ address: 'a@x.example' }] }, 'a@x.example'],
    [{}, ''],
  ])('without a name is called by whatever there is: %j', (properties, title) => {
    expect(contactsDescriber.row(contactMetadata(properties), 0).title).toBe(title)
  })

  test('is found by every text in it', async () => {
    const text = await contactsDescriber.searchText(contactMetadata(ann), new Uint8Array())
    for (const word of ['Ann Smith', 'Contoso', 'Oslo', '+1 555', 'Köln', 'ann@x.example']) expect(text).toContain(word)
  })

  test.each(broken)('may be broken: %j', async (metadata) => {
    expect(contactsDescriber.row(metadata, 0).time).toBe(0)
    expect(contactsDescriber.identity(metadata).changeKey).toBe('')
    expect(typeof (await contactsDescriber.searchText(metadata, new Uint8Array()))).toBe('string')
  })
})

describe('what is sent of a contact', () => {
  test('is what is filled in, without what the server assigns', () => {
    expect(contactFields(ann)).toEqual({
      displayName: 'Ann Smith',
      companyName: 'Contoso',
      personalNotes: 'Oslo',
      businessPhones: ['+1 555'],
      homeAddress: { city: 'Köln' },
      emailAddresses: [{ name: 'Ann', address: 'ann@x.example' }],
    })
  })

  test('has no characters that Exchange cannot take', () => {
    expect(contactFields({ personalNotes: 'a\u0000b\ud800' })).toEqual({ personalNotes: 'ab\ufffd' })
  })
})

describe('the same contact', () => {
  test('is known by name, addresses, phones and company, regardless of case and order', () => {
    const same = {
      ...ann,
      displayName: ' ann  SMITH ',
      emailAddresses: [{ address: 'ANN@x.example' }],
      homePhones: ['+1 555'],
      businessPhones: [],
      personalNotes: 'other',
    }
    expect(contactKey(same)).toBe(contactKey(ann))
  })

  test.each([
    { displayName: 'Ann Smythe' },
    { emailAddresses: [] },
    { businessPhones: ['+1 556'] },
    { mobilePhone: '1' },
    { companyName: 'Fabrikam' },
  ])('is not one that differs in %j', (other) => {
    expect(contactKey({ ...ann, ...other })).not.toBe(contactKey(ann))
  })
})

test('an address behind an empty place moves', () => {
  const address = { address: 'a@x.example' }
  expect(movesAddresses({ primaryEmailAddress: address, secondaryEmailAddress: null })).toBe(false)
  expect(movesAddresses({ primaryEmailAddress: null, secondaryEmailAddress: address })).toBe(true)
  expect(movesAddresses({ primaryEmailAddress: address, tertiaryEmailAddress: address })).toBe(true)
  expect(movesAddresses({})).toBe(false)
})
