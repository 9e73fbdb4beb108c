import {
  storedFile,
  StoredType,
  type FolderPlace,
  type HexId,
  type OpenRepository,
  type StoredItem,
} from '../../engine/index.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { rootOf } from '../../engine/model/root-path.ts'
import type { TreeNode } from '../../engine/model/tree.ts'
import type { ItemDescriber, RootKind } from '../../engine/ports/data-type.ts'
import type { StoredFile } from '../../engine/ports/restore-target.ts'
import { AskedPaths } from '../parts/asked-paths.ts'

export interface StoredItemsOptions {
  readonly repository: OpenRepository
  readonly tree: HexId
  /** From the snapshot's root, without slashes around them; empty: everything. */
  readonly paths: readonly string[]
  /** The describer of a data type that is wanted. */
  readonly describer: (kind: RootKind, folder: string) => ItemDescriber | undefined
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
  readonly metadata: JsonObject
  readonly content: StoredFile | undefined
  /** Attachments and the like, by the names that they are stored under. */
  parts(): Promise<ReadonlyMap<string, StoredFile>>
}

/** Containers of the wanted data types, one after the other. Rejects with the damage of a tree. */
export function storedContainers(options: StoredItemsOptions): AsyncGenerator<StoredContainer, void, undefined> {
  return inTree({ ...options, asked: new AskedPaths(options.paths) }, options.tree, '')
}

async function* inTree(options: Asked, tree: HexId, path: string): AsyncGenerator<StoredContainer, void, undefined> {
  const { repository, signal, describer } = options
  for (const { name, type, subtree } of (await repository.tree(tree, signal)).nodes) {
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
  if (!walk.options.asked.leadsOn(path)) return
  const folder = await walk.stored.open(place)
  const metadata = folder.file === undefined ? {} : await readJson(walk.options, folder.file)
  const names = path.split('/')
  yield {
    path,
    names,
    describer: walk.describer,
    metadata,
    async *items() {
      for (const shard of folder.shards)
        for (const [name, files] of await walk.stored.items(shard)) {
          const item = [path, shard.name, name].filter((part) => part !== '').join('/')
          if (!walk.isAsked(item)) continue
          walk.options.signal.throwIfAborted()
          const { repository } = walk.options
          const content = files.content === undefined ? undefined : storedFile(repository, files.content)
          const metadata = await readJson(walk.options, files.metadata)
          yield { path: item, name, metadata, content, parts: () => walk.partsOf(files) }
        }
    },
  }
  for (const inner of folder.folders) yield* inFolder(walk, inner)
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

  pathOf({ path }: FolderPlace): string {
    return path === '' ? this.#path : `${this.#path}/${path}`
  }
}

async function readJson({ repository, signal }: StoredItemsOptions, { content }: TreeNode): Promise<JsonObject> {
  return JSON.parse(Buffer.from(await repository.content(content ?? [], signal)).toString()) as JsonObject
}
