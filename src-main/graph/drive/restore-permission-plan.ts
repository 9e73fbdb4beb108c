import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { PersonMap, RestoreOptions, RestoreRemark } from '../../engine/ports/restore-target.ts'
import { filledText, isObject, list, record, time } from '../item/fields.ts'

/** A sharing link that is to be there. */
export interface WantedLink {
  readonly type: string
  readonly scope: string
  readonly expires: string | undefined
  /** Graph ids of whom a link for particular people is for. */
  readonly people: readonly string[]
}

/** Access of one person that is to be there. */
export interface WantedGrant {
  /** Graph id in the target tenant. */
  readonly person: string
  readonly role: 'read' | 'write'
  readonly expires: string | undefined
}

export interface PermissionPlan {
  readonly links: readonly WantedLink[]
  readonly grants: readonly WantedGrant[]
  /** What cannot come back. */
  readonly remarks: readonly RestoreRemark[]
}

interface Plan {
  readonly links: WantedLink[]
  readonly grants: WantedGrant[]
  readonly remarks: RestoreRemark[]
}

/** Kinds of links that can be made; `embed` is of personal drives only, and Graph says so where it is not. */
const linkTypes: ReadonlySet<string> = new Set(['view', 'edit', 'embed', 'review', 'blocksDownload'])
const linkScopes: ReadonlySet<string> = new Set(['anonymous', 'organization', 'users'])

/** Who acts for whom in the plan. */
export interface PlanContext {
  readonly options: Pick<RestoreOptions, 'onRequest' | 'people'>
  /** Graph ids of those whose drive it was and is: they need no permission, and get none. */
  readonly owners: readonly string[]
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * What is to be made of stored permissions. Inherited ones are not there on their own account; of the others only what
 * was asked for: grants by 'permissions', links by 'sharing-links'.
 */
export function planPermissions(permissions: readonly JsonObject[], context: PlanContext): PermissionPlan {
  const plan: Plan = { links: [], grants: [], remarks: [] }
  const { onRequest } = context.options
  for (const permission of permissions) {
    if (record(permission, 'inheritedFrom') !== undefined) continue
    const link = record(permission, 'link')
    const isWanted = onRequest.has(link === undefined ? 'permissions' : 'sharing-links')
    if (!isWanted) continue
    if (isExpired(permission, context.now)) plan.remarks.push({ code: 'permission-expired' })
    else if (link === undefined) planGrant(plan, permission, context)
    else planLink(plan, permission, link, context)
  }
  return { ...plan, remarks: distinct(plan.remarks) }
}

function isExpired(permission: JsonObject, now: number): boolean {
  const expires = time(permission, 'expirationDateTime')
  return expires !== undefined && expires <= now
}

function planLink(plan: Plan, permission: JsonObject, link: JsonObject, context: PlanContext): void {
  const kind = filledText(link, 'type') ?? ''
  const type = link.preventsDownload === true && kind === 'view' ? 'blocksDownload' : kind
  const scope = filledText(link, 'scope') ?? 'anonymous'
  // Without its password it would let in more people than before.
  if (permission.hasPassword === true) plan.remarks.push({ code: 'link-password-lost' })
  else if (!linkTypes.has(type) || !linkScopes.has(scope))
    plan.remarks.push({ code: 'link-not-restored', detail: type })
  else {
    const people = scope === 'users' ? linkPeople(plan, permission, context.options.people) : []
    if (scope === 'users' && people.length === 0) return
    plan.links.push({ type, scope, expires: filledText(permission, 'expirationDateTime'), people })
  }
}

function linkPeople(plan: Plan, permission: JsonObject, people: PersonMap): readonly string[] {
  const named = list(permission, 'grantedToIdentitiesV2') ?? list(permission, 'grantedToIdentities') ?? []
  const found = named.map((identity) => personOf(identity, people))
  if (found.length === 0 || found.includes(undefined)) plan.remarks.push({ code: 'person-unmapped' })
  return [...new Set(found.filter((person) => person !== undefined))]
}

function planGrant(plan: Plan, permission: JsonObject, { options, owners }: PlanContext): void {
  const identities = record(permission, 'grantedToV2') ?? record(permission, 'grantedTo') ?? {}
  const foreign = foreignKind(identities)
  if (foreign !== undefined) {
    plan.remarks.push({ code: foreign })
    return
  }
  const invited = filledText(record(permission, 'invitation') ?? {}, 'email')
  const person = personOf(identities, options.people, invited)
  if ([person, idOf(identities)].some((id) => id !== undefined && owners.includes(id))) return
  const roles = (list(permission, 'roles') ?? []).filter((role) => typeof role === 'string')
  const role = roles.includes('write') ? 'write' : roles.includes('read') ? 'read' : undefined
  if (role === undefined) plan.remarks.push({ code: 'owner-role-lost' })
  else if (person === undefined) plan.remarks.push({ code: 'person-unmapped' })
  else plan.grants.push({ person, role, expires: filledText(permission, 'expirationDateTime') })
}

function foreignKind(identities: JsonObject): string | undefined {
  if (record(identities, 'user') !== undefined || record(identities, 'group') !== undefined) return undefined
  if (record(identities, 'siteGroup') !== undefined || record(identities, 'sharePointGroup') !== undefined)
    return 'site-group-lost'
  const isApplication = record(identities, 'application') !== undefined || record(identities, 'device') !== undefined
  return isApplication ? 'application-grant-lost' : undefined
}

function personOf(identities: JsonValue | undefined, people: PersonMap, invited?: string): string | undefined {
  const set = isObject(identities) ? identities : {}
  const id = idOf(set)
  const address = invited ?? addressOf(set)
  return id === undefined && address === undefined ? undefined : people({ id, address })?.id
}

function idOf(identities: JsonObject): string | undefined {
  const identity = record(identities, 'user') ?? record(identities, 'group') ?? {}
  return filledText(identity, 'id')
}

/** SharePoint's own name of a person ends with the address: "i:0#.f|membership|ada@contoso.example". */
function addressOf(identities: JsonObject): string | undefined {
  const identity = record(identities, 'user') ?? record(identities, 'group') ?? {}
  const site = record(identities, 'siteUser') ?? {}
  const login = filledText(site, 'loginName')?.split('|').at(-1)
  return (
    filledText(identity, 'email') ?? filledText(site, 'email') ?? (login?.includes('@') === true ? login : undefined)
  )
}

/** Each remark once. */
export function distinct(remarks: readonly RestoreRemark[]): readonly RestoreRemark[] {
  const seen = new Map(remarks.map((remark) => [`${remark.code} ${remark.detail ?? ''}`, remark]))
  return [...seen.values()]
}

/** What of the plan is not there yet, going by the permissions that the item has. */
export function missingOf(plan: PermissionPlan, existing: readonly JsonObject[]): PermissionPlan {
  const links = plan.links.filter((link) => !existing.some((permission) => isSameLink(link, permission)))
  const grants = plan.grants.filter((grant) => !existing.some((permission) => givesGrant(grant, permission)))
  return { links, grants, remarks: plan.remarks }
}

function isSameLink(wanted: WantedLink, permission: JsonObject): boolean {
  const link = record(permission, 'link')
  if (link === undefined || record(permission, 'inheritedFrom') !== undefined || permission.hasPassword === true)
    return false
  const type = link.preventsDownload === true && link.type === 'view' ? 'blocksDownload' : link.type
  if (type !== wanted.type || (filledText(link, 'scope') ?? 'anonymous') !== wanted.scope) return false
  const people = (list(permission, 'grantedToIdentitiesV2') ?? list(permission, 'grantedToIdentities') ?? [])
    .filter(isObject)
    .map(idOf)
  return wanted.people.every((person) => people.includes(person))
}

/** Inherited access is access as well. */
function givesGrant({ person, role }: WantedGrant, permission: JsonObject): boolean {
  if (record(permission, 'link') !== undefined) return false
  const identities = record(permission, 'grantedToV2') ?? record(permission, 'grantedTo') ?? {}
  const roles = list(permission, 'roles') ?? []
  return idOf(identities) === person && (roles.includes(role) || roles.includes('owner') || roles.includes('write'))
}
