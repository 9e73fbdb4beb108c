import { itemNotFound, invalidRequest, nameAlreadyExists, quotaLimitReached } from '../errors.ts'
import type { FileContent } from './content.ts'
import { itemGuid, itemId } from './ids.ts'
import type { DriveType } from './ids.ts'
import { StoredItem } from './item.ts'
import type { Identities, ItemKind, Times } from './item.ts'
import { checkName, checkPath, foldName, freeName } from './names.ts'

export type ConflictBehavior = 'fail' | 'replace' | 'rename'

export type ResyncCode = 'resyncChangesApplyDifferences' | 'resyncChangesUploadDifferences'

/** Whose drive it is. */
export interface DriveOwner {
  readonly kind: 'user' | 'group' | 'site'
  readonly id: string
}

/** The site that a library belongs to, and the folder of its address below that of the site. */
export interface DriveSite {
  readonly id: string
  readonly host: string
  readonly path: string
  readonly folder: string
}

/** How a drive deviates from the plain case. Plain data; may be changed at any time. */
export interface DriveBehaviour {
  /** What an old download address answers. */
  expiredDownload?: 401 | 403 | 404
  /** Children of a deleted folder in delta: all of them, none, or (the default) some. */
  deletedChildren?: 'all' | 'none' | 'some'
  /** Files without hashes in delta: none (the default), all, or every other one. */
  deltaWithoutHashes?: 'none' | 'all' | 'some'
  /** Whether business delta shows cTag nevertheless; the documents say no. */
  deltaWithCTag?: boolean
  /** Office files are rewritten when they arrive: size and hash are others than those of what was sent. */
  rewritesOfficeFiles?: boolean
  /** Downloads answer a Range with everything (200). */
  ignoresRanges?: boolean
  /** How a file with malware is refused: 403, or (seen in the wild) 200 with the error as its content. */
  malwareAnswer?: 'forbidden' | 'as-content'
  /** Versions kept, the current one included; 500 unless told. */
  versionLimit?: number
  /** A personal drive's id is written without its leading zeros in references. */
  shortDriveId?: boolean
}

interface Change {
  readonly sequence: number
  readonly at: number
  readonly item: StoredItem
}

export interface NewItem {
  readonly name: string
  readonly kind: ItemKind
  readonly by: Identities
  readonly times?: Partial<Times> | undefined
}

const standardVersionLimit = 500

/** Source: https://learn.microsoft.com/graph/api/drive-get-specialfolder */
const specialPaths: Readonly<Record<string, readonly string[]>> = {
  documents: ['Documents'],
  photos: ['Pictures'],
  cameraroll: ['Pictures', 'Camera Roll'],
  music: ['Music'],
  approot: ['Apps', 'Simulated application'],
}

/** The tree of one drive, its change log and its quota. Names are checked where Graph checks them. */
export class Drive {
  readonly id: string
  readonly type: DriveType
  readonly name: string
  readonly owner: DriveOwner
  /** Path of the site, for instance `personal/alex_contoso_example/Documents`. */
  webPath: string
  /** Undefined for drives that no site of the directory has: those of users, and what tests made by hand. */
  site: DriveSite | undefined
  readonly createdAt: number
  readonly creator: Identities
  readonly root: StoredItem
  readonly behaviour: DriveBehaviour = {}
  readonly special = new Map<string, StoredItem>()
  /** Every item that ever was, by number. */
  readonly items: StoredItem[] = []
  readonly log: Change[] = []
  quota: number
  /** In the recycle bin. */
  recycledBytes = 0
  generation = 0
  resyncCode: ResyncCode = 'resyncChangesApplyDifferences'
  private readonly byId = new Map<string, StoredItem>()
  private readonly now: () => number

  constructor(
    more: Pick<Drive, 'id' | 'type' | 'name' | 'owner' | 'webPath' | 'creator' | 'quota'>,
    now: () => number,
  ) {
    this.id = more.id
    this.type = more.type
    this.name = more.name
    this.owner = more.owner
    this.webPath = more.webPath
    this.creator = more.creator
    this.quota = more.quota
    this.now = now
    this.createdAt = now()
    this.root = this.make({ name: 'root', kind: 'folder', by: more.creator })
    this.touch(this.root)
  }

  /** Id of the list that the library is, too. */
  get listId(): string {
    return itemGuid(this.id, -1).toLowerCase()
  }

  /** Sequence number of the last change. */
  get sequence(): number {
    return this.log.at(-1)?.sequence ?? 0
  }

  find(id: string): StoredItem | undefined {
    const item = id.toLowerCase() === 'root' ? this.root : this.byId.get(id)
    return item?.removed === 'no' ? item : undefined
  }

  /** Follows names down from a folder. */
  descend(from: StoredItem, names: readonly string[]): StoredItem | undefined {
    let item: StoredItem | undefined = from
    for (const name of names) item = item?.child(name)
    return item
  }

  /** Adds an item below a folder whose name is free. */
  add(parent: StoredItem, more: NewItem): StoredItem {
    if (!parent.isContainer) throw invalidRequest('The parent is not a folder.')
    this.checkPlace(parent, more.name, more.kind !== 'file')
    const item = this.make(more)
    this.attach(item, parent)
    this.touch(item)
    return item
  }

  /** Adds a file with its content. Nothing is left behind when it does not fit. */
  addFile(parent: StoredItem, more: NewItem, content: FileContent): StoredItem {
    this.checkSpace(content.size)
    const item = this.add(parent, more)
    item.content = content
    this.resize(item, content.size)
    return item
  }

  /** The name to use, or the item to replace, when something of that name may exist. */
  placeFor(parent: StoredItem, name: string, isFolder: boolean, conflict: ConflictBehavior): Place {
    const existing = parent.child(name)
    if (existing === undefined) return { name, existing }
    if (conflict === 'fail') throw nameAlreadyExists()
    if (conflict === 'replace') {
      if (isFolder !== existing.isContainer) throw nameAlreadyExists()
      return { name, existing }
    }
    return { name: freeName(name, isFolder, (other) => parent.child(other) !== undefined), existing: undefined }
  }

  /** Gives a file its content; what it had before becomes a version. */
  write(item: StoredItem, content: FileContent, by: Identities): void {
    const grown = content.size - item.size
    this.checkSpace(grown)
    this.keepVersion(item)
    item.content = content
    item.served = undefined
    this.resize(item, grown)
    item.contentVersion++
    this.change(item, by)
  }

  /** Other times, which make another version of a file although its content stays. */
  setTimes(item: StoredItem, times: Partial<Times>, by: Identities): void {
    this.keepVersion(item)
    item.times = { ...item.times, ...times }
    this.change(item, by)
  }

  /** Puts what is there now among the older versions. */
  keepVersion(item: StoredItem): void {
    if (item.content === undefined) return
    const id = `${String(item.versionNumber)}.0`
    item.history.push({ id, content: item.content, modifiedAt: item.modifiedAt, modifiedBy: item.modifiedBy })
    item.versionNumber++
    const limit = this.behaviour.versionLimit ?? standardVersionLimit
    while (item.history.length > limit - 1) item.history.shift()
  }

  rename(item: StoredItem, name: string, by: Identities): void {
    const { parent } = item
    if (parent === undefined) throw invalidRequest('The root cannot be renamed.')
    if (name === item.name) return
    const other = parent.child(name)
    if (other !== undefined && other !== item) throw nameAlreadyExists()
    this.checkPlace(parent, name, item.kind !== 'file')
    this.detach(item)
    item.name = name
    this.attach(item, parent)
    this.change(item, by)
  }

  move(item: StoredItem, target: StoredItem, name: string, by: Identities): void {
    if (item.parent === undefined) throw invalidRequest('The root cannot be moved.')
    if (!target.isContainer || target.isWithin(item)) throw invalidRequest('The item cannot be moved there.')
    const other = target.child(name)
    if (other !== undefined && other !== item) throw nameAlreadyExists()
    this.checkPlace(target, name, item.kind !== 'file')
    this.detach(item)
    item.name = name
    this.attach(item, target)
    this.change(item, by)
  }

  remove(item: StoredItem, removed: 'recycled' | 'gone'): void {
    if (item.parent === undefined) throw invalidRequest('The root cannot be deleted.')
    const below = [...item.below()]
    this.detach(item)
    const listed = this.behaviour.deletedChildren ?? 'some'
    item.removed = removed
    if (removed === 'recycled') this.recycledBytes += item.size
    this.touch(item)
    for (const child of below) {
      child.removed = removed
      if (listed === 'all' || (listed === 'some' && child.number % 2 === 0)) this.touch(child)
    }
  }

  /** Counts a change of an item: another eTag, and it shows up in delta. */
  change(item: StoredItem, by: Identities): void {
    item.version++
    item.modifiedAt = this.now()
    item.modifiedBy = by
    this.touch(item)
  }

  /** All own, living items whose last change came after `sequence`, in the order of the changes. */
  *changesAfter(sequence: number): Generator<StoredItem> {
    for (let index = this.logIndex(sequence); index < this.log.length; index++) {
      const { item, sequence: at } = this.log[index] ?? {}
      if (item !== undefined && item.changed === at) yield item
    }
  }

  /** The last change up to a moment. */
  sequenceAt(time: number): number {
    return this.log.findLast(({ at }) => at <= time)?.sequence ?? 0
  }

  breakCursors(code: ResyncCode): void {
    this.generation++
    this.resyncCode = code
  }

  /** The special folder of that name, made when somebody writes to it for the first time. */
  specialFolder(name: string, by: Identities): StoredItem | undefined {
    const known = this.special.get(name)
    if (known?.removed === 'no') return known
    const path = specialPaths[name]
    if (path === undefined) return undefined
    let folder = this.root
    for (const part of path) folder = folder.child(part) ?? this.add(folder, { name: part, kind: 'folder', by })
    folder.specialName = name
    this.special.set(name, folder)
    return folder
  }

  itemOrThrow(id: string): StoredItem {
    const item = this.find(id)
    if (item === undefined) throw itemNotFound()
    return item
  }

  private checkSpace(grown: number): void {
    if (grown > 0 && this.root.size + grown > this.quota) throw quotaLimitReached()
  }

  private logIndex(sequence: number): number {
    let low = 0
    let high = this.log.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.log[middle]?.sequence ?? 0) <= sequence) low = middle + 1
      else high = middle
    }
    return low
  }

  private make({ name, kind, by, times }: NewItem): StoredItem {
    const now = this.now()
    const seconds = Math.floor(now / 1000) * 1000
    const number = this.items.length
    const guid = itemGuid(this.id, number)
    const id = itemId(this.id, this.type, number, guid)
    const item = new StoredItem({
      number,
      guid,
      id,
      kind,
      name,
      by,
      now,
      times: { createdAt: times?.createdAt ?? seconds, modifiedAt: times?.modifiedAt ?? seconds },
    })
    this.items.push(item)
    this.byId.set(id, item)
    return item
  }

  /** Refuses names and paths that Graph would refuse there. */
  checkPlace(parent: StoredItem, name: string, isFolder: boolean): void {
    checkName(name, parent === this.root, isFolder)
    const above = parent.path()
    checkPath([this.webPath, ...(above === '' ? [] : [above]), name].join('/'))
  }

  private attach(item: StoredItem, parent: StoredItem): void {
    item.parent = parent
    parent.children.set(foldName(item.name), item)
    parent.sorted = undefined
    for (const above of item.ancestors()) above.size += item.size
  }

  private detach(item: StoredItem): void {
    for (const above of item.ancestors()) above.size -= item.size
    item.parent?.children.delete(foldName(item.name))
    if (item.parent !== undefined) item.parent.sorted = undefined
  }

  private resize(item: StoredItem, grown: number): void {
    item.size += grown
    for (const above of item.ancestors()) above.size += grown
  }

  private touch(item: StoredItem): void {
    item.changed = this.sequence + 1
    if (this.type === 'personal') for (const above of item.ancestors()) above.contentVersion++
    this.log.push({ sequence: item.changed, at: this.now(), item })
  }
}

/** Where something new goes: a free name, or over what exists. */
export interface Place {
  readonly name: string
  readonly existing: StoredItem | undefined
}
