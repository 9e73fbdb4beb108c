import { badRequest } from '../http/errors.ts'
import type { MailAddress } from '../state/types.ts'
import { bodyValue, optionalText, recipientsValue, recipientValue } from './message-values.ts'
import type { JsonObject } from './request-json.ts'

/**
 * The MIME of an attached message that came as JSON. Events and contacts get a plain note: their forms (iCalendar, vCard)
 * belong to data types the simulator does not play.
 */
export function itemMime(item: JsonObject): Buffer {
  const type = (optionalText(item, '@odata.type') ?? '').replace(/^#/, '').toLowerCase()
  if (!/^microsoft\.graph\.(message|event|contact)$/.test(type)) {
    throw badRequest('The type of the attached item must be stated.', 'ErrorInvalidRequest')
  }
  const subject = optionalText(item, type.endsWith('contact') ? 'displayName' : 'subject') ?? ''
  const body = bodyValue(item)
  const from = recipientValue(item, 'from')
  const lines = [
    ...(from === undefined ? [] : [`From: ${addressText(from)}`]),
    `To: ${(recipientsValue(item, 'toRecipients') ?? []).map(addressText).join(', ')}`,
    `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`,
    'MIME-Version: 1.0',
    `Content-Type: text/${body?.contentType === 'html' ? 'html' : 'plain'}; charset=utf-8`,
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(body?.content ?? '').toString('base64'),
    '',
  ]
  return Buffer.from(lines.join('\r\n'))
}

function addressText(person: MailAddress): string {
  return `=?utf-8?B?${Buffer.from(person.name).toString('base64')}?= <${person.address}>`
}
