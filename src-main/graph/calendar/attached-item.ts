import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import { filledText, text } from '../item/fields.ts'
import { eventJson } from './event-json.ts'

/** What a request may say of an attached message or contact. */
const writable: Readonly<Record<string, readonly string[]>> = {
  message: [
    'subject',
    'body',
    'from',
    'sender',
    'toRecipients',
    'ccRecipients',
    'bccRecipients',
    'importance',
    'categories',
    'internetMessageId',
  ],
  contact: [
    'displayName',
    'givenName',
    'surname',
    'emailAddresses',
    'companyName',
    'jobTitle',
    'businessPhones',
    'homePhones',
    'mobilePhone',
    'businessAddress',
    'homeAddress',
    'otherAddress',
    'birthday',
    'personalNotes',
    'categories',
  ],
}

/**
 * An attached item as a request says it; undefined where that would lose something (attachments of its own) or its kind
 * is not known. An attached event loses its attendees like any other: attaching mails nobody, but nothing says so.
 */
export function attachedItemJson(item: JsonObject): JsonObject | undefined {
  const type = /microsoft\.graph\.(\w+)$/i.exec(text(item, '@odata.type') ?? '')?.[1]?.toLowerCase()
  if (type === undefined || item.hasAttachments === true) return undefined
  const kind = `#microsoft.graph.${type}`
  if (type === 'event') {
    const event = eventJson(item)
    return event === undefined ? undefined : { '@odata.type': kind, ...event.json }
  }
  const names = writable[type]
  if (names === undefined) return undefined
  const kept = names.flatMap((name): (readonly [string, JsonValue])[] => {
    const value = item[name]
    return value === undefined || value === null || isEmptyText(item, name) ? [] : [[name, value]]
  })
  return { '@odata.type': kind, ...Object.fromEntries(kept) }
}

function isEmptyText(item: JsonObject, name: string): boolean {
  return typeof item[name] === 'string' && filledText(item, name) === undefined
}
