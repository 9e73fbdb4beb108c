import { isEngineError } from '../../engine/model/errors.ts'
import type { EngineError } from '../../engine/model/errors.ts'
import { list } from '../item/fields.ts'
import type { CustomHeader, GraphMessage } from './graph-message.ts'
import { hasValidAddress } from './recipients.ts'
import { isObject } from '../item/fields.ts'
import { customHeaders } from '../outlook/restore-limits.ts'

const recipientLists = ['toRecipients', 'ccRecipients', 'bccRecipients'] as const

/**
 * Weaker forms of a message for when Exchange refuses the one before. Refused recipients: without Reply-To and without
 * addresses that are none, then without recipients; anything else: without the original header. A custom header then
 * says what was left out; the stored message has it all.
 */
export function weakerForms(message: GraphMessage, refusal: EngineError): readonly GraphMessage[] {
  if (isAboutRecipients(refusal)) return [withValidRecipients(message), withoutRecipients(message)]
  return [withoutHeaders(message)]
}

/** Graph understood the request and does not want it: another form may do. Size and place do not depend on the form. */
export function isRefusal(error: unknown): error is EngineError {
  return isEngineError(error, 'graph.request-refused') && error.context.status === 400
}

function isAboutRecipients(error: EngineError): boolean {
  const code = error.context.graphCode
  return typeof code === 'string' && /recipient|replyto|sender|address|smtp/i.test(code)
}

function withValidRecipients(message: GraphMessage): GraphMessage {
  const kept = recipientLists.map((name) => [name, validOnly(message, name)] as const)
  const json = { ...message.json, ...Object.fromEntries(kept), replyTo: [] }
  return { ...message, json, customHeaders: withNote(message.customHeaders, 'invalid recipients, reply-to') }
}

function validOnly(message: GraphMessage, name: string) {
  return (list(message.json, name) ?? []).filter((person) => isObject(person) && hasValidAddress(person))
}

function withoutRecipients(message: GraphMessage): GraphMessage {
  const json = { ...message.json, toRecipients: [], ccRecipients: [], bccRecipients: [], replyTo: [] }
  return { ...message, json, customHeaders: withNote(message.customHeaders, 'recipients, reply-to') }
}

function withoutHeaders(message: GraphMessage): GraphMessage {
  return { ...message, headers: [], customHeaders: withNote([], 'original header') }
}

function withNote(headers: readonly CustomHeader[], leftOut: string): readonly CustomHeader[] {
  return [...headers.slice(0, customHeaders - 1), { name: 'x-holdfast-left-out', value: leftOut }]
}
