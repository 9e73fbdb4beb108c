import type { JsonObject } from '../../engine/model/json.ts'
import { list, isoSeconds, text, time } from '../item/fields.ts'
import { cleanText } from '../outlook/clean-text.ts'
import type { MimeMessage } from './mime-message.ts'
import { headerBytes } from '../outlook/restore-limits.ts'

/** Outlook's MAPI properties that JSON has no field for, as Graph writes them: type, space, tag. */
const messageFlags = 'Integer 0x0E07'
const clientSubmitTime = 'SystemTime 0x0039'
const messageDeliveryTime = 'SystemTime 0x0E06'
const transportHeaders = 'String 0x007D'
const conversationIndex = 'Binary 0x0071'
const internetReferences = 'String 0x1039'
const inReplyTo = 'String 0x1042'

const readFlag = 1

/** Without these a message created through JSON is a draft dated now. */
export interface ExtendedProperty {
  readonly id: string
  readonly value: string
}

/**
 * What makes a created message a sent one: flags without the unsent bit (a draft gets none, and so stays one), and
 * the times. [MS-OXCMSG] 2.2.1.6, [MS-OXOMSG]
 */
export function deliveryProperties(properties: JsonObject, parsed: MimeMessage): ExtendedProperty[] {
  const flags = { id: messageFlags, value: properties.isRead === true ? String(readFlag) : '0' }
  const sent = time(properties, 'sentDateTime') ?? headerDate(parsed)
  const received = time(properties, 'receivedDateTime') ?? sent
  return [
    ...(properties.isDraft === true ? [] : [flags]),
    ...(sent === undefined ? [] : [{ id: clientSubmitTime, value: isoSeconds(sent) }]),
    ...(received === undefined ? [] : [{ id: messageDeliveryTime, value: isoSeconds(received) }]),
  ]
}

function headerDate(parsed: MimeMessage): number | undefined {
  const date = Date.parse(parsed.email?.date ?? '')
  return Number.isNaN(date) ? undefined : date
}

/** What can be left out if Exchange does not want it: the original header, and the threads' properties. */
export function headerProperties(properties: JsonObject, parsed: MimeMessage): ExtendedProperty[] {
  const block = cleanText(parsed.headerBlock)
  const fits = block !== '' && Buffer.byteLength(block) <= headerBytes
  const index = text(properties, 'conversationIndex')
  const pairs: readonly (readonly [string, string | undefined])[] = [
    [transportHeaders, fits && properties.isDraft !== true ? block : undefined],
    [conversationIndex, index === undefined ? undefined : standardBase64(index)],
    [internetReferences, parsed.email?.references],
    [inReplyTo, parsed.email?.inReplyTo],
  ]
  return pairs.flatMap(([id, value]) => (value === undefined || value === '' ? [] : [{ id, value: cleanText(value) }]))
}

/** The index begins with 22 bytes; anything shorter is none. [MS-OXOMSG] 2.2.1.3 */
function standardBase64(value: string): string | undefined {
  const bytes = Buffer.from(value, 'base64')
  return bytes.length >= 22 ? bytes.toString('base64') : undefined
}

/** Names of the categories, which must be texts. */
export function categoriesOf(properties: JsonObject): string[] {
  return (list(properties, 'categories') ?? []).filter((name) => typeof name === 'string')
}
