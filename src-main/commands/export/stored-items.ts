import {
  storedFile,
  StoredType,
  type FolderPlace,
  type HexId,
  type OpenRepository,
  type Shard,
  type StoredFolder,
  type StoredItem,
} from '../../engine/index.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Tree } from '../../engine/model/tree.ts'
import { rootOf } from '../../engine/model/root-path.ts'
import type { ItemDescriber, RootKind } from '../../engine/ports/data-type.ts'
import type { StoredFile } from '../../engine/ports/restore-target.ts'
import { AskedPaths } from '../parts/asked-paths.ts'
import type { FailureList } from '../parts/failure-list.ts'
import { storedJson } from '../parts/stored-json.ts'

export interface StoredItemsOptions {
  readonly repository: OpenRepository
  readonly tree: HexId
  /** From the snapshot's root, without slashes around them; empty: everything. */
  readonly paths: readonly string[]
  /** The describer of a data type that is wanted. */
  readonly describer: (kind: RootKind, folder: string) => ItemDescriber | undefined
  /** Takes folders that are damaged. */
  readonly failures: FailureList
  readonly signal: AbortSignal
}

interface Asked extends StoredItemsOptions {
  readonly asked: AskedPaths
}

/** A container with those of its items that were asked for. */
export interface StoredContainer {
  /** From the snapshot's root. */
  readonly path: string
  /** The names of the folders that lead to it, from the root's on, as people know them. */
  readonly names: readonly string[]
  readonly describer: ItemDescriber
  readonly metadata: JsonObject
  items(): AsyncGenerator<ExportItem, void, undefined>
}

export interface ExportItem {
  /** From the snapshot's root, without extension. */
  readonly path: string
  readonly name: string
  /** Rejects with its damage. */
  readonly metadata: () => Promise<JsonObject>
  readonly content: StoredFile | undefined
  /** Attachments and the like, by the names that they are stored under. Rejects with their damage. */
  readonly parts: () => Promise<ReadonlyMap<string, StoredFile>>
}

/** Containers of the wanted data types, one after the other. Rejects with the damage of the snapshot's own tree. */
export function storedContainers(options: StoredItemsOptions): AsyncGenerator<StoredContainer, void, undefined> {
  return inTree({ ...options, asked: new AskedPaths(options.paths) }, options.tree, '')
}

async function* inTree(options: Asked, tree: HexId, path: string): AsyncGenerator<StoredContainer, void, undefined> {
  const { repository, signal, describer, failures } = options
  const read = (): Promise<Tree> => repository.tree(tree, signal)
  const found = path === '' ? await read() : await failures.tolerate(path, read)
  for (const { name, type, subtree } of found?.nodes ?? []) {
    signal.throwIfAborted()
    const inside = path === '' ? name : `${path}/${name}`
    if (type !== 'dir' || subtree === undefined || !options.asked.leadsOn(inside)) continue
    const rooted = rootOf(inside)
    if (rooted === undefined || rooted.rest.length === 0) {
      if (rooted !== undefined || path !== '' || !name.startsWith('.')) yield* inTree(options, subtree, inside)
      continue
    }
    const wanted = describer(rooted.kind, name)
    if (wanted === undefined) continue
    const stored = new StoredType(repository, wanted, signal)
    yield* inFolder(new TypeWalk(options, stored, wanted, inside), stored.top(subtree))
  }
}

async function* inFolder(walk: TypeWalk, place: FolderPlace): AsyncGenerator<StoredContainer, void, undefined> {
  const path = walk.pathOf(place)
  const { asked, failures } = walk.options
  if (!asked.leadsOn(path)) return
  const folder = await failures.tolerate(path, () => walk.stored.open(place))
  if (folder === undefined) return
  yield {
    path,
    names: path.split('/'),
    describer: walk.describer,
    metadata: await walk.ownMetadata(path, folder),
    async *items() {
      for (const shard of folder.shards) yield* inShard(walk, path, shard)
    },
  }
  for (const inner of folder.folders) yield* inFolder(walk, inner)
}

async function* inShard(walk: TypeWalk, folder: string, shard: Shard): AsyncGenerator<ExportItem, void, undefined> {
  const { asked, failures, repository, signal } = walk.options
  const path = shard.name === '' ? folder : `${folder}/${shard.name}`
  if (!asked.leadsOn(path)) return
  const items = await failures.tolerate(path, () => walk.stored.items(shard))
  for (const [name, files] of items ?? []) {
    const item = `${path}/${name}`
    if (!walk.isAsked(item)) continue
    signal.throwIfAborted()
    const content = files.content === undefined ? undefined : storedFile(repository, files.content)
    const metadata = (): Promise<JsonObject> => storedJson(repository, files.metadata, signal)
    yield { path: item, name, metadata, content, parts: () => walk.partsOf(files) }
  }
}

/** One data type of one root. */
class TypeWalk {
  readonly options: Asked
  readonly stored: StoredType
  readonly describer: ItemDescriber
  readonly #path: string

  constructor(options: Asked, stored: StoredType, describer: ItemDescriber, path: string) {
    this.options = options
    this.stored = stored
    this.describer = describer
    this.#path = path
  }

  /** Names of files that lie apart are whole. */
  isAsked(item: string): boolean {
    const { asked } = this.options
    return this.describer.layout === 'apart' ? asked.covers(item) : asked.coversItem(item)
  }

  async partsOf(files: StoredItem): Promise<ReadonlyMap<string, StoredFile>> {
    const nodes = await this.stored.parts(files)
    return new Map(nodes.map((node) => [node.name, storedFile(this.options.repository, node)]))
  }

  /** A container whose own file is damaged has its items all the same. */
  async ownMetadata(path: string, { file }: StoredFolder): Promise<JsonObject> {
    const { repository, failures, signal } = this.options
    if (file === undefined) return {}
    return (await failures.tolerate(`${path}/${file.name}`, () => storedJson(repository, file, signal))) ?? {}
  }

  pathOf({ path }: FolderPlace): string {
    return path === '' ? this.#path : `${this.#path}/${path}`
  }
}
