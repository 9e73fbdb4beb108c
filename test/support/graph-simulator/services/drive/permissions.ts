import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import { isObject, jsonObject, property } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import { flagIn, refuseOthers, textIn, timeIn, withItem } from './call.ts'
import type { ItemCall } from './call.ts'
import { accessDenied, invalidRequest, itemNotFound } from './errors.ts'
import { identities, iso } from './render.ts'
import type { Rendered } from './render.ts'
import { selectedOf } from './select.ts'
import type { Role, StoredPermission } from './state/item.ts'
import { effectivePermissions, findPrincipal, grant, link } from './state/sharing.ts'
import type { EffectivePermission } from './state/sharing.ts'

const permissionProperties = [
  'expirationDateTime',
  'grantedTo',
  'grantedToIdentities',
  'grantedToIdentitiesV2',
  'grantedToV2',
  'hasPassword',
  'id',
  'inheritedFrom',
  'invitation',
  'link',
  'roles',
  'shareId',
]

/** GET items/{item}/permissions. Source: https://learn.microsoft.com/graph/api/driveitem-list-permissions */
export function listPermissions(call: RouteCall): Reply {
  const found = withItem(call)
  const value = selectedOf(call, permissionProperties, 'microsoft.graph.permission', renderPermissions(found))
  return jsonReply(200, { '@odata.context': contextOf(found), value })
}

/** GET items/{item}/permissions/{permission} */
export function getPermission(call: RouteCall): Reply {
  const found = withItem(call)
  return jsonReply(200, { '@odata.context': `${contextOf(found)}/$entity`, ...render(found, permissionOf(found)) })
}

const contextOf = (call: ItemCall): string =>
  `${call.context.origin()}/v1.0/$metadata#drives('${call.drive.id}')/items('${call.item.id}')/permissions`

export function renderPermissions(call: ItemCall): Rendered[] {
  return living(call).map((one) => render(call, one))
}

/** Permissions that ran out are not there any more. */
function living(call: ItemCall): EffectivePermission[] {
  return effectivePermissions(call.drive, call.item).filter(
    ({ permission: { expiresAt } }) => expiresAt === undefined || expiresAt > call.now,
  )
}

function permissionOf(call: ItemCall): EffectivePermission {
  const found = living(call).find(({ permission }) => permission.id === call.parameters.permission)
  if (found === undefined) throw itemNotFound()
  return found
}

function render(call: ItemCall, { permission, from }: EffectivePermission): Rendered {
  const { drive } = call
  const { grantedTo, grantedToIdentities, link: shared, invitation, password, expiresAt } = permission
  const path = from?.path() ?? ''
  return {
    id: permission.id,
    roles: permission.roles,
    ...(permission.roles.includes('owner') ? {} : { shareId: `u!${Buffer.from(permission.id).toString('base64url')}` }),
    ...(expiresAt === undefined ? {} : { expirationDateTime: iso(expiresAt) }),
    ...(shared === undefined && password === undefined ? {} : { hasPassword: password !== undefined }),
    ...(grantedTo === undefined ? {} : { grantedToV2: identities(grantedTo), grantedTo: onlyUser(grantedTo) }),
    ...(shared === undefined
      ? {}
      : {
          link: { scope: shared.scope, type: shared.type, webUrl: shared.webUrl, preventsDownload: false },
          grantedToIdentitiesV2: grantedToIdentities.map(identities),
          grantedToIdentities: grantedToIdentities.map(onlyUser),
        }),
    ...(invitation === undefined ? {} : { invitation }),
    ...(from === undefined
      ? {}
      : {
          inheritedFrom: {
            driveId: drive.id,
            id: from.id,
            path: `/drives/${drive.id}/root:${path === '' ? '' : `/${path}`}`,
          },
        }),
  }
}

/** The deprecated form, which knows users only. */
function onlyUser(one: NonNullable<StoredPermission['grantedTo']>): Rendered {
  return one.user === undefined ? {} : identities({ user: one.user })
}

/** POST items/{item}/invite. Source: https://learn.microsoft.com/graph/api/driveitem-invite */
export function invite(call: RouteCall): Reply {
  const found = withItem(call)
  const body = jsonObject(call.request)
  refuseOthers(body, inviteProperties)
  const recipients = recipientsIn(found, body)
  const role = roleIn(body)
  const sendInvitation = flagIn(body, 'sendInvitation') ?? false
  const requireSignIn = flagIn(body, 'requireSignIn') ?? false
  if (!sendInvitation && !requireSignIn) {
    throw invalidRequest('At least one of requireSignIn and sendInvitation must be true.')
  }
  const more = { role, ...secrets(found, body) }
  const granted = recipients.map((to) => {
    const permission = grant(found.drives, found.drive, found.item, { to, ...more })
    if (sendInvitation) found.drives.mails.push({ item: found.item.path(), to, message: textIn(body, 'message') })
    return permission
  })
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#Collection(permission)`,
    value: granted.map((permission) => render(found, { permission, from: undefined })),
  })
}

const inviteProperties = [
  'recipients',
  'roles',
  'requireSignIn',
  'sendInvitation',
  'message',
  'password',
  'expirationDateTime',
  'retainInheritedPermissions',
]

function secrets(
  call: ItemCall,
  body: JsonObject,
): Pick<Parameters<typeof grant>[3], 'password' | 'expirationDateTime' | 'retainInheritedPermissions'> {
  const password = textIn(body, 'password')
  const expires = timeIn(body, 'expirationDateTime')
  const retainInheritedPermissions = flagIn(body, 'retainInheritedPermissions')
  if (expires !== undefined && expires <= call.now) throw invalidRequest('expirationDateTime must be in the future.')
  return {
    ...(password === undefined ? {} : { password }),
    ...(expires === undefined ? {} : { expirationDateTime: new Date(expires).toISOString() }),
    ...(retainInheritedPermissions === undefined ? {} : { retainInheritedPermissions }),
  }
}

function recipientsIn(call: ItemCall, body: JsonObject): string[] {
  const recipients = property(body, 'recipients')
  if (!Array.isArray(recipients) || recipients.length === 0) throw invalidRequest('recipients must not be empty.')
  return recipients.map((one: unknown) => {
    if (!isObject(one)) throw invalidRequest('A recipient must be an object.')
    refuseOthers(one, ['email', 'alias', 'objectId'])
    const name = textIn(one, 'objectId') ?? textIn(one, 'email') ?? textIn(one, 'alias')
    if (name === undefined) throw invalidRequest('A recipient needs an email, alias or objectId.')
    if (findPrincipal(call.drives, name) === undefined)
      throw invalidRequest('Some users could not be resolved.', 'noResolvedUsers')
    return name
  })
}

function roleIn(body: JsonObject): 'read' | 'write' {
  const roles: unknown = property(body, 'roles')
  const role: unknown = Array.isArray(roles) && roles.length === 1 ? roles[0] : undefined
  if (role !== 'read' && role !== 'write') throw invalidRequest('roles must be ["read"] or ["write"].')
  return role
}

/** POST items/{item}/createLink: 201, or 200 for a link that is there. Source: https://learn.microsoft.com/graph/api/driveitem-createlink */
export function createLink(call: RouteCall): Reply {
  const found = withItem(call)
  const body = jsonObject(call.request)
  refuseOthers(body, linkProperties)
  const type = wordIn(body, 'type', ['view', 'edit', 'embed'] as const) ?? 'view'
  const scope = wordIn(body, 'scope', ['anonymous', 'organization', 'users'] as const) ?? 'organization'
  if (type === 'embed' && found.drive.type !== 'personal')
    throw invalidRequest('Embed links are for personal drives only.')
  if (scope === 'organization' && found.drive.type === 'personal')
    throw invalidRequest('The scope is not supported here.')
  const to = property(body, 'recipients') === undefined ? [] : recipientsIn(found, body)
  const more = secrets(found, body)
  if (more.password !== undefined && scope !== 'anonymous')
    throw invalidRequest('Only anonymous links have a password.')
  const { permission, isNew } = link(found.drives, found.drive, found.item, { type, scope, to, ...more })
  const notifies = flagIn(body, 'sendNotification') ?? false
  if (notifies)
    for (const one of to)
      found.drives.mails.push({ item: found.item.path(), to: one, message: textIn(body, 'message') })
  return jsonReply(isNew ? 201 : 200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#permission`,
    ...render(found, { permission, from: undefined }),
  })
}

const linkProperties = [
  'type',
  'scope',
  'password',
  'expirationDateTime',
  'retainInheritedPermissions',
  'recipients',
  'sendNotification',
  'message',
]

function wordIn<Word extends string>(body: JsonObject, name: string, words: readonly Word[]): Word | undefined {
  const text = textIn(body, name)
  if (text === undefined) return undefined
  const word = words.find((one) => one.toLowerCase() === text.toLowerCase())
  if (word === undefined) throw invalidRequest(`${name} must be one of ${words.join(', ')}.`)
  return word
}

/** Own permissions can be changed; inherited ones where they come from, the owner's not at all. */
function ownPermission(call: ItemCall): StoredPermission {
  const { permission, from } = permissionOf(call)
  if (from !== undefined) throw invalidRequest('An inherited permission cannot be changed here.')
  if (permission.roles.includes('owner')) throw accessDenied("The owner's permission cannot be changed.")
  return permission
}

/** PATCH items/{item}/permissions/{permission} */
export function updatePermission(call: RouteCall): Reply {
  const found = withItem(call)
  const body = jsonObject(call.request)
  refuseOthers(body, ['roles', 'expirationDateTime', 'password'])
  const permission = ownPermission(found)
  const { expirationDateTime, password } = secrets(found, body)
  if (permission.link !== undefined && 'roles' in body) throw invalidRequest('The role of a link cannot be changed.')
  if ('roles' in body) permission.roles = [roleIn(body)]
  if (expirationDateTime !== undefined) permission.expiresAt = Date.parse(expirationDateTime)
  if (password !== undefined) permission.password = password
  found.drive.change(found.item, found.drive.creator)
  return jsonReply(200, {
    '@odata.context': `${contextOf(found)}/$entity`,
    ...render(found, { permission, from: undefined }),
  })
}

/** DELETE items/{item}/permissions/{permission} */
export function deletePermission(call: RouteCall): Reply {
  const found = withItem(call)
  const permission = ownPermission(found)
  found.item.permissions = found.item.permissions.filter((one) => one !== permission)
  found.drive.change(found.item, found.drive.creator)
  return emptyReply(204)
}

/** POST items/{item}/permissions/{permission}/grant: more people for a link of scope `users`. */
export function grantLink(call: RouteCall): Reply {
  const found = withItem(call)
  const body = jsonObject(call.request)
  refuseOthers(body, ['recipients', 'roles'])
  const role: Role = roleIn(body)
  const permission = ownPermission(found)
  if (permission.link?.scope !== 'users') throw invalidRequest('Only links for specific people can be granted.')
  if (!permission.roles.includes(role)) throw invalidRequest('The role is another one than that of the link.')
  const people = recipientsIn(found, body).flatMap((name) => findPrincipal(found.drives, name) ?? [])
  permission.grantedToIdentities = [...permission.grantedToIdentities, ...people]
  found.drive.change(found.item, found.drive.creator)
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#Collection(permission)`,
    value: [render(found, { permission, from: undefined })],
  })
}
