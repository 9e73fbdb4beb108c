import { createHash } from 'node:crypto'
import type { TenantState } from '../../state/tenant.ts'
import type { StoredUser } from '../../state/user.ts'
import { lists } from './properties.ts'

/** Dates that the schema lets have no null: SharePoint gives its first day for "none". */
const neverNull: ReadonlySet<string> = new Set(['birthday', 'hireDate'])

export interface ProfilePhoto {
  readonly bytes: Buffer
  readonly contentType: string
  readonly width: number
  readonly height: number
}

interface Profile {
  /** What was set beyond the user's own record. */
  properties: Record<string, unknown>
  photo: ProfilePhoto | undefined
  licences: readonly object[]
  /** Graph id of a user. */
  manager: string | undefined
}

/** Profiles of all users: what an administrator does, and what tests compare with. Users by id or userPrincipalName. */
export class ProfilesState {
  /** Properties of the account (password, sign-in name ...) that requests changed: no restore may do that. */
  readonly accountChanges: string[] = []
  /** How a missing photo of a user shows: both answers are documented. */
  missingPhoto: 'not-found' | 'tiny-picture' = 'not-found'
  /** What belongs to SharePoint can be written only for a signed-in person; tests may let the application. */
  applicationsWriteSharePoint = false
  private readonly tenant: TenantState
  private readonly profiles = new Map<string, Profile>()

  constructor(tenant: TenantState) {
    this.tenant = tenant
  }

  set(user: string, properties: Readonly<Record<string, unknown>>): void {
    Object.assign(this.profile(user).properties, properties)
  }

  setPhoto(user: string, bytes: Buffer | undefined, width = 648, height = 648): void {
    const photo = bytes === undefined ? undefined : { bytes, contentType: 'image/jpeg', width, height }
    this.profile(user).photo = photo
  }

  setLicences(user: string, licences: readonly object[]): void {
    this.profile(user).licences = licences
  }

  setManager(user: string, manager: string | undefined): void {
    this.profile(user).manager = manager === undefined ? undefined : this.user(manager).id
  }

  photo(user: string): ProfilePhoto | undefined {
    return this.profile(user).photo
  }

  licences(user: string): readonly object[] {
    return this.profile(user).licences
  }

  manager(user: string): StoredUser | undefined {
    const { manager } = this.profile(user)
    return manager === undefined ? undefined : this.tenant.findUser(manager)
  }

  directReports(user: string): readonly StoredUser[] {
    const { id } = this.user(user)
    return this.tenant.allUsers().filter((other) => this.profiles.get(other.id)?.manager === id)
  }

  /** One property, whether the user has a value for it or not. */
  property(user: string, name: string): unknown {
    const stored = this.user(user)
    const { properties } = this.profile(user)
    if (name in properties) return properties[name]
    if (name in stored && name !== 'mailbox') return stored[name as keyof StoredUser]
    if (name === 'proxyAddresses') return stored.mail === null ? [] : [`SMTP:${stored.mail}`]
    if (name === 'mailNickname') return stored.userPrincipalName.split('@')[0]
    if (name === 'userType') return 'Member'
    if (neverNull.has(name)) return '0001-01-01T00:00:00Z'
    return lists.has(name) ? [] : null
  }

  private profile(user: string): Profile {
    const { id } = this.user(user)
    const known = this.profiles.get(id)
    if (known !== undefined) return known
    const profile: Profile = { properties: {}, photo: undefined, licences: [], manager: undefined }
    this.profiles.set(id, profile)
    return profile
  }

  private user(user: string): StoredUser {
    const found = this.tenant.findUser(user)
    if (found === undefined) throw new Error(`No user ${user}`)
    return found
  }
}

export function mediaEtag({ bytes }: ProfilePhoto): string {
  return `"${createHash('sha256').update(bytes).digest('hex').slice(0, 8).toUpperCase()}"`
}

const make = (tenant: TenantState): ProfilesState => new ProfilesState(tenant)

export function profilesState(tenant: TenantState): ProfilesState {
  return tenant.service(make)
}
