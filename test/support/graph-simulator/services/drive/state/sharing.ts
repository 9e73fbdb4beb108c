import { guidFrom } from '../../../random.ts'
import type { Drive } from './drive.ts'
import type { StoredUser } from '../../../state/user.ts'
import { identityOf } from './identity.ts'
import type { Identities, Role, StoredItem, StoredLink, StoredPermission } from './item.ts'

/** A mail that Graph would have sent to tell somebody of a share. */
export interface SharingMail {
  readonly item: string
  readonly to: string
  readonly message: string | undefined
}

export interface GrantInput {
  /** A user by id or name, the id of a group made known by `addGroup`, or any other mail address (a guest). */
  readonly to: string
  readonly role?: 'read' | 'write'
  /** ISO 8601. */
  readonly expirationDateTime?: string
  readonly password?: string
  readonly retainInheritedPermissions?: boolean
}

export interface LinkInput {
  readonly type: StoredLink['type']
  readonly scope: StoredLink['scope']
  readonly password?: string
  readonly expirationDateTime?: string
  /** For scope `users`. */
  readonly to?: readonly string[]
  readonly retainInheritedPermissions?: boolean
}

/** A permission as it holds for an item: its own, or one of the folder `from` above it. */
export interface EffectivePermission {
  readonly permission: StoredPermission
  readonly from: StoredItem | undefined
}

/** Everybody's access to an item: own permissions first, then what comes from above, up to the owner's. */
export function effectivePermissions(drive: Drive, item: StoredItem): EffectivePermission[] {
  const found: EffectivePermission[] = item.permissions.map((permission) => ({ permission, from: undefined }))
  let inherits = item.inherits
  for (const above of item.ancestors()) {
    if (!inherits) return found
    found.push(...above.permissions.map((permission) => ({ permission, from: above })))
    inherits = above.inherits
  }
  return inherits
    ? [...found, { permission: ownerPermission(drive), from: item === drive.root ? undefined : drive.root }]
    : found
}

function ownerPermission(drive: Drive): StoredPermission {
  return {
    id: permissionId(drive.root, 'owner'),
    roles: ['owner'],
    grantedTo: drive.creator,
    grantedToIdentities: [],
    link: undefined,
    invitation: undefined,
    password: undefined,
    expiresAt: undefined,
  }
}

/** Whether Graph shows the `shared` facet: for what was shared itself, and for everything below it. */
export function sharedScope(item: StoredItem): StoredLink['scope'] | undefined {
  const scopes = new Set<StoredLink['scope']>()
  for (const one of [item, ...item.ancestors()]) {
    for (const { link: shared, roles } of one.permissions)
      if (!roles.includes('owner')) scopes.add(shared?.scope ?? 'users')
    if (!one.inherits) break
  }
  return (['anonymous', 'organization', 'users'] as const).find((scope) => scopes.has(scope))
}

/** Who there is to share with. */
export interface People {
  readonly principals: readonly Identities[]
  findUser(name: string): StoredUser | undefined
  isOwnDomain(address: string): boolean
}

/** Grants access; a grant to the same person is raised or lowered instead of doubled. */
export function grant(people: People, drive: Drive, item: StoredItem, more: GrantInput): StoredPermission {
  const grantedTo = principal(people, more.to)
  breakInheritance(drive, item, more.retainInheritedPermissions ?? true)
  const roles: readonly Role[] = [more.role ?? 'read']
  const key = principalKey(grantedTo)
  const existing = item.permissions.find((one) => one.grantedTo !== undefined && principalKey(one.grantedTo) === key)
  const guest = grantedTo.user?.id === undefined && grantedTo.group === undefined
  const permission = existing ?? {
    id: permissionId(item, key),
    roles,
    grantedTo,
    grantedToIdentities: [],
    link: undefined,
    invitation: guest ? { email: more.to, signInRequired: true } : undefined,
    password: undefined,
    expiresAt: undefined,
  }
  permission.roles = roles
  permission.password = more.password ?? permission.password
  permission.expiresAt = timeOf(more.expirationDateTime) ?? permission.expiresAt
  if (existing === undefined) item.permissions.push(permission)
  drive.change(item, drive.creator)
  return permission
}

/** Makes a link, or gives the one of the same kind that is there. */
export function link(
  people: People,
  drive: Drive,
  item: StoredItem,
  more: LinkInput,
): { readonly permission: StoredPermission; readonly isNew: boolean } {
  breakInheritance(drive, item, more.retainInheritedPermissions ?? true)
  const same = item.permissions.find(({ link: one }) => one?.type === more.type && one.scope === more.scope)
  if (same !== undefined && more.scope !== 'users') return { permission: same, isNew: false }
  const id = guidFrom(`${item.id} link ${more.type} ${more.scope} ${String(item.permissions.length)}`)
  const permission: StoredPermission = {
    id,
    roles: [more.type === 'edit' ? 'write' : 'read'],
    grantedTo: undefined,
    grantedToIdentities: (more.to ?? []).map((name) => principal(people, name)),
    link: { type: more.type, scope: more.scope, webUrl: linkAddress(drive, item, id) },
    invitation: undefined,
    password: more.password,
    expiresAt: timeOf(more.expirationDateTime),
  }
  item.permissions.push(permission)
  drive.change(item, drive.creator)
  return { permission, isNew: true }
}

function linkAddress(drive: Drive, item: StoredItem, id: string): string {
  const kind = item.isContainer ? 'f' : 'b'
  return `https://contoso-my.sharepoint.com/:${kind}:/g/${drive.webPath}/E${Buffer.from(id).toString('base64url')}`
}

/** The first own permission cuts an item off from what is above; what it had from there becomes its own, unless told. */
function breakInheritance(drive: Drive, item: StoredItem, retain: boolean): void {
  if (!item.inherits || item === drive.root || item.permissions.length > 0) return
  const above = effectivePermissions(drive, item).map(({ permission }) => permission)
  item.permissions = above
    .filter(({ roles }) => retain || roles.includes('owner'))
    .map((permission) => ({ ...permission, id: permissionId(item, permission.id) }))
  item.inherits = false
}

/** Who a name stands for. A mail address of another domain is a guest. */
export function findPrincipal(people: People, name: string): Identities | undefined {
  const user = people.findUser(name)
  if (user !== undefined) return withLogin(identityOf(user))
  const known = people.principals.find(
    ({ group }) => group?.id === name || group?.email?.toLowerCase() === name.toLowerCase(),
  )
  if (known !== undefined) return known
  return name.includes('@') && !people.isOwnDomain(name) ? { user: { displayName: name, email: name } } : undefined
}

function principal(people: People, name: string): Identities {
  const found = findPrincipal(people, name)
  if (found === undefined) throw new Error(`Nobody is called ${name}`)
  return found
}

const withLogin = (user: ReturnType<typeof identityOf>): Identities => ({
  user,
  siteUser: { ...user, loginName: `i:0#.f|membership|${user.email}` },
})

function principalKey({ user, group, siteGroup, application }: Identities): string {
  const one = user ?? group ?? siteGroup ?? application
  return (one?.id ?? one?.email ?? one?.displayName ?? '').toLowerCase()
}

function permissionId(item: StoredItem, key: string): string {
  return Buffer.from(`${item.guid.slice(0, 8)}|${key}`).toString('base64url')
}

const timeOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text))
