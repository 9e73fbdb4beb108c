import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemOutcome, RestoreItem, RestoreRemark } from '../../engine/ports/restore-target.ts'
import { filledText } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { imageType, mostPhotoBytes } from '../item/picture.ts'
import { sourceMark, unfinishedMark } from '../outlook/marks.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { patchContact, postContact, putContactPhoto } from './contact-requests.ts'
import type { ExistingContact, ExistingContacts } from './existing-contacts.ts'
import { contactFields, movesAddresses, namesOf } from './graph-contact.ts'

/** Times that a creation is tried whose outcome is unknown. */
const attempts = 3

/** Where contacts are created. */
export interface ContactPlace {
  readonly mailbox: Mailbox
  readonly folder: string
  readonly existing: ExistingContacts
}

/**
 * Creates the contact with all its fields, and then its photo. Until that is there a hidden mark says that something is
 * missing, so that the next restore completes it.
 */
export async function createContact(place: ContactPlace, item: RestoreItem): Promise<ItemOutcome> {
  const properties = propertiesOf(item.metadata)
  const fields = contactFields(properties)
  const source = sourceOf(item)
  const remarks: RestoreRemark[] = movesAddresses(properties) ? [{ code: 'contact-address-place' }] : []
  const isWhole = item.content === undefined
  const { id, refused } = await createInSomeForm(place, source, fields, isWhole)
  if (refused) remarks.push(...(await fillIn(place.mailbox, id, fields)))
  if (isWhole && !refused) return { kind: 'created', id, remarks }
  remarks.push(...(await restorePhoto(place.mailbox, id, item)))
  await markFinished(place.mailbox, id)
  return { kind: 'created', id, remarks }
}

/** With all fields, or, if Graph refuses one of them, with nothing but the names for now. */
async function createInSomeForm(
  place: ContactPlace,
  source: string,
  fields: JsonObject,
  isWhole: boolean,
): Promise<{ readonly id: string; readonly refused: boolean }> {
  try {
    return { id: await createOnce(place, source, { ...fields, ...marked(source, isWhole) }), refused: false }
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { id: await createOnce(place, source, { ...namesOf(fields), ...marked(source, false) }), refused: true }
  }
}

/** Does the rest of a creation that was interrupted. */
export async function completeContact(
  mailbox: Mailbox,
  { id }: ExistingContact,
  item: RestoreItem,
): Promise<ItemOutcome> {
  const properties = propertiesOf(item.metadata)
  const remarks = [
    ...(movesAddresses(properties) ? [{ code: 'contact-address-place' }] : []),
    ...(await fillIn(mailbox, id, contactFields(properties))),
    ...(await restorePhoto(mailbox, id, item)),
  ]
  await markFinished(mailbox, id)
  return { kind: 'duplicate', completed: true, remarks }
}

/** What the contact was; the path for one whose metadata something else wrote. */
export function sourceOf({ metadata, path }: RestoreItem): string {
  return filledText(metadata, 'o365:Id') ?? path
}

function marked(source: string, isWhole: boolean): JsonObject {
  const value = isWhole ? 'finished' : 'unfinished'
  return {
    singleValueExtendedProperties: [
      { id: sourceMark, value: source },
      { id: unfinishedMark, value },
    ],
  }
}

/** Creates it once, even if an answer gets lost: before another attempt the folder is looked at. */
async function createOnce(place: ContactPlace, source: string, body: JsonObject): Promise<string> {
  const { mailbox, folder, existing } = place
  for (let left = attempts; ; left -= 1) {
    try {
      const id = await postContact(mailbox, folder, body)
      existing.created(id)
      return id
    } catch (error) {
      if (!hasUnknownOutcome(error)) throw error
      const id = await existing.findUnknown(mailbox, source)
      if (id !== undefined) {
        existing.created(id)
        return id
      }
      if (left <= 1) throw error
    }
  }
}

/** Graph understood the request and does not want it: something in it is not to its liking. */
function isRefusal(error: unknown): boolean {
  return isEngineError(error, 'graph.request-refused') && error.context.status === 400
}

/** Sets all fields; if that is refused one by one, those that Graph does not want are named. */
async function fillIn(mailbox: Mailbox, id: string, fields: JsonObject): Promise<readonly RestoreRemark[]> {
  if (await isTaken(mailbox, id, fields)) return []
  const remarks: RestoreRemark[] = []
  for (const [name, value] of Object.entries(fields)) {
    if (!(await isTaken(mailbox, id, { [name]: value }))) remarks.push({ code: 'field-refused', detail: name })
  }
  return remarks
}

async function isTaken(mailbox: Mailbox, id: string, fields: JsonObject): Promise<boolean> {
  try {
    await patchContact(mailbox, id, fields)
    return true
  } catch (error) {
    if (isRefusal(error)) return false
    throw error
  }
}

async function restorePhoto(mailbox: Mailbox, id: string, { content }: RestoreItem): Promise<readonly RestoreRemark[]> {
  if (content === undefined) return []
  if (content.size > mostPhotoBytes) return [{ code: 'photo-too-large' }]
  const bytes = await content.bytes(mailbox.signal)
  try {
    await putContactPhoto(mailbox, id, bytes, imageType(bytes))
    return []
  } catch (error) {
    if (isEngineError(error, 'graph.request-refused')) return [{ code: 'photo-refused' }]
    throw error
  }
}

async function markFinished(mailbox: Mailbox, id: string): Promise<void> {
  await patchContact(mailbox, id, { singleValueExtendedProperties: [{ id: unfinishedMark, value: 'finished' }] })
}
