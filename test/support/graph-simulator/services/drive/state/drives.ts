import type { SimulatorClock } from '../../../clock.ts'
import type { TenantState } from '../../../state/tenant.ts'
import type { StoredUser } from '../../../state/user.ts'
import { noDrive, ownerNotFound } from '../errors.ts'
import type { NoDriveAnswer } from '../errors.ts'
import { contentFrom } from './content.ts'
import type { ContentInput, FileContent } from './content.ts'
import { Drive } from './drive.ts'
import type { DriveBehaviour, DriveOwner, DriveSite, ResyncCode } from './drive.ts'
import { dumpDrive } from './dump.ts'
import type { DumpedItem } from './dump.ts'
import { identityOf } from './identity.ts'
import { driveIdOf, sameDriveId } from './ids.ts'
import type { DriveType } from './ids.ts'
import type { Facets, Identities, Identity, StoredItem, Times } from './item.ts'
import { grant, link } from './sharing.ts'
import type { GrantInput, LinkInput, SharingMail } from './sharing.ts'
import { UploadSessions } from './uploads.ts'

/** A drive: its id, or a user (id or userPrincipalName) whose default drive is meant. */
export type DriveReference = string
/** An item: its id, or its path from the root ("a/b.txt"; "" is the root). */
export type ItemReference = string

export interface NewDrive {
  /** The user by id or name; a group or site by its id. */
  readonly owner: string | DriveOwner
  readonly name?: string
  readonly type?: DriveType
  readonly id?: string
  /** Bytes; 1 TiB unless told. */
  readonly quota?: number
  readonly behaviour?: DriveBehaviour
  /** For libraries: the site that they are in. */
  readonly site?: DriveSite
}

/** Times in ISO 8601; now when absent. */
export interface ItemDetails {
  readonly createdDateTime?: string
  readonly lastModifiedDateTime?: string
  readonly description?: string
  /** Facets as Graph shows them: `image`, `photo`, `location`, `malware` ... */
  readonly facets?: Facets
  /** A user of the tenant who is to have made it; the drive's owner when absent. */
  readonly by?: string
  /** What a download gives instead, with a size and hash of its own. */
  readonly served?: ContentInput
}

const standardQuota = 1024 ** 4

/**
 * The drives of a tenant: what people do in OneDrive while nobody looks, and what tests compare with. Found by
 * `drivesOf(simulator.tenant)`. Every user has one drive until `removeDrive`; further ones by `addDrive`.
 * What people do is allowed more than the API: names are checked, conditions are not. Unknown references throw.
 */
export class TenantDrives {
  readonly uploads: UploadSessions
  /** Sharing mails that were sent. */
  readonly mails: SharingMail[] = []
  /** Groups and guests that an invitation may name beside the tenant's users. */
  readonly principals: Identities[] = []
  private readonly tenant: TenantState
  private readonly clock: SimulatorClock
  private readonly byId = new Map<string, Drive>()
  private readonly byOwner = new Map<string, Drive[]>()
  private readonly without = new Map<string, NoDriveAnswer>()
  /** How many drives each owner has ever had: no id is used twice. */
  private readonly made = new Map<string, number>()

  constructor(tenant: TenantState, clock: SimulatorClock) {
    this.tenant = tenant
    this.clock = clock
    this.uploads = new UploadSessions(clock)
  }

  /** How many sharing mails were sent. */
  get sharingMails(): number {
    return this.mails.length
  }

  addDrive(more: NewDrive): { readonly id: string } {
    const owner: DriveOwner =
      typeof more.owner === 'string' ? { kind: 'user', id: this.user(more.owner).id } : more.owner
    if (owner.kind === 'user') this.without.delete(owner.id)
    return { id: this.make(owner, more).id }
  }

  /** From now on the user has no drive, as without a licence. Their drives are gone. */
  removeDrive(user: string, answer: NoDriveAnswer = 'mysite'): void {
    const { id } = this.user(user)
    for (const drive of this.byOwner.get(`user:${id}`) ?? []) this.byId.delete(sameDriveId(drive.id))
    this.byOwner.delete(`user:${id}`)
    this.without.set(id, answer)
  }

  /** A library goes, with everything in it. */
  dropDrive(id: DriveReference): void {
    const drive = this.drive(id)
    this.byId.delete(sameDriveId(drive.id))
    for (const [key, drives] of this.byOwner)
      this.byOwner.set(
        key,
        drives.filter((one) => one !== drive),
      )
  }

  /** Makes a drive that is there a library of a site. */
  attach(id: DriveReference, site: DriveSite): void {
    const drive = this.drive(id)
    drive.site = site
    drive.webPath = webPathOf(site)
  }

  /** The libraries of a site, the default one first. */
  ofSite(site: string): readonly Drive[] {
    return [...this.byId.values()].filter((drive) => drive.site?.id === site)
  }

  /** A group that can be given access. */
  addGroup(group: Required<Identity>): void {
    this.principals.push({ group })
  }

  driveIds(user: string): string[] {
    return this.ofOwner({ kind: 'user', id: this.user(user).id }).map(({ id }) => id)
  }

  behave(drive: DriveReference, behaviour: DriveBehaviour): void {
    Object.assign(this.drive(drive).behaviour, behaviour)
  }

  setQuota(drive: DriveReference, bytes: number): void {
    this.drive(drive).quota = bytes
  }

  /** Adds a folder, and those above it that are missing. Gives its id. */
  addFolder(drive: DriveReference, path: string, more: ItemDetails = {}): string {
    return this.add(drive, path, 'folder', more).id
  }

  addFile(drive: DriveReference, path: string, content: ContentInput, more: ItemDetails = {}): string {
    const item = this.add(drive, path, 'file', more, contentFrom(content))
    if (more.served !== undefined) item.served = contentFrom(more.served)
    return item.id
  }

  /** Many small files at once: `<folder>/<number>.bin`, generated from their numbers. */
  addFiles(
    drive: DriveReference,
    folder: string,
    more: { readonly count: number; readonly size: number; readonly seed?: number },
  ): void {
    const { count, size, seed = 1 } = more
    for (let number = 0; number < count; number++)
      this.addFile(drive, `${folder}/${String(number).padStart(6, '0')}.bin`, { size, seed: seed + number })
  }

  /** A OneNote notebook, as a drive shows it. */
  addNotebook(drive: DriveReference, path: string, more: ItemDetails = {}): string {
    return this.add(drive, path, 'package', more).id
  }

  /** "Add shortcut to my files": an item of another drive. */
  addShortcut(
    drive: DriveReference,
    path: string,
    target: { readonly drive: DriveReference; readonly item: ItemReference },
  ): string {
    const item = this.add(drive, path, 'shortcut', {})
    const there = this.item(target.drive, target.item)
    const { id: driveId, type: driveType } = this.drive(target.drive)
    const parentReference = { driveId, driveType, ...(there.parent === undefined ? {} : { id: there.parent.id }) }
    const facet = there.isContainer ? { folder: { childCount: there.children.size } } : { file: {} }
    item.facets = { remoteItem: { id: there.id, name: there.name, size: there.size, ...facet, parentReference } }
    return item.id
  }

  /** Makes a folder one of the drive's special ones: documents, photos, approot ... */
  setSpecial(drive: DriveReference, folder: ItemReference, name: string): void {
    const item = this.item(drive, folder)
    item.specialName = name
    this.drive(drive).special.set(name.toLowerCase(), item)
  }

  /** Somebody saves new content. The time is that of the save. */
  edit(drive: DriveReference, file: ItemReference, content: ContentInput, more: ItemDetails = {}): void {
    const item = this.item(drive, file)
    item.times = this.times(more, { createdAt: item.times.createdAt, modifiedAt: this.clock.now() })
    this.drive(drive).write(item, contentFrom(content), this.by(drive, more.by))
    if (more.served !== undefined) item.served = contentFrom(more.served)
  }

  /** An older content, as if it had been saved before what is there now. Oldest first. */
  addVersion(drive: DriveReference, file: ItemReference, content: ContentInput, more: ItemDetails = {}): void {
    const item = this.item(drive, file)
    const { modifiedAt } = this.times(more, item.times)
    const id = `${String(item.versionNumber)}.0`
    item.history.push({ id, content: contentFrom(content), modifiedAt, modifiedBy: this.by(drive, more.by) })
    item.versionNumber++
  }

  /** Changes facets and description without touching the content. */
  setFacets(drive: DriveReference, reference: ItemReference, facets: Facets, description?: string): void {
    const item = this.item(drive, reference)
    item.facets = { ...item.facets, ...facets }
    if (description !== undefined) item.description = description
    this.drive(drive).change(item, this.by(drive, undefined))
  }

  rename(drive: DriveReference, item: ItemReference, name: string): void {
    this.drive(drive).rename(this.item(drive, item), name, this.by(drive, undefined))
  }

  move(drive: DriveReference, item: ItemReference, folder: ItemReference): void {
    const moved = this.item(drive, item)
    this.drive(drive).move(moved, this.item(drive, folder), moved.name, this.by(drive, undefined))
  }

  delete(drive: DriveReference, item: ItemReference, more: { readonly permanent?: boolean } = {}): void {
    this.drive(drive).remove(this.item(drive, item), more.permanent === true ? 'gone' : 'recycled')
  }

  /** Grants access without sending anything; gives the permission's id. */
  share(drive: DriveReference, item: ItemReference, more: GrantInput): string {
    return grant(this, this.drive(drive), this.item(drive, item), more).id
  }

  /** Makes a sharing link; gives the permission's id. */
  shareByLink(drive: DriveReference, item: ItemReference, more: LinkInput): string {
    return link(this, this.drive(drive), this.item(drive, item), more).permission.id
  }

  /** Lets all delta tokens of the drive die. */
  breakCursors(drive: DriveReference, code: ResyncCode = 'resyncChangesApplyDifferences'): void {
    this.drive(drive).breakCursors(code)
  }

  /** Everything in the drive, parents first, in the order of the paths. */
  dump(drive: DriveReference): DumpedItem[] {
    return dumpDrive(this.drive(drive))
  }

  itemId(drive: DriveReference, path: string): string {
    return this.item(drive, path).id
  }

  /** For routes and seeds: the drive itself. */
  drive(reference: DriveReference): Drive {
    const known = this.findDrive(reference)
    if (known !== undefined) return known
    return this.defaultDrive({ kind: 'user', id: this.user(reference).id })
  }

  findDrive(id: string): Drive | undefined {
    return this.byId.get(sameDriveId(id))
  }

  /** An owner's first drive; throws Graph's answer when there is none. */
  defaultDrive(owner: DriveOwner): Drive {
    const [first] = this.ofOwner(owner)
    if (first !== undefined) return first
    throw noDrive(this.without.get(owner.id) ?? (owner.kind === 'user' ? 'mysite' : 'item'))
  }

  ofOwner(owner: DriveOwner): readonly Drive[] {
    const inSite = owner.kind === 'site' ? this.ofSite(owner.id) : []
    const known = inSite.length > 0 ? inSite : this.byOwner.get(`${owner.kind}:${owner.id}`)
    if (known !== undefined) return known
    if (owner.kind !== 'user' || this.without.has(owner.id)) return []
    return [this.make(owner, {})]
  }

  /** Why a user has no drive. */
  refusal(owner: DriveOwner): NoDriveAnswer | undefined {
    return this.without.get(owner.id)
  }

  /** For routes and seeds: the item itself. */
  item(drive: DriveReference, reference: ItemReference): StoredItem {
    const { root } = this.drive(drive)
    const names = reference.split('/').filter((name) => name !== '')
    const found = this.drive(drive).find(reference) ?? this.drive(drive).descend(root, names)
    if (found === undefined) throw new Error(`No item ${reference}`)
    return found
  }

  /** Whether a mail address is of this tenant, so that an unknown one is a mistake and not a guest. */
  isOwnDomain(address: string): boolean {
    const domain = address.split('@').at(-1)?.toLowerCase()
    return this.tenant
      .allUsers()
      .some(({ userPrincipalName }) => userPrincipalName.toLowerCase().endsWith(`@${domain ?? ''}`))
  }

  findUser(name: string): StoredUser | undefined {
    return this.tenant.findUser(name)
  }

  private make(owner: DriveOwner, more: Partial<NewDrive>): Drive {
    const key = `${owner.kind}:${owner.id}`
    const before = this.byOwner.get(key) ?? []
    const type = more.type ?? (owner.kind === 'user' ? 'business' : 'documentLibrary')
    const number = this.made.get(key) ?? 0
    this.made.set(key, number + 1)
    const id = more.id ?? driveIdOf(`${key}:${String(number)}`, type)
    const name = more.name ?? (owner.kind === 'user' ? 'OneDrive' : 'Documents')
    const user = owner.kind === 'user' ? this.user(owner.id) : undefined
    const library = before.length === 0 ? 'Documents' : name
    const webPath = more.site === undefined ? ownWebPath(owner, user, library) : webPathOf(more.site)
    const creator: Identities =
      user === undefined ? { user: { displayName: 'System Account' } } : { user: identityOf(user) }
    const quota = more.quota ?? standardQuota
    const drive = new Drive({ id, type, name, owner, webPath, creator, quota }, () => this.clock.now())
    drive.site = more.site
    Object.assign(drive.behaviour, more.behaviour)
    this.byId.set(sameDriveId(id), drive)
    this.byOwner.set(key, [...before, drive])
    return drive
  }

  private add(
    reference: DriveReference,
    path: string,
    kind: StoredItem['kind'],
    more: ItemDetails,
    content?: FileContent,
  ): StoredItem {
    const drive = this.drive(reference)
    const names = path.split('/').filter((name) => name !== '')
    const name = names.pop()
    if (name === undefined) throw new Error('A path is needed')
    let parent = drive.root
    const by = this.by(reference, more.by)
    for (const above of names) parent = parent.child(above) ?? drive.add(parent, { name: above, kind: 'folder', by })
    if (parent.child(name) !== undefined) throw new Error(`${path} exists`)
    const now = this.clock.now()
    const times = this.times(more, { createdAt: now, modifiedAt: now })
    const made = { name, kind, by, times }
    const item = content === undefined ? drive.add(parent, made) : drive.addFile(parent, made, content)
    if (kind === 'package') item.facets = { package: { type: 'oneNote' } }
    item.facets = { ...item.facets, ...more.facets }
    item.description = more.description
    return item
  }

  private times({ createdDateTime, lastModifiedDateTime }: ItemDetails, otherwise: Times): Times {
    const seconds = (time: number): number => Math.floor(time / 1000) * 1000
    return {
      createdAt: seconds(createdDateTime === undefined ? otherwise.createdAt : Date.parse(createdDateTime)),
      modifiedAt: seconds(lastModifiedDateTime === undefined ? otherwise.modifiedAt : Date.parse(lastModifiedDateTime)),
    }
  }

  private by(drive: DriveReference, user: string | undefined): Identities {
    return user === undefined ? this.drive(drive).creator : { user: identityOf(this.user(user)) }
  }

  private user(name: string): StoredUser {
    const user = this.tenant.findUser(name)
    if (user === undefined) throw ownerNotFound(name)
    return user
  }
}

/** Where a drive is that no site of the directory has. */
function ownWebPath(owner: DriveOwner, user: StoredUser | undefined, library: string): string {
  const site = user === undefined ? `sites/${owner.id}` : `personal/${user.userPrincipalName.replaceAll(/[@.]/g, '_')}`
  return `${site}/${library}`
}

function webPathOf({ path, folder }: DriveSite): string {
  return path === '' ? folder : `${path}/${folder}`
}

const makeDrives = (tenant: TenantState, clock: SimulatorClock): TenantDrives => new TenantDrives(tenant, clock)

/** The drives of a tenant. */
export function drivesOf(tenant: TenantState): TenantDrives {
  return tenant.service(makeDrives)
}
