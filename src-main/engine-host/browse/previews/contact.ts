import type { JsonObject } from '../../../engine/model/json.ts'
import { addressesOf } from '../../../graph/contacts/contact-properties.ts'
import { filledText, list, record, text } from '../../../graph/item/fields.ts'
import { InlinePictures } from '../inline-pictures.ts'
import type { OpenSnapshot, StoredItem } from '../stored-item.ts'
import { fieldWords as words } from '../words.ts'
import { field, type Field } from './field-list.ts'
import type { MakePreview } from './preview.ts'

/** Texts of a contact in the order in which people look for them. */
const texts = {
  companyName: words.company,
  department: words.department,
  jobTitle: words.jobTitle,
  profession: words.profession,
  officeLocation: words.office,
  mobilePhone: words.mobile,
} as const
const lists = { businessPhones: words.workPhone, homePhones: words.homePhone, imAddresses: words.chat } as const
const places = {
  businessAddress: words.workAddress,
  homeAddress: words.homeAddress,
  otherAddress: words.otherAddress,
} as const
const people = {
  nickName: words.nickname,
  businessHomePage: words.website,
  spouseName: words.spouse,
  assistantName: words.assistant,
  manager: words.manager,
} as const

export const previewContact: MakePreview = async (item, open) => {
  const { properties: contact, title } = item
  return {
    kind: 'contact',
    name: filledText(contact, 'displayName') ?? title,
    fields: [
      ...addressesOf(contact).flatMap(({ address }) => field(words.email, address)),
      ...named(texts, (name) => filledText(contact, name)),
      ...Object.entries(lists).flatMap(([name, label]) => wordsIn(contact, name).flatMap((one) => field(label, one))),
      ...named(places, (name) => placeText(record(contact, name))),
      ...field(words.birthday, dayOf(contact, 'birthday')),
      ...named(people, (name) => filledText(contact, name)),
      ...field(words.children, wordsIn(contact, 'children').join(', ')),
      ...field(words.categories, wordsIn(contact, 'categories').join(', ')),
    ],
    photo: await photoOf(item, open),
    notes: text(contact, 'personalNotes') ?? '',
  }
}

function named(
  labels: Readonly<Record<string, string>>,
  value: (name: string) => string | undefined,
): readonly Field[] {
  return Object.entries(labels).flatMap(([name, label]) => field(label, value(name)))
}

function wordsIn(contact: JsonObject, name: string): readonly string[] {
  return (list(contact, name) ?? []).filter((one) => typeof one === 'string')
}

function placeText(place: JsonObject | undefined): string {
  const lines = ['street', 'postalCode', 'city', 'state', 'countryOrRegion'].map((name) =>
    filledText(place ?? {}, name),
  )
  return lines.filter((line) => line !== undefined).join(', ')
}

/** Outlook writes 1604 for a day without a year. */
function dayOf(contact: JsonObject, name: string): string {
  const day = /^\d{4}-\d\d-\d\d/.exec(text(contact, name) ?? '')?.[0] ?? ''
  return day.startsWith('1604-') ? day.slice(5) : day
}

async function photoOf({ content }: StoredItem, { signal }: OpenSnapshot): Promise<string | null> {
  if (content === undefined) return null
  const pictures = new InlinePictures()
  await pictures.addFile('photo', content, signal)
  return pictures.found.photo ?? null
}
