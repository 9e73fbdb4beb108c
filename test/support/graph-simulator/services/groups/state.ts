import type { SimulatorClock } from '../../clock.ts'
import { guidFrom } from '../../random.ts'
import type { TenantState } from '../../state/tenant.ts'

/** A group as tests put it there. Users by id or userPrincipalName, other members by id. */
export interface NewGroup {
  readonly displayName: string
  /** Made from the name unless told; null for none. */
  readonly mail?: string | null
  readonly members?: readonly string[]
  readonly owners?: readonly string[]
  /** A Microsoft 365 group (the default), or else a security group without a mailbox. */
  readonly unified?: boolean
  /** Whether it says that it has a team. */
  readonly team?: boolean
  readonly id?: string
  /** Any further properties, in Graph's names. */
  readonly properties?: Readonly<Record<string, unknown>>
}

/** Something other than a user that can be in a group. */
export interface OtherMember {
  /** `group`, `device`, `servicePrincipal`, `orgContact`. */
  readonly type: string
  readonly id: string
  readonly displayName: string
}

export interface GroupPhoto {
  readonly bytes: Buffer
  readonly contentType: string
  readonly width: number
  readonly height: number
}

export interface StoredGroup {
  readonly id: string
  displayName: string
  mail: string | null
  mailNickname: string
  groupTypes: readonly string[]
  /** Has `Team` if it says that it has one. */
  resourceProvisioningOptions: readonly string[]
  visibility: string
  readonly createdDateTime: string
  /** All other properties that have a value, in Graph's names. */
  readonly more: Record<string, unknown>
  /** Ids, in the order in which they came. */
  readonly members: Set<string>
  readonly owners: Set<string>
  photo: GroupPhoto | undefined
}

/** All groups of a tenant, for every service that has something of them. */
export class GroupDirectory {
  /** Groups that requests answer 403 for: by id. */
  readonly forbidden = new Set<string>()
  /** Objects of the directory that are neither users nor Microsoft 365 groups, by id. */
  readonly others = new Map<string, OtherMember>()
  /** Mails that Exchange sent because of a request: welcome messages to new members and owners. */
  welcomed = 0
  /**
   * What Exchange keeps of a group can be had only by a signed-in person; tests may let the application.
   * https://github.com/microsoftgraph/microsoft-graph-docs/issues/10640
   */
  applicationsUseExchange = false
  /** Entries of a page of members when nothing else is asked for. */
  pageSize = 100
  /** A page is never larger, whatever `$top` says. */
  largestPage = 999
  private readonly tenant: TenantState
  private readonly clock: SimulatorClock
  private readonly byId = new Map<string, StoredGroup>()
  private next = 1

  constructor(tenant: TenantState, clock: SimulatorClock) {
    this.tenant = tenant
    this.clock = clock
  }

  add(group: NewGroup): StoredGroup {
    const unified = group.unified ?? true
    const mailNickname = this.freeNickname(group.displayName)
    const stored: StoredGroup = {
      id: group.id ?? this.newId(),
      displayName: group.displayName,
      mail: group.mail === undefined ? (unified ? `${mailNickname}@${this.domain()}` : null) : group.mail,
      mailNickname,
      groupTypes: unified ? ['Unified'] : [],
      resourceProvisioningOptions: group.team === true ? ['Team'] : [],
      visibility: unified ? 'Public' : 'Private',
      createdDateTime: new Date(this.clock.now()).toISOString().slice(0, 19) + 'Z',
      more: {},
      members: new Set(group.members?.map((user) => this.memberId(user))),
      owners: new Set(group.owners?.map((user) => this.memberId(user))),
      photo: undefined,
    }
    this.byId.set(stored.id, stored)
    this.set(stored.id, group.properties ?? {})
    return stored
  }

  get(id: string): StoredGroup | undefined {
    return this.byId.get(id.toLowerCase())
  }

  byNickname(nickname: string): StoredGroup | undefined {
    const wanted = nickname.toLowerCase()
    for (const group of this.byId.values()) if (group.mailNickname.toLowerCase() === wanted) return group
    return undefined
  }

  all(): readonly StoredGroup[] {
    return [...this.byId.values()]
  }

  ids(): Iterator<string> {
    return this.byId.keys()
  }

  /** Sets properties in Graph's names. */
  set(id: string, properties: Readonly<Record<string, unknown>>): void {
    const group = this.known(id)
    for (const [name, value] of Object.entries(properties)) {
      if (ownProperties.has(name)) Object.assign(group, { [name]: value })
      else group.more[name] = value
    }
  }

  addOther(type: string, displayName: string): OtherMember {
    const other = { type, id: guidFrom(`${type} ${displayName} ${String(this.next++)}`), displayName }
    this.others.set(other.id, other)
    return other
  }

  setPhoto(id: string, bytes: Buffer | undefined, width = 648, height = 648): void {
    this.known(id).photo = bytes === undefined ? undefined : { bytes, contentType: 'image/jpeg', width, height }
  }

  /** Whether there was one; whatever it owned cannot be reached from then on. */
  remove(id: string): boolean {
    return this.byId.delete(id.toLowerCase())
  }

  private known(id: string): StoredGroup {
    const group = this.get(id)
    if (group === undefined) throw new Error(`No group ${id}`)
    return group
  }

  private memberId(user: string): string {
    if (this.others.has(user)) return user
    const id = this.tenant.findUser(user)?.id
    if (id === undefined) throw new Error(`No user ${user}`)
    return id
  }

  /** No two tenants have an id in common. */
  private newId(): string {
    return guidFrom(`group ${this.tenant.allUsers()[0]?.id ?? ''} ${String(this.next++)}`)
  }

  private domain(): string {
    return this.tenant.allUsers()[0]?.userPrincipalName.split('@')[1] ?? 'contoso.example'
  }

  private freeNickname(displayName: string): string {
    const wanted = displayName.replace(/[^A-Za-z0-9._-]/g, '').toLowerCase() || 'group'
    let nickname = wanted
    for (let number = 2; this.byNickname(nickname) !== undefined; number++) nickname = `${wanted}${String(number)}`
    return nickname
  }
}

const ownProperties: ReadonlySet<string> = new Set([
  'displayName',
  'mail',
  'mailNickname',
  'groupTypes',
  'resourceProvisioningOptions',
  'visibility',
])

const make = (tenant: TenantState, clock: SimulatorClock): GroupDirectory => new GroupDirectory(tenant, clock)

export function groupDirectory(tenant: TenantState): GroupDirectory {
  return tenant.service(make)
}
