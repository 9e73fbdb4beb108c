import { BoundedWork } from '../../bounded-work.ts'
import { EngineError } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { JsonObject } from '../../model/json.ts'
import type { TreeNode } from '../../model/tree.ts'
import type { ItemDescriber } from '../../ports/data-type.ts'
import type { DataTypeRestorer, ItemOutcome, RestoreItem, TargetContainer } from '../../ports/restore-target.ts'
import { isDamage } from '../../repository/damage.ts'
import { PLANES } from '../backup/layout.ts'
import { storedFile } from '../stored/stored-file.ts'
import {
  StoredType,
  type FolderPlace,
  type Shard,
  type StoredFolder,
  type StoredItem,
} from '../stored/stored-folder.ts'
import type { RestoreTally } from './restore-tally.ts'
import type { TenantRestoreOptions } from './tenant-model.ts'

/** A container on the way to what is restored. It is made in the target only when something is put into it. */
interface Target {
  readonly container: () => Promise<TargetContainer>
}

const METADATA = '.json'

/** Restores one data type of a snapshot into the target. */
export class TypeRestore {
  readonly #options: TenantRestoreOptions
  readonly #restorer: DataTypeRestorer
  readonly #describer: ItemDescriber
  readonly #tally: RestoreTally
  readonly #stored: StoredType
  #begun: Promise<TargetContainer> | undefined

  constructor(
    options: TenantRestoreOptions,
    restorer: DataTypeRestorer,
    describer: ItemDescriber,
    tally: RestoreTally,
  ) {
    this.#options = options
    this.#restorer = restorer
    this.#describer = describer
    this.#tally = tally
    this.#stored = new StoredType(options.repository, describer, options.signal)
  }

  /** What takes the restored items; undefined if there were none. */
  async place(): Promise<string | undefined> {
    return (await this.#begun)?.path
  }

  /** Nothing more comes. */
  async finish(): Promise<void> {
    const top = await this.#begun
    if (top === undefined) return
    const findings = (await this.#restorer.finished?.(top, this.#options.signal)) ?? []
    for (const { path, remarks } of findings) this.#tally.remark({ path, remarks })
  }

  /** Restores what the names lead to below the type's tree; all of it without names. `path`: the type's own. */
  async restore(tree: HexId, path: string, names: readonly string[]): Promise<void> {
    const work = new BoundedWork(this.#restorer.concurrency)
    const top: Target = { container: () => this.#begin() }
    try {
      await new Walk(this, path, work).inside(top, this.#stored.top(tree), names)
    } finally {
      await work.settle()
    }
    await work.finish()
  }

  get keepsEmpty(): boolean {
    return this.#restorer.keepsEmpty === true
  }

  #begin(): Promise<TargetContainer> {
    const { target, signal } = this.#options
    this.#begun ??= this.#restorer.begin(target, this.#options, signal)
    return this.#begun
  }

  open(place: FolderPlace): Promise<StoredFolder> {
    this.#options.signal.throwIfAborted()
    return this.#stored.open(place)
  }

  items(shard: Shard): Promise<ReadonlyMap<string, StoredItem>> {
    return this.#stored.items(shard)
  }

  isNamed(folder: FolderPlace, name: string): boolean {
    if (folder.dirName === name) return true
    // Someone who looks at the metadata means the same folder.
    const isFiles = this.#describer.layout === 'apart' && folder.path.split('/').length === 2
    return isFiles && name === PLANES.metadata
  }

  /** An item may be named without its extension, or by one of its files. */
  itemsNamed(items: ReadonlyMap<string, StoredItem>, name: string): readonly (readonly [string, StoredItem])[] {
    const exact = items.get(name)
    if (exact !== undefined) return [[name, exact]]
    const extensions = [METADATA, this.#describer.contentExtension ?? '']
    return [...items].filter(([item]) => extensions.some((extension) => name === `${item}${extension}`))
  }

  child(parent: Target, place: FolderPlace, { file }: StoredFolder): Target {
    let made: Promise<TargetContainer> | undefined
    return { container: () => (made ??= this.#makeContainer(parent, place, file)) }
  }

  async #makeContainer(parent: Target, { dirName }: FolderPlace, file: TreeNode | undefined): Promise<TargetContainer> {
    const metadata = file === undefined ? undefined : await this.#json(file)
    const above = await parent.container()
    const target = await this.#restorer.container(above, { dirName, metadata }, this.#options.signal)
    this.#tally.countContainer()
    return target
  }

  /** Items in the order in which they are to be created. */
  async inOrder(
    items: readonly (readonly [string, StoredItem])[],
  ): Promise<readonly (readonly [string, StoredItem])[]> {
    if (this.#restorer.order === undefined) return items
    const placed: { readonly item: readonly [string, StoredItem]; readonly place: number }[] = []
    for (const item of items) placed.push({ item, place: await this.#place(item[1]) })
    return placed.sort((one, other) => one.place - other.place).map(({ item }) => item)
  }

  /** An item whose metadata is damaged comes last, where its restore says so. */
  async #place({ metadata }: StoredItem): Promise<number> {
    try {
      return this.#restorer.order?.(await this.#json(metadata)) ?? 0
    } catch (error) {
      if (!isDamage(error)) throw error
      return Infinity
    }
  }

  async item(target: Target, path: string, files: StoredItem): Promise<void> {
    this.#options.signal.throwIfAborted()
    const { repository } = this.#options
    let outcome: ItemOutcome
    let size = 0
    let requests = 0
    try {
      const parts = (await this.#stored.parts(files)).map((node) => storedFile(repository, node))
      const content = files.content === undefined ? undefined : storedFile(repository, files.content)
      const item: RestoreItem = { path, metadata: await this.#json(files.metadata), content, parts }
      if (!this.#takesItem(item)) return
      size = [content, ...parts].reduce((sum, file) => sum + (file?.size ?? 0), 0)
      requests = this.#restorer.requests(item)
      outcome = await this.#restorer.item(await target.container(), item, this.#options.signal)
    } catch (error) {
      // What is damaged in the repository concerns this item alone.
      if (!isDamage(error)) throw error
      outcome = { kind: 'failed', code: error.code }
    }
    this.#tally.count({ path, outcome }, size, requests)
  }

  takesFolder(path: string): boolean {
    return this.#options.filter?.takesContainer(path) !== false
  }

  #takesItem({ path, metadata, content }: RestoreItem): boolean {
    const { filter } = this.#options
    if (filter === undefined) return true
    const { time, size } = this.#describer.row(metadata, content?.size ?? 0)
    return filter.takesItem(path, { time, size })
  }

  fail(path: string, code: string): void {
    this.#tally.count({ path, outcome: { kind: 'failed', code } }, 0)
  }

  async #json(node: TreeNode): Promise<JsonObject> {
    const bytes = await this.#options.repository.content(node.content ?? [], this.#options.signal)
    return JSON.parse(Buffer.from(bytes).toString()) as JsonObject
  }
}

/** The way through the stored folders. */
class Walk {
  readonly #type: TypeRestore
  readonly #path: string
  readonly #work: BoundedWork

  constructor(type: TypeRestore, path: string, work: BoundedWork) {
    this.#type = type
    this.#path = path
    this.#work = work
  }

  /** `names` lead on from this folder; without any, everything in it is restored. */
  async inside(target: Target, place: FolderPlace, names: readonly string[]): Promise<void> {
    const folder = await this.#type.open(place)
    const own = place.path === '' ? target : this.#type.child(target, place, folder)
    const [name, ...rest] = names
    if (name === undefined) {
      if (this.#type.keepsEmpty && this.#isWanted(place)) await own.container()
      for (const shard of folder.shards) await this.#shard(own, place, shard)
      for (const inner of folder.folders) await this.#tolerantly(inner, this.inside(own, inner, []))
      return
    }
    const inner = folder.folders.find((one) => this.#type.isNamed(one, name))
    if (inner !== undefined) return this.inside(own, inner, rest)
    const shard = folder.shards.find((one) => one.name !== '' && one.name === name)
    if (shard !== undefined) return this.#shard(own, place, shard, rest[0])
    const direct = folder.shards.find((one) => one.name === '')
    if (direct === undefined || rest.length > 0) throw new EngineError('repository.path-not-found')
    await this.#shard(own, place, direct, name)
  }

  /** All items of a shard, or the one of that name. */
  async #shard(target: Target, place: FolderPlace, shard: Shard, only?: string): Promise<void> {
    const items = await this.#type.items(shard)
    const chosen = only === undefined ? [...items] : this.#type.itemsNamed(items, only)
    if (only !== undefined && chosen.length === 0) throw new EngineError('repository.path-not-found')
    const folder = [this.#path, place.path, shard.name].filter((part) => part !== '').join('/')
    if (!this.#isWanted(place)) return
    for (const [name, files] of await this.#type.inOrder(chosen))
      await this.#work.start(() => this.#type.item(target, `${folder}/${name}`, files))
  }

  #isWanted({ path }: FolderPlace): boolean {
    return path !== '' && this.#type.takesFolder(`${this.#path}/${path}`)
  }

  /** A damaged folder is one failure among others. */
  async #tolerantly({ path }: FolderPlace, work: Promise<void>): Promise<void> {
    try {
      await work
    } catch (error) {
      if (!isDamage(error)) throw error
      this.#type.fail(`${this.#path}/${path}`, error.code)
    }
  }
}
