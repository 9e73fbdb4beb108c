import type { SimulatorClock } from '../../clock.ts'
import { guidFrom } from '../../random.ts'
import type { TenantState } from '../../state/tenant.ts'
import { drivesOf } from '../drive/state/drives.ts'
import { StoredSite } from './stored.ts'
import type { NewColumn, NewContentType, NewPage, SiteLock, SitePermission, StoredPage } from './stored.ts'

/** A site as tests put it there. */
export interface NewSite {
  /** The tenant's own host unless told. */
  readonly host?: string
  /** Below the host without a slash at either end: "sites/marketing", "" for the root site of the host. */
  readonly path: string
  readonly displayName: string
  readonly description?: string
  /** The Microsoft 365 group whose site it is: then its default library is the group's drive. */
  readonly group?: string
  /** Somebody's OneDrive. */
  readonly personal?: boolean
  /** The site above, of which this is a subsite. */
  readonly parent?: string
  /** Whether it has the library "Documents" from the start, as nearly all sites do; personal sites never do here. */
  readonly library?: boolean
}

/** A site: its id, or an address that `find` knows. */
export type SiteReference = string

const ownHost = 'contoso.sharepoint.com'

/** All sites of a tenant, for every service that has something of them. */
export class SiteDirectory {
  /** The host of sites that name none; tests of two tenants change it. */
  host = ownHost
  /** Sites on a page of a listing. */
  pageSize = 200
  /** Pages of a site in one answer. */
  pagesPerListing = 100
  /** Whether the listing of all sites shows subsites too. */
  listsSubsites = false
  /** Counts what changed in which site: where `sites/delta` goes on. */
  readonly log: { readonly sequence: number; readonly site: StoredSite }[] = []
  private readonly tenant: TenantState
  private readonly clock: SimulatorClock
  private readonly sites = new Map<string, StoredSite>()
  private next = 1

  constructor(tenant: TenantState, clock: SimulatorClock) {
    this.tenant = tenant
    this.clock = clock
  }

  add(more: NewSite): StoredSite {
    const parent = more.parent === undefined ? undefined : this.known(more.parent)
    const host = (more.host ?? parent?.host ?? this.host).toLowerCase()
    const path = more.path.replace(/^\/+|\/+$/g, '')
    if (this.byPath(host, path) !== undefined) throw new Error(`There is a site at ${host}/${path}`)
    const site = new StoredSite({
      host,
      path,
      displayName: more.displayName,
      description: more.description ?? '',
      collectionId: parent?.collectionId ?? this.newGuid('collection'),
      webId: this.newGuid('web'),
      listId: this.newGuid('pages'),
      parent,
      group: more.group,
      isPersonal: more.personal === true,
      createdAt: this.seconds(),
    })
    this.sites.set(site.id, site)
    this.touch(site)
    if (more.library !== false && !site.isPersonal) this.addDefaultLibrary(site)
    return site
  }

  /** By its id, whatever the case; sites that are deleted are not found. */
  get(id: SiteReference): StoredSite | undefined {
    const site = this.sites.get(id.toLowerCase())
    return site?.isDeleted === false ? site : undefined
  }

  byPath(host: string, path: string): StoredSite | undefined {
    const [wantedHost, wantedPath] = [host.toLowerCase(), path.replace(/^\/+|\/+$/g, '').toLowerCase()]
    return this.all().find((site) => site.host === wantedHost && site.path.toLowerCase() === wantedPath)
  }

  /** The site of a group; undefined if it has none yet. */
  ofGroup(group: string): StoredSite | undefined {
    return this.all().find((site) => site.group === group.toLowerCase() && site.parent === undefined)
  }

  /** All that are not deleted, in the order in which they were made. */
  all(): readonly StoredSite[] {
    return [...this.sites.values()].filter((site) => !site.isDeleted)
  }

  /**
   * By any address that Graph takes for a site: its id, the id of its collection (alone or behind the host), `root`, a
   * host, or `host:/path`.
   */
  find(address: string): StoredSite | undefined {
    const byId = this.get(address)
    if (byId !== undefined) return byId
    const [, head, path] = /^([^:]+):\/?(.*)$/.exec(address) ?? []
    if (head !== undefined && path !== undefined) return this.below(head, path)
    if (address.toLowerCase() === 'root') return this.byPath(this.host, '')
    const collection = address.toLowerCase().split(',').at(-1)
    return (
      this.all().find((site) => site.parent === undefined && site.collectionId === collection) ??
      this.byPath(address, '')
    )
  }

  /** `host:/path` even where the host has no root site, `id:/path` below that site. */
  private below(head: string, path: string): StoredSite | undefined {
    const base = this.find(head)
    return base === undefined ? this.byPath(head, path) : this.byPath(base.host, `${base.path}/${path}`)
  }

  subsites(site: StoredSite): readonly StoredSite[] {
    return this.all().filter(({ parent }) => parent === site)
  }

  /** A further document library; gives the drive's id. */
  addLibrary(site: SiteReference, name: string): string {
    return this.makeLibrary(this.known(site), name, name).id
  }

  /** Deletes a site with its subsites and libraries: listings do not show it any more, its address is not found. */
  remove(reference: SiteReference): void {
    const site = this.known(reference)
    for (const below of this.subsites(site)) this.remove(below.id)
    site.isDeleted = true
    this.touch(site)
    const drives = drivesOf(this.tenant)
    for (const { id } of drives.ofSite(site.id)) drives.dropDrive(id)
  }

  /** From now on the site answers as one that an administrator locked or archived; undefined unlocks it. */
  lock(reference: SiteReference, lock: SiteLock | undefined): void {
    this.known(reference).lock = lock
  }

  rename(reference: SiteReference, displayName: string, description?: string): void {
    const site = this.known(reference)
    site.displayName = displayName
    if (description !== undefined) site.description = description
    this.touch(site)
  }

  /** A column of the site; gives its id. */
  addColumn(reference: SiteReference, column: NewColumn): string {
    const id = this.newGuid('column')
    this.known(reference).columns.push({ id, ...column })
    return id
  }

  /** A content type of the site; gives its id. */
  addContentType(reference: SiteReference, type: NewContentType): string {
    const site = this.known(reference)
    const id = type.id ?? `0x0100${this.newGuid('type').replaceAll('-', '').toUpperCase()}`
    site.contentTypes.push({ ...type, id })
    return id
  }

  /** Gives an application access to the site; gives the permission's id. */
  grant(reference: SiteReference, permission: Omit<SitePermission, 'id'>): string {
    const site = this.known(reference)
    const id = Buffer.from(`i:0i.t|ms.sp.ext|${permission.application.id}@${site.collectionId}`).toString('base64url')
    site.permissions.push({ ...permission, id })
    return id
  }

  /** A page, as somebody made it in the browser; gives its id. */
  addPage(reference: SiteReference, page: NewPage): string {
    const site = this.known(reference)
    return site.addPage(page, { id: this.newGuid('page'), now: this.seconds() }).id
  }

  /** Somebody changes a page; the number in its eTag rises. */
  editPage(reference: SiteReference, id: string, change: Partial<NewPage>): void {
    const site = this.known(reference)
    const page = site.pages.get(id)
    if (page === undefined) throw new Error(`No page ${id}`)
    site.editPage(page, change, this.seconds())
  }

  /** From now on Graph cannot show what is on the page. */
  breakPage(reference: SiteReference, id: string): void {
    const page = this.known(reference).pages.get(id)
    if (page === undefined) throw new Error(`No page ${id}`)
    page.isUnreadable = true
  }

  deletePage(reference: SiteReference, id: string): void {
    if (!this.known(reference).pages.delete(id)) throw new Error(`No page ${id}`)
  }

  /** The pages as tests compare them. */
  pages(reference: SiteReference): readonly StoredPage[] {
    return [...this.known(reference).pages.values()]
  }

  /** Something of the site changed. */
  touch(site: StoredSite): void {
    site.modifiedAt = this.seconds()
    this.log.push({ sequence: this.log.length + 1, site })
  }

  known(reference: SiteReference): StoredSite {
    const site = this.find(reference)
    if (site === undefined) throw new Error(`No site ${reference}`)
    return site
  }

  /** A new library of the site, as `POST lists` with the template documentLibrary makes it. */
  makeLibrary(site: StoredSite, name: string, folder: string): { readonly id: string } {
    const owner =
      site.group === undefined ? ({ kind: 'site', id: site.id } as const) : ({ kind: 'group', id: site.group } as const)
    return drivesOf(this.tenant).addDrive({
      owner,
      name,
      site: { id: site.id, host: site.host, path: site.path, folder },
    })
  }

  newGuid(kind: string): string {
    return guidFrom(`site ${this.tenant.allUsers()[0]?.id ?? ''} ${this.host} ${kind} ${String(this.next++)}`)
  }

  /** Of SharePoint's times; milliseconds since 1970. */
  seconds(): number {
    return Math.floor(this.clock.now() / 1000) * 1000
  }

  /** A group's drive may be there already; then it becomes the site's first library. */
  private addDefaultLibrary(site: StoredSite): void {
    const drives = drivesOf(this.tenant)
    const [there] = site.group === undefined ? [] : drives.ofOwner({ kind: 'group', id: site.group })
    if (there === undefined) this.makeLibrary(site, 'Documents', 'Shared Documents')
    else drives.attach(there.id, { id: site.id, host: site.host, path: site.path, folder: 'Shared Documents' })
  }
}

const make = (tenant: TenantState, clock: SimulatorClock): SiteDirectory => new SiteDirectory(tenant, clock)

/** The sites of a tenant. */
export function siteDirectory(tenant: TenantState): SiteDirectory {
  return tenant.service(make)
}
