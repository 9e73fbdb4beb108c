import { badRequest } from '../../http/errors.ts'
import { wordValue, wrongType } from '../../routes/message-values.ts'
import type { MailboxCall } from '../../routes/context.ts'
import { isObject } from '../../routes/request-json.ts'
import { folderByIdOrName } from '../../state/references.ts'

type Check = (value: unknown, name: string) => unknown

const flag: Check = (value, name) => {
  if (typeof value !== 'boolean') throw wrongType(name, 'Edm.Boolean')
  return value
}

/** Exchange gives the words that it looks for back in capitals, as the documented example shows. */
const words: Check = (value, name) => texts(value, name).map((text) => text.toUpperCase())
const names: Check = (value, name) => texts(value, name)

function texts(value: unknown, name: string): readonly string[] {
  if (Array.isArray(value) && value.every((text): text is string => typeof text === 'string' && text !== ''))
    return value
  throw wrongType(name, 'Collection(Edm.String)')
}

const people: Check = (value, name) => {
  if (!Array.isArray(value)) throw wrongType(name, 'Collection(microsoft.graph.recipient)')
  return value.map((entry: unknown) => {
    const email = isObject(entry) ? entry.emailAddress : undefined
    const address = isObject(email) ? email.address : undefined
    if (!isObject(email) || typeof address !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(address)) {
      throw badRequest('At least one recipient is not valid.', 'ErrorInvalidRecipients')
    }
    return { emailAddress: { name: typeof email.name === 'string' ? email.name : address, address } }
  })
}

const oneOf =
  (...allowed: readonly string[]): Check =>
  (value, name) =>
    wordValue(value, allowed, name)

const size: Check = (value, name) => {
  if (isObject(value) && Number.isInteger(value.minimumSize) && Number.isInteger(value.maximumSize)) return value
  throw wrongType(name, 'microsoft.graph.sizeRange')
}

const flagged = [
  'hasAttachments',
  'isApprovalRequest',
  'isAutomaticForward',
  'isAutomaticReply',
  'isEncrypted',
  'isMeetingRequest',
  'isMeetingResponse',
  'isNonDeliveryReport',
  'isPermissionControlled',
  'isReadReceipt',
  'isSigned',
  'isVoicemail',
  'notSentToMe',
  'sentCcMe',
  'sentOnlyToMe',
  'sentToMe',
  'sentToOrCcMe',
] as const
const worded = [
  'bodyContains',
  'bodyOrSubjectContains',
  'headerContains',
  'recipientContains',
  'senderContains',
  'subjectContains',
] as const

const entries = (list: readonly string[], check: Check): [string, Check][] => list.map((name) => [name, check])

/** Source: https://learn.microsoft.com/graph/api/resources/messagerulepredicates */
const predicates: ReadonlyMap<string, Check> = new Map([
  ...entries(flagged, flag),
  ...entries(worded, words),
  ...entries(['fromAddresses', 'sentToAddresses'], people),
  ['categories', names],
  ['importance', oneOf('low', 'normal', 'high')],
  ['sensitivity', oneOf('normal', 'personal', 'private', 'confidential')],
  [
    'messageActionFlag',
    oneOf(
      'any',
      'call',
      'doNotForward',
      'followUp',
      'fyi',
      'forward',
      'noResponseNecessary',
      'read',
      'reply',
      'replyToAll',
      'review',
    ),
  ],
  ['withinSizeRange', size],
])

/** Source: https://learn.microsoft.com/graph/api/resources/messageruleactions */
const actionChecks: ReadonlyMap<string, Check> = new Map([
  ...entries(['delete', 'markAsRead', 'permanentDelete', 'stopProcessingRules'], flag),
  ...entries(['forwardAsAttachmentTo', 'forwardTo', 'redirectTo'], people),
  ['assignCategories', names],
  ['markImportance', oneOf('low', 'normal', 'high')],
])

type Part = Readonly<Record<string, unknown>> | null

/** Conditions or exceptions of a rule; what is null is left out, as Graph shows only what is set. */
export function predicatesInput(value: unknown, name: string): Part {
  return partInput(value, name, (key) => predicates.get(key))
}

/** Actions: folders must be there, in this very mailbox. */
export function actionsInput(call: MailboxCall, value: unknown): Part {
  const folder: Check = (id, name) => {
    if (typeof id !== 'string') throw wrongType(name, 'Edm.String')
    folderByIdOrName(call.mailbox, id, call.user.userPrincipalName)
    return id
  }
  return partInput(value, 'actions', (key) =>
    key === 'moveToFolder' || key === 'copyToFolder' ? folder : actionChecks.get(key),
  )
}

function partInput(value: unknown, name: string, checkOf: (key: string) => Check | undefined): Part {
  if (value === undefined || value === null) return null
  if (!isObject(value)) throw wrongType(name, 'microsoft.graph.messageRule')
  const part: Record<string, unknown> = {}
  for (const [key, entry] of Object.entries(value)) {
    if (key.includes('@')) continue
    const check = checkOf(key)
    if (check === undefined) throw badRequest(`The property '${key}' does not exist in '${name}'.`, 'RequestBodyRead')
    if (entry !== null) part[key] = check(entry, key)
  }
  return part
}
