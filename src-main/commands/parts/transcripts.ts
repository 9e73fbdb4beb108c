import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toStoreError } from '../../destinations/local-folder/store-errors.ts'
import { StoredType, type FolderPlace, type OpenRepository } from '../../engine/index.ts'
import type { HexId } from '../../engine/model/ids.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { TreeNode } from '../../engine/model/tree.ts'
import { AskedPaths } from './asked-paths.ts'
import { withPlace } from './error-place.ts'
import { rootsOf } from './snapshot-roots.ts'
import { transcriptTypes, type TranscriptItem, type TranscriptType } from './transcript-types.ts'

const FILE = 'transcript.html'
const METADATA = '.json'

export interface TranscriptOptions {
  readonly repository: OpenRepository
  readonly tree: HexId
  /** Paths that are restored, from the snapshot's root; empty: everything. */
  readonly paths: readonly string[]
  readonly wants: (path: string, node: TreeNode) => boolean
  readonly target: string
  readonly signal: AbortSignal
}

/**
 * Writes readable pages beside the files of what is restored to disk: one for each chat and channel that is restored as a
 * whole, one for each conversation of a group. Gives their number.
 */
export async function writeTranscripts(options: TranscriptOptions): Promise<number> {
  const { repository, tree, signal } = options
  const asked = new AskedPaths(options.paths)
  let written = 0
  for (const kind of new Set(transcriptTypes.map((type) => type.kind)))
    for await (const root of rootsOf(repository, tree, kind, signal)) {
      const { nodes } = await repository.tree(root.tree, signal)
      for (const type of transcriptTypes.filter((one) => one.kind === kind)) {
        const top = nodes.find(({ name }) => name === type.describer.folder)?.subtree
        const path = `${root.path}/${type.describer.folder}`
        if (top !== undefined && asked.leadsOn(path))
          written += await new Transcripts({ ...options, asked }, type, path).write(top)
      }
    }
  return written
}

interface Asked extends TranscriptOptions {
  readonly asked: AskedPaths
}

/** The pages of one data type of one root. */
class Transcripts {
  readonly #options: Asked
  readonly #type: TranscriptType
  readonly #path: string
  readonly #stored: StoredType

  constructor(options: Asked, type: TranscriptType, path: string) {
    this.#options = options
    this.#type = type
    this.#path = path
    this.#stored = new StoredType(options.repository, type.describer, options.signal)
  }

  async write(top: HexId): Promise<number> {
    const { folders } = await this.#stored.open(this.#stored.top(top))
    const { nodes } = await this.#options.repository.tree(top, this.#options.signal)
    let written = 0
    for (const folder of folders) {
      const node = nodes.find(({ name }) => name === folder.path)
      if (node !== undefined) written += await this.#folder(folder, node)
    }
    return written
  }

  async #folder(folder: FolderPlace, node: TreeNode): Promise<number> {
    const path = `${this.#path}/${folder.path}`
    const { page } = this.#type
    if (!this.#options.asked.leadsOn(path)) return 0
    if (page.of === 'item') return this.#items(folder, path, page.make)
    if (!this.#options.asked.covers(path) || !this.#options.wants(path, node)) return 0
    return this.#container(folder, path, page)
  }

  async #container(
    folder: FolderPlace,
    path: string,
    { isPage, make }: Extract<TranscriptType['page'], { readonly of: 'container' }>,
  ): Promise<number> {
    const { file, shards } = await this.#stored.open(folder)
    const container = file === undefined ? {} : await this.#json(file)
    if (!isPage(container)) return 0
    const items: TranscriptItem[] = []
    for (const shard of shards)
      for (const [name, { metadata, parts }] of await this.#stored.items(shard))
        items.push({ metadata: await this.#json(metadata), parts: await this.#parts(['attachments', name], parts) })
    await this.#page(path, FILE, make(container, items))
    return 1
  }

  async #items(folder: FolderPlace, path: string, make: (item: TranscriptItem) => string): Promise<number> {
    const { shards } = await this.#stored.open(folder)
    let written = 0
    for (const shard of shards) {
      const inside = shard.name === '' ? path : `${path}/${shard.name}`
      const above = shard.name === '' ? [] : ['..']
      for (const [name, { metadata, parts }] of await this.#stored.items(shard)) {
        const file = `${inside}/${name}${METADATA}`
        if (!this.#options.asked.covers(file) || !this.#options.wants(file, metadata)) continue
        const item = {
          metadata: await this.#json(metadata),
          parts: await this.#parts([...above, 'attachments', name], parts),
        }
        await this.#page(inside, `${name}.html`, make(item))
        written++
      }
    }
    return written
  }

  async #json(node: TreeNode): Promise<JsonObject> {
    const { repository, signal } = this.#options
    return JSON.parse(Buffer.from(await repository.content(node.content ?? [], signal)).toString()) as JsonObject
  }

  /** Where the parts of an item lie, seen from its page, by their names. */
  async #parts(folder: readonly string[], parts: TreeNode | undefined): Promise<ReadonlyMap<string, string>> {
    if (parts?.subtree === undefined) return new Map()
    const { nodes } = await this.#options.repository.tree(parts.subtree, this.#options.signal)
    const files = nodes.filter(({ type }) => type === 'file')
    return new Map(files.map(({ name }) => [name, [...folder, name].map(encodeURIComponent).join('/')]))
  }

  /** What is there already is never overwritten. */
  async #page(path: string, name: string, page: string): Promise<void> {
    const folder = join(this.#options.target, ...path.split('/'))
    try {
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, name), page, { flag: 'wx' })
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return
      throw withPlace(toStoreError(error), folder)
    }
  }
}
