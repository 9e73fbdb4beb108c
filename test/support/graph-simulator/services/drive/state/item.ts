import type { FileContent } from './content.ts'
import { foldName } from './names.ts'

export interface Identity {
  readonly id?: string
  readonly displayName: string
  readonly email?: string
}

/** `identity` in one of Graph's forms. */
export interface Identities {
  readonly user?: Identity
  readonly group?: Identity
  readonly application?: Identity
  readonly siteUser?: Identity & { readonly loginName?: string }
  readonly siteGroup?: Identity & { readonly loginName?: string }
}

export type Role = 'read' | 'write' | 'owner'

export interface StoredPermission {
  readonly id: string
  roles: readonly Role[]
  /** Who was granted access directly. */
  readonly grantedTo: Identities | undefined
  /** Who may use a link of scope `users`. */
  grantedToIdentities: readonly Identities[]
  readonly link: StoredLink | undefined
  readonly invitation: { readonly email: string; readonly signInRequired: boolean } | undefined
  password: string | undefined
  /** Milliseconds since 1970. */
  expiresAt: number | undefined
}

export interface StoredLink {
  readonly type: 'view' | 'edit' | 'embed'
  readonly scope: 'anonymous' | 'organization' | 'users'
  readonly webUrl: string
}

export interface StoredVersion {
  /** `1.0`, `2.0` ... */
  readonly id: string
  readonly content: FileContent
  /** Milliseconds since 1970. */
  readonly modifiedAt: number
  readonly modifiedBy: Identities
}

export interface Times {
  /** Milliseconds since 1970; what `fileSystemInfo` says. */
  readonly createdAt: number
  readonly modifiedAt: number
}

export type ItemKind = 'file' | 'folder' | 'package' | 'shortcut'

/** Facets beyond those that follow from the kind: `image`, `photo`, `location`, `malware`, `remoteItem` ... as Graph shows them. */
export type Facets = Readonly<Record<string, unknown>>

/** Shared by all files: there may be very many. */
const noChildren = new Map<string, StoredItem>()

/** One file or folder of a drive. Everything is changed through the drive, which keeps counts and the change log. */
export class StoredItem {
  readonly number: number
  readonly guid: string
  readonly id: string
  readonly kind: ItemKind
  readonly createdAt: number
  parent: StoredItem | undefined
  name: string
  /** By folded name. */
  readonly children: Map<string, StoredItem>
  /** What the metadata speaks of. */
  content: FileContent | undefined
  /** What a download gives, where SharePoint rewrites files. */
  served: FileContent | undefined
  /** Of everything below, in bytes. */
  size = 0
  version = 1
  contentVersion = 1
  /** When the server last wrote it. */
  modifiedAt: number
  times: Times
  createdBy: Identities
  modifiedBy: Identities
  description: string | undefined
  facets: Facets = {}
  specialName: string | undefined
  /** Older contents, oldest first. */
  readonly history: StoredVersion[] = []
  versionNumber = 1
  /** Own permissions, once inheritance is broken or something was shared. */
  permissions: StoredPermission[] = []
  inherits = true
  removed: 'no' | 'recycled' | 'gone' = 'no'
  /** Sequence number of the last change. */
  changed = 0
  sorted: readonly StoredItem[] | undefined

  constructor(more: {
    readonly number: number
    readonly guid: string
    readonly id: string
    readonly kind: ItemKind
    readonly name: string
    readonly now: number
    readonly times: Times
    readonly by: Identities
  }) {
    this.number = more.number
    this.guid = more.guid
    this.id = more.id
    this.kind = more.kind
    this.children = this.isContainer ? new Map<string, StoredItem>() : noChildren
    this.name = more.name
    this.createdAt = more.now
    this.modifiedAt = more.now
    this.times = more.times
    this.createdBy = more.by
    this.modifiedBy = more.by
  }

  get isContainer(): boolean {
    return this.kind === 'folder' || this.kind === 'package'
  }

  child(name: string): StoredItem | undefined {
    return this.children.get(foldName(name))
  }

  /** In the order of a listing. */
  sortedChildren(): readonly StoredItem[] {
    this.sorted ??= [...this.children].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, child]) => child)
    return this.sorted
  }

  /** From the parent up to the root. */
  *ancestors(): Generator<StoredItem> {
    for (let above = this.parent; above !== undefined; above = above.parent) yield above
  }

  isWithin(folder: StoredItem): boolean {
    if (folder === this) return true
    for (const above of this.ancestors()) if (above === folder) return true
    return false
  }

  /** Names from the root down, the root's own left out. */
  path(): string {
    const names = [this, ...this.ancestors()].slice(0, -1).map(({ name }) => name)
    return names.reverse().join('/')
  }

  *below(): Generator<StoredItem> {
    for (const child of this.children.values()) {
      yield child
      yield* child.below()
    }
  }
}
