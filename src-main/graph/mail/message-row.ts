import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { ItemDescriber } from '../../engine/ports/data-type.ts'
import { datedName, peopleText, type Person } from '../item/names.ts'
import { isObject, isoSeconds, list, record, text, time } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { identityOf } from './metadata.ts'

export type MessageRow = ReturnType<ItemDescriber['row']>

/** What lists show of a stored message and what its files are called. `contentSize` in bytes of the MIME. */
export function messageRow(metadata: JsonObject, contentSize: number): MessageRow {
  const properties = propertiesOf(metadata)
  const subject = text(properties, 'subject') ?? ''
  const at = messageTime(properties)
  return {
    name: datedName(at, subject, identityOf(metadata).id),
    shard: isoSeconds(at).slice(0, 7),
    time: at,
    size: contentSize,
    title: subject,
    from: people([record(properties, 'from') ?? record(properties, 'sender')]),
    to: people(recipientLists.flatMap((name) => list(properties, name) ?? [])),
    hasAttachments: properties.hasAttachments === true,
  }
}

const recipientLists = ['toRecipients', 'ccRecipients', 'bccRecipients']

/** When it was received, or else sent, or else made; 1970 for a message without any time. */
function messageTime(properties: JsonObject): number {
  return (
    time(properties, 'receivedDateTime') ?? time(properties, 'sentDateTime') ?? time(properties, 'createdDateTime') ?? 0
  )
}

function people(recipients: readonly (JsonValue | undefined)[]): string {
  return peopleText(recipients.map(person))
}

function person(recipient: JsonValue | undefined): Person {
  const email = isObject(recipient) ? record(recipient, 'emailAddress') : undefined
  return email === undefined ? {} : { name: text(email, 'name'), address: text(email, 'address') }
}
