import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import { shortId } from '../../engine/model/short-id.ts'
import type { ItemDescriber } from '../../engine/ports/data-type.ts'
import { cutUtf8, safeName, utf8Length } from '../../../src-shared/model/safe-name.ts'
import { isObject, isoSeconds, list, record, text, time } from './fields.ts'
import { identityOf, propertiesOf } from './metadata.ts'

export type MessageRow = ReturnType<ItemDescriber['row']>

/** Bytes of UTF-8 that a file name takes at most, its extension (".eml", ".json") included. */
const nameBytes = 200
const extensionBytes = 5

/** Bytes of UTF-8 kept of a message's recipients: enough to find it, bounded for mails to thousands. */
const peopleBytes = 4_000

/** What lists show of a stored message and what its files are called. `contentSize` in bytes of the MIME. */
export function messageRow(metadata: JsonObject, contentSize: number): MessageRow {
  const properties = propertiesOf(metadata)
  const subject = text(properties, 'subject') ?? ''
  const at = messageTime(properties)
  return {
    name: fileName(at, subject, identityOf(metadata).id),
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

/** `<yyyy-mm-dd hh.mm.ss subject ~id>` in UTC. */
function fileName(at: number, subject: string, id: string): string {
  const start = isoSeconds(at).slice(0, 19).replace('T', ' ').replaceAll(':', '.')
  const end = `~${shortId(id)}`
  const room = nameBytes - extensionBytes - utf8Length(`${start}  ${end}`)
  const middle = subject.trim() === '' ? '' : `${safeName(subject, room)} `
  return `${start} ${middle}${end}`
}

/** Names and addresses, "Ada <ada@contoso.example>, Bob <...>". */
function people(recipients: readonly (JsonValue | undefined)[]): string {
  const names = recipients.map(person).filter((name) => name !== '')
  return cutUtf8(names.join(', '), peopleBytes)
}

function person(recipient: JsonValue | undefined): string {
  const email = isObject(recipient) ? record(recipient, 'emailAddress') : undefined
  if (email === undefined) return ''
  const name = plain(text(email, 'name') ?? '')
  const address = plain(text(email, 'address') ?? '')
  if (name === '' || name === address) return address
  return address === '' ? name : `${name} <${address}>`
}

function plain(value: string): string {
  return value.replace(/\s+/gu, ' ').trim()
}
