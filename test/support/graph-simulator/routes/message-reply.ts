import { jsonReply } from '../http/exchange.ts'
import type { Reply } from '../http/exchange.ts'
import { noExpansion } from '../odata/expand.ts'
import { appliedPreferences } from '../odata/query.ts'
import { renderMessage } from '../render/message.ts'
import type { StoredMessage } from '../state/stored.ts'
import type { MailboxCall } from './context.ts'

/** The whole message, as creating, changing, moving and copying answer it. */
export function messageReply(call: MailboxCall, status: number, message: StoredMessage): Reply {
  const { context, mailbox, preferences, user } = call
  const view = { mailbox, preferences, selected: undefined, expansion: noExpansion }
  const metadata = `${context.origin()}/v1.0/$metadata#users('${user.id}')/messages/$entity`
  const json = { '@odata.context': metadata, ...renderMessage(message, view) }
  return jsonReply(status, json, appliedPreferences(preferences))
}
