import { badRequest, itemNotFound, unknownProperty } from '../../http/errors.ts'
import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { optionalText, wordValue, wrongType } from '../../routes/message-values.ts'
import { collectionPage } from '../../routes/paging.ts'
import { isObject, jsonObject } from '../../routes/request-json.ts'
import type { StoredPermission } from './model.ts'
import { calendarOf } from './state.ts'
import type { CalendarCall } from './state.ts'

const roles = [
  'none',
  'freeBusyRead',
  'limitedRead',
  'read',
  'write',
  'delegateWithoutPrivateEventAccess',
  'delegateWithPrivateEventAccess',
  'custom',
]

/** GET calendars/{id}/calendarPermissions. Source: https://learn.microsoft.com/graph/api/calendar-list-calendarpermissions */
export function listPermissions(call: CalendarCall): Reply {
  const { permissions } = calendarOf(call)
  const options = { defaultPage: 100, largestPage: 1000, kind: 'calendarPermissions' }
  return collectionPage(call, permissions, { ...options, render: (permission) => ({ ...permission }) })
}

/**
 * POST calendars/{id}/calendarPermissions. Outlook mails the person "You're invited to share this calendar".
 * Source: https://github.com/microsoftgraph/microsoft-graph-docs/issues/19483
 */
export function createPermission(call: CalendarCall): Reply {
  const calendar = calendarOf(call)
  const body = jsonObject(call.request)
  const { emailAddress } = body
  if (!isObject(emailAddress)) throw wrongType('emailAddress', 'microsoft.graph.emailAddress')
  const address = optionalText(emailAddress, 'address') ?? ''
  if (!address.includes('@')) throw badRequest('The address is not valid.', 'ErrorInvalidRecipients')
  const permission: StoredPermission = {
    id: Buffer.from(`ExchangePublishedUser.${address}`).toString('base64'),
    emailAddress: { name: optionalText(emailAddress, 'name') ?? address, address },
    isInsideOrganization: body.isInsideOrganization === true,
    isRemovable: true,
    role: wordValue(body.role, roles, 'role'),
    allowedRoles: ['freeBusyRead', 'limitedRead', 'read', 'write'],
  }
  calendar.permissions.push(permission)
  calendar.version += 1
  call.calendars.sent.push({ kind: 'sharing', to: address, subject: calendar.name })
  return jsonReply(201, permission)
}

function permissionOf(call: CalendarCall): StoredPermission {
  const found = calendarOf(call).permissions.find(({ id }) => id === call.parameters.calendarPermission)
  if (found === undefined) throw itemNotFound()
  return found
}

/** PATCH calendars/{id}/calendarPermissions/{id}: the role alone, one of those that are allowed. */
export function updatePermission(call: CalendarCall): Reply {
  const permission = permissionOf(call)
  const body = jsonObject(call.request)
  const other = Object.keys(body).find((name) => name !== 'role')
  if (other !== undefined) throw unknownProperty(other, 'microsoft.graph.calendarPermission')
  permission.role = wordValue(body.role, permission.allowedRoles, 'role')
  calendarOf(call).version += 1
  return jsonReply(200, permission)
}

/** DELETE calendars/{id}/calendarPermissions/{id} */
export function deletePermission(call: CalendarCall): Reply {
  const permission = permissionOf(call)
  const calendar = calendarOf(call)
  if (!permission.isRemovable) throw badRequest('This permission cannot be removed.', 'ErrorInvalidRequest')
  calendar.permissions = calendar.permissions.filter((each) => each !== permission)
  calendar.version += 1
  return emptyReply(204)
}
