import { BoundedWork } from '../../bounded-work.ts'
import { EngineError, isEngineError } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { JsonObject } from '../../model/json.ts'
import type { TreeNode } from '../../model/tree.ts'
import type { DataTypeRestorer, RestoreContainer, RestoreItem, TargetContainer } from '../../ports/restore-target.ts'
import { keepYoungHeapSmall } from '../../young-heap.ts'
import { CONTAINER_FILE, isShard } from '../backup/layout.ts'
import type { RestoredItem, TenantRestoreCounts, TenantRestoreOptions, TenantRestoreReport } from './tenant-model.ts'
import { splitPath } from './walk-tree.ts'

const METADATA = '.json'
const DAMAGED = /^repository\.(blob|pack|tree)-/

/**
 * Creates what the paths hold in the target root. One bad item never stops the others. Rejects when nothing can go on,
 * when a path is not in the snapshot, or when it holds nothing that one of the restorers knows.
 */
export async function restoreToTenant(options: TenantRestoreOptions): Promise<TenantRestoreReport> {
  keepYoungHeapSmall()
  return new TenantRestore(options).run()
}

interface Place {
  readonly restorer: DataTypeRestorer
  readonly work: BoundedWork
  readonly target: TargetContainer
}

/** A folder on the way to what is restored. Its container is made in the target only when something is put into it. */
interface Folder {
  readonly path: string
  readonly container: () => Promise<Place>
}

class TenantRestore {
  readonly #options: TenantRestoreOptions
  readonly #counts: TenantRestoreCounts = { created: 0, duplicates: 0, failed: 0, containers: 0, bytes: 0 }
  readonly #failures: RestoredItem[] = []
  readonly #begun = new Map<string, Promise<Place>>()

  constructor(options: TenantRestoreOptions) {
    this.#options = options
  }

  async run(): Promise<TenantRestoreReport> {
    if (this.#options.paths.length === 0) throw new EngineError('usage', { context: { reason: 'no-path' } })
    for (const path of this.#options.paths) await this.#path(splitPath(path))
    const places = await Promise.all(this.#begun.values())
    if (places.length === 0) throw new EngineError('restore.nothing-to-restore')
    for (const { work } of places) await work.finish()
    return { ...this.#counts, failures: this.#failures, place: places[0]?.target.path ?? '' }
  }

  /** Walks to the path; the containers on the way are made as they are in the snapshot. */
  async #path(names: readonly string[]): Promise<void> {
    const { tree } = this.#options
    let nodes = await this.#nodes(tree)
    let folder: Folder | undefined
    let restorer: DataTypeRestorer | undefined
    let path = ''
    for (const [depth, name] of names.entries()) {
      const found = nodes.find((node) => node.name === name) ?? itemNode(nodes, name)
      if (found === undefined) throw new EngineError('repository.path-not-found')
      path = path === '' ? name : `${path}/${name}`
      restorer = depth === 2 ? this.#restorer(name) : restorer
      if (found.type === 'file') {
        await this.#itemAt(folder, restorer, nodes, path, found)
        return
      }
      folder = this.#enter(folder, restorer, found, path)
      nodes = await this.#nodes(found.subtree)
    }
    await this.#below(folder, restorer, nodes, path, names.length)
  }

  /** Everything below a folder. Roots and data types are recognised by their depth: users / name / type. */
  async #below(
    folder: Folder | undefined,
    restorer: DataTypeRestorer | undefined,
    nodes: readonly TreeNode[],
    path: string,
    depth: number,
  ): Promise<void> {
    this.#options.signal.throwIfAborted()
    if (restorer !== undefined && folder !== undefined) await this.#items(folder, restorer, nodes, path)
    for (const node of nodes) {
      if (node.type !== 'dir') continue
      const childPath = path === '' ? node.name : `${path}/${node.name}`
      const childRestorer = depth === 2 ? this.#restorer(node.name) : restorer
      if (depth >= 2 && childRestorer === undefined) continue
      const inside = await this.#readable(node, childPath)
      if (inside === undefined) continue
      const child = this.#enter(folder, childRestorer, node, childPath)
      await this.#below(child, childRestorer, inside, childPath, depth + 1)
    }
  }

  /** What is in a folder; undefined, and noted as failed, if its tree is damaged. */
  async #readable(node: TreeNode, path: string): Promise<readonly TreeNode[] | undefined> {
    try {
      return await this.#nodes(node.subtree)
    } catch (error) {
      if (!isEngineError(error) || !DAMAGED.test(error.code)) throw error
      this.#count({ path, outcome: { kind: 'failed', code: error.code } }, 0)
      return undefined
    }
  }

  #restorer(folder: string): DataTypeRestorer | undefined {
    return this.#options.restorers.find((restorer) => restorer.folder === folder)
  }

  #enter(
    parent: Folder | undefined,
    restorer: DataTypeRestorer | undefined,
    node: TreeNode,
    path: string,
  ): Folder | undefined {
    if (restorer === undefined) return undefined
    if (parent === undefined) return { path, container: () => this.#begin(restorer) }
    // A month's messages belong to the folder around it.
    if (isShard(node.name)) return { path, container: parent.container }
    let made: Promise<Place> | undefined
    return { path, container: () => (made ??= this.#makeContainer(parent, node)) }
  }

  #begin(restorer: DataTypeRestorer): Promise<Place> {
    const known = this.#begun.get(restorer.folder)
    if (known !== undefined) return known
    const { target, signal } = this.#options
    const begun = restorer.begin(target, this.#options, signal).then((container) => {
      return { restorer, work: new BoundedWork(restorer.concurrency), target: container }
    })
    this.#begun.set(restorer.folder, begun)
    return begun
  }

  async #makeContainer(parent: Folder, node: TreeNode): Promise<Place> {
    const place = await parent.container()
    const nodes = await this.#nodes(node.subtree)
    const file = nodes.find(({ name }) => name === CONTAINER_FILE)
    const container: RestoreContainer = {
      dirName: node.name,
      metadata: file === undefined ? undefined : await this.#json(file),
    }
    const target = await place.restorer.container(place.target, container, this.#options.signal)
    this.#counts.containers++
    return { ...place, target }
  }

  async #items(folder: Folder, restorer: DataTypeRestorer, nodes: readonly TreeNode[], path: string): Promise<void> {
    for (const node of nodes) {
      if (node.type !== 'file' || !node.name.endsWith(METADATA) || node.name === CONTAINER_FILE) continue
      const itemPath = `${path}/${node.name.slice(0, -METADATA.length)}`
      await this.#itemAt(folder, restorer, nodes, itemPath, node)
    }
  }

  /** Restores the item that a file belongs to: metadata and content stand side by side. */
  async #itemAt(
    folder: Folder | undefined,
    restorer: DataTypeRestorer | undefined,
    nodes: readonly TreeNode[],
    path: string,
    file: TreeNode,
  ): Promise<void> {
    if (folder === undefined || restorer === undefined) return
    const stem = stemOf(file.name)
    const metadata = nodes.find(({ name }) => name === `${stem}${METADATA}`)
    const content = nodes.find(({ name, type }) => type === 'file' && name !== metadata?.name && stemOf(name) === stem)
    if (metadata === undefined || metadata.name === CONTAINER_FILE) return
    const itemPath = `${path.slice(0, path.lastIndexOf('/'))}/${stem}`
    const place = await folder.container()
    await place.work.start(() => this.#restore(place, itemPath, metadata, content))
  }

  async #restore(place: Place, path: string, metadata: TreeNode, content: TreeNode | undefined): Promise<void> {
    this.#options.signal.throwIfAborted()
    const { repository } = this.#options
    const size = content?.size ?? 0
    let outcome: RestoredItem['outcome']
    try {
      const item: RestoreItem = {
        path,
        metadata: await this.#json(metadata),
        size,
        content: (signal) => repository.content(content?.content ?? [], signal),
      }
      outcome = await place.restorer.item(place.target, item, this.#options.signal)
    } catch (error) {
      // What is damaged in the repository concerns this item alone.
      if (!isEngineError(error) || !DAMAGED.test(error.code)) throw error
      outcome = { kind: 'failed', code: error.code }
    }
    this.#count({ path, outcome }, size)
  }

  #count(item: RestoredItem, size: number): void {
    const { outcome, path } = item
    if (outcome.kind === 'created') {
      this.#counts.created++
      this.#counts.bytes += size
    } else if (outcome.kind === 'duplicate') this.#counts.duplicates++
    else {
      this.#counts.failed++
      this.#failures.push(item)
    }
    this.#options.onItem?.(item)
    this.#options.onProgress?.(this.#counts, path)
  }

  async #nodes(tree: HexId | undefined): Promise<readonly TreeNode[]> {
    if (tree === undefined) return []
    return (await this.#options.repository.tree(tree, this.#options.signal)).nodes
  }

  async #json(node: TreeNode): Promise<JsonObject> {
    const bytes = await this.#options.repository.content(node.content ?? [], this.#options.signal)
    return JSON.parse(Buffer.from(bytes).toString()) as JsonObject
  }
}

/** An item may be named without its extension. */
function itemNode(nodes: readonly TreeNode[], name: string): TreeNode | undefined {
  return nodes.find((node) => node.name === `${name}${METADATA}`)
}

function stemOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot < 0 ? name : name.slice(0, dot)
}
