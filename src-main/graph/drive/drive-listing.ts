import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Container } from '../../engine/ports/data-type.ts'
import { record, text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { ChangeSpool, type SpooledItem } from './change-spool.ts'
import { folderContainer } from './drive-containers.ts'
import { childCount, driveItemId, has, isFolder, isItem, parentIdOf } from './drive-item.ts'
import { deltaPages, readRootFolder, type DriveAccess } from './drive-requests.ts'
import { FolderTree } from './folder-tree.ts'
import { lookUpChildren, lookUpItems } from './look-up.ts'

/** What a listing of a drive came to. */
export interface ListedDrive {
  /** Folders, parents first. */
  readonly folders: readonly Container[]
  /** Folders that this listing told of, by id. */
  readonly touched: ReadonlySet<string>
  /** Its files, or those that changed. Closed by whoever took the listing. */
  readonly spool: ChangeSpool
  /** Whether it told everything there is, and not only what changed. */
  readonly isWhole: boolean
  /** Folders of whose files all are in the spool, whole or not. */
  readonly complete: ReadonlySet<string>
  /** Delta link for the next listing. */
  readonly delta: string
}

export interface LastDrive {
  readonly folders: readonly Container[]
  readonly delta: string
}

/** Items asked for one by one because the delta left a question open; with more of them a whole listing is cheaper. */
const mostLookUps = 400

/** Times that a listing from the start may lose its place. */
const mostLosses = 3

/**
 * All folders and the changed files of a drive by its delta: one request if nothing changed. Where the delta leaves
 * open what became of something (a parent that nobody knows, a folder that came back without its children), it is
 * looked up; a dead cursor, or too many questions, make it a listing of everything.
 */
export async function listDrive(access: DriveAccess, last: LastDrive | undefined): Promise<ListedDrive> {
  if (last !== undefined) {
    try {
      return await DriveListing.run(access, last)
    } catch (error) {
      if (!isEngineError(error, 'graph.cursor-lost')) throw error
    }
  }
  for (let losses = 1; ; losses += 1) {
    try {
      return await DriveListing.run(access, undefined)
    } catch (error) {
      if (!isEngineError(error, 'graph.cursor-lost')) throw error
      if (losses === mostLosses) throw notToBeListed('cursor-lost', error)
    }
  }
}

/** The container is not refreshed then; what is stored of it stays. */
function notToBeListed(fault: string, cause?: unknown): EngineError {
  return new EngineError('graph.service-failed', { retry: 'later', context: { fault }, cause })
}

class DriveListing {
  readonly #access: DriveAccess
  readonly #isWhole: boolean
  readonly #tree: FolderTree
  readonly #spool: ChangeSpool
  /** Folders that the listing before did not have, with the number of their children if Graph told it. */
  readonly #appeared = new Map<string, number | undefined>()
  readonly #touched = new Set<string>()
  readonly #deleted = new Set<string>()
  /** Not there when asked for. */
  readonly #vanished = new Set<string>()
  readonly #complete = new Set<string>()
  #lookUps = 0

  private constructor(access: DriveAccess, folders: readonly Container[] | undefined, spool: ChangeSpool) {
    this.#access = access
    this.#isWhole = folders === undefined
    this.#tree = new FolderTree(access.drive, folders)
    this.#spool = spool
  }

  static async run(access: DriveAccess, last: LastDrive | undefined): Promise<ListedDrive> {
    const spool = new ChangeSpool()
    try {
      return await new DriveListing(access, last?.folders, spool).#run(last?.delta)
    } catch (error) {
      await spool.close()
      throw error
    }
  }

  async #run(link: string | undefined): Promise<ListedDrive> {
    let delta: string | undefined
    for await (const page of deltaPages(this.#access, link)) {
      await this.#take(page.value)
      delta = page.deltaLink
    }
    if (delta === undefined) throw notToBeListed('no-delta-link')
    if (this.#tree.root === undefined) await this.#take([await readRootFolder(this.#access)])
    await this.#findParents()
    if (!this.#isWhole) await this.#completeFolders()
    if (this.#tree.hasCircle()) throw this.#unclear('circle')
    const folders = this.#tree.listing()
    this.#dropUnreachable(folders)
    return {
      folders,
      touched: this.#touched,
      spool: this.#spool,
      isWhole: this.#isWhole,
      complete: this.#complete,
      delta,
    }
  }

  /** Entries of one page or answer; of an id that comes twice the last one counts. */
  async #take(entries: readonly JsonObject[]): Promise<void> {
    const latest = new Map(entries.map((entry) => [text(entry, 'id') ?? '', entry]))
    const items: SpooledItem[] = []
    for (const [item, entry] of latest) {
      if (item === '') continue
      const id = driveItemId(this.#access.drive, item)
      if (has(entry, 'deleted')) this.#remove(id)
      else {
        if (isFolder(entry)) this.#putFolder(id, entry)
        if (isItem(entry)) items.push({ id, parent: this.#parentOf(entry), properties: entry })
      }
    }
    await this.#spool.put(items)
  }

  #remove(id: string): void {
    const folder = this.#tree.get(id)
    if (folder === undefined || has(propertiesOf(folder.properties), 'package')) this.#spool.remove(id)
    this.#tree.remove(id)
    this.#appeared.delete(id)
    this.#touched.delete(id)
    this.#deleted.add(id)
  }

  #putFolder(id: string, entry: JsonObject): void {
    if (!this.#tree.has(id) || this.#appeared.has(id)) this.#appeared.set(id, childCount(entry))
    this.#tree.put(folderContainer(this.#access.drive, entry))
    this.#touched.add(id)
    this.#deleted.delete(id)
  }

  /** What has no name of a folder counts as being in one without an id, and is looked up. */
  #parentOf(entry: JsonObject): string {
    return parentIdOf(this.#access.drive, entry) ?? driveItemId(this.#access.drive, '')
  }

  /** Looks up the folders that entries are said to be in and that no listing told of. */
  async #findParents(): Promise<void> {
    for (let missing = this.#missingParents(); missing.length > 0; missing = this.#missingParents()) {
      this.#countLookUps(missing.length)
      const found = await lookUpItems(this.#access, missing)
      for (const [id, entry] of found) this.#putFolder(id, entry)
      const lost = missing.filter((id) => !found.has(id))
      for (const id of lost) this.#vanished.add(id)
      await this.#findChildrenOf(lost.filter((id) => !this.#deleted.has(id)))
    }
  }

  /** A folder that was deleted counts as missing only if something is said to be in it nevertheless. */
  #missingParents(): readonly string[] {
    const { drive } = this.#access
    const named = new Set(this.#spool.folders())
    for (const [id] of this.#tree.countsByParent()) if (!this.#deleted.has(id)) named.add(id)
    for (const id of this.#touched) named.add(this.#tree.get(id)?.parentId ?? drive)
    return [...named].filter((id) => id !== drive && !this.#tree.has(id) && !this.#vanished.has(id))
  }

  /** The folder is gone without a word: what was in it tells where it is now. */
  async #findChildrenOf(lost: readonly string[]): Promise<void> {
    const children = lost.flatMap((id) => [...this.#spool.idsIn(id), ...this.#tree.idsIn(id)])
    if (children.length === 0) return
    this.#countLookUps(children.length)
    const found = await lookUpItems(this.#access, children)
    for (const id of children) if (!found.has(id)) this.#remove(id)
    await this.#take([...found.values()].map((entry) => this.#placed(entry)))
  }

  /** Something whose folder Graph denies is not given up: it comes directly below the drive. */
  #placed(entry: JsonObject): JsonObject {
    if (has(entry, 'root')) return entry
    if (!this.#vanished.has(this.#parentOf(entry))) return entry
    if (!this.#isWhole) throw this.#unclear('unknown-parent')
    const root = text(propertiesOf(this.#tree.root?.properties ?? {}), 'id') ?? ''
    return { ...entry, parentReference: { ...record(entry, 'parentReference'), id: root } }
  }

  /**
   * A folder that is new here may be an old one (out of the recycle bin) whose children the delta does not repeat.
   * Unless it told as many as there are, they are listed.
   */
  async #completeFolders(): Promise<void> {
    for (;;) {
      const folders = this.#tree.countsByParent()
      const open = [...this.#appeared].filter(([id]) => this.#tree.has(id) && !this.#complete.has(id))
      if (open.length === 0) return
      for (const [id] of open) this.#complete.add(id)
      const told = (id: string): number => (folders.get(id) ?? 0) + this.#spool.count(id)
      const unsure = open.filter(([id, children]) => children !== told(id)).map(([id]) => id)
      this.#countLookUps(unsure.length)
      await lookUpChildren(this.#access, unsure, (children) => this.#take(children))
    }
  }

  /** What lies in a folder that is gone is gone, even if it was changed or moved there before. */
  #dropUnreachable(folders: readonly Container[]): void {
    const here = new Set(folders.map(({ id }) => id))
    for (const folder of this.#spool.folders()) {
      if (!here.has(folder)) for (const id of this.#spool.idsIn(folder)) this.#spool.remove(id)
    }
  }

  #countLookUps(count: number): void {
    this.#lookUps += count
    if (this.#lookUps > mostLookUps) throw this.#unclear('too-many-questions')
  }

  #unclear(fault: string): EngineError {
    return this.#isWhole ? notToBeListed(fault) : new EngineError('graph.cursor-lost', { context: { fault } })
  }
}
