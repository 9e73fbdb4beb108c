/** Properties of a column in Graph's names; `name` is needed. */
export type NewColumn = Readonly<Record<string, unknown>> & { readonly name: string }
export type StoredColumn = NewColumn & { readonly id: string }

/** Properties of a content type in Graph's names; `name` is needed. */
export type NewContentType = Readonly<Record<string, unknown>> & { readonly name: string; readonly id?: string }
export type StoredContentType = NewContentType & { readonly id: string }

/** Access of an application to one site (Sites.Selected). */
export interface SitePermission {
  readonly id: string
  roles: readonly string[]
  readonly application: { readonly id: string; readonly displayName: string }
}

/**
 * How a site is closed. Seen in the wild: 423 notAllowed for sites that are locked or archived, 403 accessDenied for some.
 * `read-only` sites are read but not written.
 */
export type SiteLock = 'locked' | 'denied' | 'read-only'

/** A page as somebody makes it. Times are those of the simulator's clock. */
export interface NewPage {
  readonly name: string
  readonly title: string
  readonly description?: string
  readonly pageLayout?: 'article' | 'home' | 'microsoftReserved'
  readonly promotionKind?: 'page' | 'newsPost' | 'microsoftReserved'
  readonly showComments?: boolean
  readonly showRecommendedPages?: boolean
  readonly thumbnailWebUrl?: string
  readonly titleArea?: Readonly<Record<string, unknown>>
  /** As Graph shows it: horizontalSections, verticalSection. */
  readonly canvasLayout?: Readonly<Record<string, unknown>>
  /** A draft unless told. */
  readonly published?: boolean
  /** Whose name stands at it. */
  readonly by?: { readonly displayName: string; readonly email: string }
}

export interface StoredPage {
  readonly id: string
  name: string
  title: string
  description: string | undefined
  pageLayout: string
  promotionKind: string
  showComments: boolean
  showRecommendedPages: boolean
  thumbnailWebUrl: string | undefined
  titleArea: Readonly<Record<string, unknown>> | undefined
  canvasLayout: Readonly<Record<string, unknown>> | undefined
  isPublished: boolean
  /** Graph cannot show what is on it. */
  isUnreadable: boolean
  /** Counts changes: the number in the eTag. */
  version: number
  readonly createdAt: number
  modifiedAt: number
  readonly createdBy: { readonly displayName: string; readonly email: string } | undefined
  modifiedBy: { readonly displayName: string; readonly email: string } | undefined
}

interface SiteFacts {
  readonly host: string
  readonly path: string
  readonly displayName: string
  readonly description: string
  readonly collectionId: string
  readonly webId: string
  readonly listId: string
  readonly parent: StoredSite | undefined
  readonly group: string | undefined
  readonly isPersonal: boolean
  readonly createdAt: number
}

/** One site or subsite. */
export class StoredSite {
  /** `host,collection,web`, in lower case. */
  readonly id: string
  readonly host: string
  readonly path: string
  readonly collectionId: string
  readonly webId: string
  /** Of the library "Site Pages". */
  readonly listId: string
  readonly parent: StoredSite | undefined
  /** Id of the Microsoft 365 group. */
  readonly group: string | undefined
  readonly isPersonal: boolean
  readonly createdAt: number
  displayName: string
  description: string
  modifiedAt: number
  isDeleted = false
  lock: SiteLock | undefined
  /** When it was archived, as `siteCollection.archivalDetails` says it: "fullyArchived", "recentlyArchived", "reactivating". */
  archiveStatus: string | undefined
  /** Classic sites may have no library for pages. */
  hasPages = true
  readonly columns: StoredColumn[] = []
  readonly contentTypes: StoredContentType[] = []
  permissions: SitePermission[] = []
  readonly pages = new Map<string, StoredPage>()

  constructor(facts: SiteFacts) {
    this.host = facts.host
    this.path = facts.path
    this.collectionId = facts.collectionId
    this.webId = facts.webId
    this.listId = facts.listId
    this.parent = facts.parent
    this.group = facts.group?.toLowerCase()
    this.isPersonal = facts.isPersonal
    this.createdAt = facts.createdAt
    this.modifiedAt = facts.createdAt
    this.displayName = facts.displayName
    this.description = facts.description
    this.id = `${this.host},${this.collectionId},${this.webId}`
  }

  /** The last part of its address; empty for the root site of a host. */
  get name(): string {
    return this.path.split('/').at(-1) ?? ''
  }

  get webUrl(): string {
    const path = this.path.split('/').map(encodeURIComponent).join('/')
    return `https://${this.host}${path === '' ? '' : `/${path}`}`
  }

  /** The lock of the site itself: subsites are locked with their collection. */
  get effectiveLock(): SiteLock | undefined {
    return this.lock ?? this.parent?.effectiveLock
  }

  addPage(page: NewPage, { id, now }: { readonly id: string; readonly now: number }): StoredPage {
    const stored: StoredPage = {
      id,
      name: page.name,
      title: page.title,
      description: page.description,
      pageLayout: page.pageLayout ?? 'article',
      promotionKind: page.promotionKind ?? 'page',
      showComments: page.showComments ?? true,
      showRecommendedPages: page.showRecommendedPages ?? false,
      thumbnailWebUrl: page.thumbnailWebUrl,
      titleArea: page.titleArea,
      canvasLayout: page.canvasLayout,
      isPublished: page.published === true,
      isUnreadable: false,
      version: 1,
      createdAt: now,
      modifiedAt: now,
      createdBy: page.by,
      modifiedBy: page.by,
    }
    this.pages.set(id, stored)
    return stored
  }

  editPage(page: StoredPage, { published, by, ...change }: Partial<NewPage>, now: number): void {
    Object.assign(page, change)
    if (published !== undefined) page.isPublished = published
    if (by !== undefined) page.modifiedBy = by
    page.version++
    page.modifiedAt = now
  }
}
