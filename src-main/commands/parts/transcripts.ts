import { toStoreError } from '../../destinations/local-folder/store-errors.ts'
import {
  StoredType,
  TargetFolders,
  type FolderPlace,
  type OpenRepository,
  type Shard,
  type StoredItem,
} from '../../engine/index.ts'
import type { RootKind } from '../../engine/ports/data-type.ts'
import type { HexId } from '../../engine/model/ids.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { TreeNode } from '../../engine/model/tree.ts'
import { AskedPaths } from './asked-paths.ts'
import { withPlace } from './error-place.ts'
import type { FailureList } from './failure-list.ts'
import { writeNewFile } from './new-file.ts'
import { kindFolder } from './root-filter.ts'
import { rootsOf, type SnapshotRoot } from './snapshot-roots.ts'
import { storedJson } from './stored-json.ts'
import { transcriptTypes, type TranscriptItem, type TranscriptType } from './transcript-types.ts'

const FILE = 'transcript.html'
const METADATA = '.json'
const PARTS = 'attachments'

type ContainerPage = Extract<TranscriptType['page'], { readonly of: 'container' }>

export interface TranscriptOptions {
  readonly repository: OpenRepository
  readonly tree: HexId
  /** Paths that are restored, from the snapshot's root; empty: everything. */
  readonly paths: readonly string[]
  readonly wants: (path: string, node: TreeNode) => boolean
  readonly target: string
  /** Takes what is damaged, by the paths of stored files and folders, and pages that could not be written. */
  readonly failures: FailureList
  readonly signal: AbortSignal
}

/**
 * Writes readable pages beside the files of what is restored to disk: one for each chat and channel that is restored as a
 * whole, one for each conversation of a group. Gives their number. What is damaged is missing from them; the pages of chats
 * and channels say so. No page is written through a link. Rejects if nothing more can be written, or read.
 */
export async function writeTranscripts(options: TranscriptOptions): Promise<number> {
  const asked = { ...options, asked: new AskedPaths(options.paths), folders: new TargetFolders(options.target) }
  let written = 0
  for (const kind of new Set(transcriptTypes.map((type) => type.kind)))
    if (asked.asked.leadsOn(kindFolder(kind))) written += await ofKind(asked, kind)
  return written
}

async function ofKind(options: Asked, kind: RootKind): Promise<number> {
  const { repository, tree, asked, failures, signal } = options
  let written = 0
  try {
    for await (const root of rootsOf(repository, tree, kind, signal))
      if (asked.leadsOn(root.path)) written += await ofRoot(options, root)
  } catch (error) {
    failures.take(kindFolder(kind), error)
  }
  return written
}

async function ofRoot(options: Asked, root: SnapshotRoot): Promise<number> {
  const { repository, asked, failures, signal } = options
  const tree = await failures.tolerate(root.path, () => repository.tree(root.tree, signal))
  let written = 0
  for (const type of transcriptTypes.filter((one) => one.kind === root.kind)) {
    const top = tree?.nodes.find(({ name }) => name === type.describer.folder)
    const path = `${root.path}/${type.describer.folder}`
    if (top?.subtree !== undefined && asked.leadsOn(path))
      written += await new Transcripts(options, type, path).write(top.subtree)
  }
  return written
}

interface Asked extends TranscriptOptions {
  readonly asked: AskedPaths
  readonly folders: TargetFolders
}

/** The pages of one data type of one root. */
class Transcripts {
  readonly #options: Asked
  readonly #type: TranscriptType
  readonly #path: string
  readonly #stored: StoredType
  /** What could not be read until now. */
  #missing = 0

  constructor(options: Asked, type: TranscriptType, path: string) {
    this.#options = options
    this.#type = type
    this.#path = path
    this.#stored = new StoredType(options.repository, type.describer, options.signal)
  }

  async write(top: HexId): Promise<number> {
    const { repository, signal } = this.#options
    const opened = await this.#tolerate(this.#path, async () => {
      const { folders } = await this.#stored.open(this.#stored.top(top))
      return { folders, nodes: (await repository.tree(top, signal)).nodes }
    })
    let written = 0
    for (const folder of opened?.folders ?? []) {
      const node = opened?.nodes.find(({ name }) => name === folder.path)
      if (node !== undefined) written += await this.#folder(folder, node)
    }
    return written
  }

  async #folder(folder: FolderPlace, node: TreeNode): Promise<number> {
    const path = `${this.#path}/${folder.path}`
    const { page } = this.#type
    const { asked, wants } = this.#options
    if (!asked.leadsOn(path)) return 0
    if (page.of === 'item') return this.#items(folder, path, page.make)
    return asked.covers(path) && wants(path, node) ? this.#container(folder, path, page) : 0
  }

  async #container(folder: FolderPlace, path: string, { isPage, make }: ContainerPage): Promise<number> {
    const before = this.#missing
    const opened = await this.#tolerate(path, () => this.#stored.open(folder))
    if (opened === undefined) return 0
    const { file, shards } = opened
    const container = (file === undefined ? {} : await this.#json(`${path}/${file.name}`, file)) ?? {}
    if (!isPage(container)) return 0
    const items: TranscriptItem[] = []
    for (const shard of shards)
      for (const [name, stored] of await this.#itemsOf(path, shard)) {
        const item = await this.#item(inside(path, shard), name, stored, { path, above: [] })
        if (item !== undefined) items.push(item)
      }
    return this.#page(path, FILE, make(container, items, this.#missing === before))
  }

  async #items(folder: FolderPlace, path: string, make: (item: TranscriptItem) => string): Promise<number> {
    const { asked, wants } = this.#options
    const opened = await this.#tolerate(path, () => this.#stored.open(folder))
    let written = 0
    for (const shard of opened?.shards ?? []) {
      const place = inside(path, shard)
      if (!asked.leadsOn(place)) continue
      const above = shard.name === '' ? [] : ['..']
      for (const [name, stored] of await this.#itemsOf(path, shard)) {
        const file = `${place}/${name}${METADATA}`
        if (!asked.covers(file) || !wants(file, stored.metadata)) continue
        const item = await this.#item(place, name, stored, { path, above })
        if (item !== undefined) written += await this.#page(place, `${name}.html`, make(item))
      }
    }
    return written
  }

  async #itemsOf(path: string, shard: Shard): Promise<ReadonlyMap<string, StoredItem>> {
    const items = await this.#tolerate(inside(path, shard), () => this.#stored.items(shard))
    return items ?? new Map<string, StoredItem>()
  }

  /** `container`: its path, and the way to it from the page. */
  async #item(
    place: string,
    name: string,
    { metadata, parts }: StoredItem,
    container: { readonly path: string; readonly above: readonly string[] },
  ): Promise<TranscriptItem | undefined> {
    const stored = await this.#json(`${place}/${name}${METADATA}`, metadata)
    if (stored === undefined) return undefined
    const folder = [PARTS, name]
    const files = await this.#tolerate([container.path, ...folder].join('/'), () =>
      this.#parts([...container.above, ...folder], parts),
    )
    return { metadata: stored, parts: files ?? new Map<string, string>() }
  }

  async #tolerate<T extends object>(path: string, work: () => Promise<T>): Promise<T | undefined> {
    const given = await this.#options.failures.tolerate(path, work)
    if (given === undefined) this.#missing++
    return given
  }

  async #json(path: string, node: TreeNode): Promise<JsonObject | undefined> {
    const { repository, signal } = this.#options
    return this.#tolerate(path, () => storedJson(repository, node, signal))
  }

  /** Where the parts of an item lie, seen from its page, by their names. */
  async #parts(folder: readonly string[], parts: TreeNode | undefined): Promise<ReadonlyMap<string, string>> {
    if (parts?.subtree === undefined) return new Map()
    const { nodes } = await this.#options.repository.tree(parts.subtree, this.#options.signal)
    const files = nodes.filter(({ type }) => type === 'file')
    return new Map(files.map(({ name }) => [name, [...folder, name].map(encodeURIComponent).join('/')]))
  }

  /** What is there already is never overwritten. Gives how many were written. */
  async #page(path: string, name: string, page: string): Promise<number> {
    const { folders, failures } = this.#options
    const refusal = await folders.make(path)
    if (refusal !== undefined) failures.add(`${path}/${name}`, refusal)
    if (refusal !== undefined) return 0
    const written = await failures.tolerate(`${path}/${name}`, () => newPage(folders.place(path), name, page))
    return written === undefined ? 0 : 1
  }
}

function inside(path: string, { name }: Shard): string {
  return name === '' ? path : `${path}/${name}`
}

async function newPage(folder: string, name: string, page: string): Promise<boolean> {
  try {
    return await writeNewFile(
      folder,
      (file) => file.append(Buffer.from(page)),
      (take) => take(name),
    )
  } catch (error) {
    throw withPlace(toStoreError(error), folder)
  }
}
