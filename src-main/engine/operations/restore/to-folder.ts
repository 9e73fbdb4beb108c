import { BoundedWork } from '../../bounded-work.ts'
import { EngineError, type ErrorCode } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { TreeNode } from '../../model/tree.ts'
import { OpenPool } from '../../repository/open-pool.ts'
import { RecentTrees } from '../../repository/recent-trees.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import { keepYoungHeapSmall } from '../../small-heap.ts'
import { RANGE_BYTES } from './blob-plan.ts'
import { FileBatch } from './file-batch.ts'
import { restoreLink } from './restore-link.ts'
import { TargetFolders } from './target-folders.ts'
import { nodeAt, splitPath, walkNode, walkTree, type WalkedNode } from './walk-tree.ts'

// While the last ranges of one batch are written, the next one begins: no thread waits for another.
const PARALLEL_BATCHES = 2

export interface FolderRestoreProgress {
  readonly files: number
  readonly bytes: number
}

export interface FolderRestoreFinding {
  /** From the snapshot's root. */
  readonly path: string
  readonly code: ErrorCode
}

export interface FolderRestoreReport extends FolderRestoreProgress {
  readonly directories: number
  /** Files and links that were there already with the same content. */
  readonly present: number
  readonly findings: readonly FolderRestoreFinding[]
}

export interface FolderRestoreOptions {
  readonly repository: OpenRepository
  readonly tree: HexId
  /** Files and folders to restore, from the snapshot's root; empty: everything. */
  readonly paths: readonly string[]
  /** Folder on disk; made if need be. What is in it is never overwritten. */
  readonly target: string
  /** What of the paths is written; without it, everything. Folders come to be with what is in them. */
  readonly wants?: (path: string, node: TreeNode) => boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: FolderRestoreProgress) => void
}

/**
 * Writes a snapshot, or paths of it, into a folder. One bad file never stops the others: see the findings. Rejects with
 * - repository.path-not-found before anything is written;
 * - store.full, store.read-only, store.permission if the folder cannot be written to;
 * - the damage of the snapshot's own tree, or the store's error if the repository is out of reach.
 */
export async function restoreToFolder(options: FolderRestoreOptions): Promise<FolderRestoreReport> {
  keepYoungHeapSmall()
  const { repository, signal } = options
  await repository.ensureIndex(signal)
  const chosen = await chosenNodes(options)
  const pool = new OpenPool(repository.key, RANGE_BYTES)
  const restore = new FolderRestore(options, pool)
  try {
    for (const { path, node } of chosen) {
      const walk =
        node === undefined ? walkTree(repository, options.tree, '', signal) : walkNode(repository, node, path, signal)
      for await (const walked of walk) await restore.take(walked)
    }
    return await restore.finish()
  } finally {
    await pool.close()
    await restore.settle()
  }
}

/** What is to be restored; no node stands for the whole snapshot. */
export async function chosenNodes(
  options: FolderRestoreOptions,
): Promise<readonly { path: string; node?: TreeNode }[]> {
  const { repository, tree, paths, signal } = options
  if (paths.length === 0) return [{ path: '' }]
  const trees = new RecentTrees(repository)
  const chosen: { path: string; node?: TreeNode }[] = []
  for (const name of paths) {
    const path = splitPath(name).join('/')
    const node = await nodeAt(trees, tree, path, signal)
    chosen.push(node === undefined ? { path: '' } : { path, node })
  }
  return chosen
}

class FolderRestore {
  readonly #options: FolderRestoreOptions
  readonly #pool: OpenPool
  readonly #folders: TargetFolders
  readonly #findings: FolderRestoreFinding[] = []
  /** Directories that could not be made: a finding stands for all that is in them. */
  readonly #refused = new Set<string>()
  readonly #batches = new BoundedWork(PARALLEL_BATCHES)
  /** The reading and writing of all batches' ranges. */
  readonly #ranges: BoundedWork
  readonly #underWay = new Map<FileBatch, FolderRestoreProgress>()
  #batch: FileBatch
  #directories = 0
  #files = 0
  #bytes = 0
  #present = 0

  constructor(options: FolderRestoreOptions, pool: OpenPool) {
    this.#options = options
    this.#pool = pool
    this.#folders = new TargetFolders(options.target)
    this.#batch = new FileBatch(options.repository)
    this.#ranges = new BoundedWork(pool.places)
  }

  async take({ path, node, failure, leaving }: WalkedNode): Promise<void> {
    this.#options.signal?.throwIfAborted()
    if (this.#isRefused(path) || this.#options.wants?.(path, node) === false) return
    if (failure !== undefined) this.#findings.push({ path, code: failure.code })
    else if (leaving !== true) await this.#node(path, node)
    else {
      this.#directories++
      this.#folders.complete(path, node)
    }
  }

  async finish(): Promise<FolderRestoreReport> {
    await this.#flush()
    await this.#batches.finish()
    this.#findings.push(...(await this.#folders.finish()))
    const counts = { files: this.#files, bytes: this.#bytes, present: this.#present, directories: this.#directories }
    return { ...counts, findings: this.#findings }
  }

  /** Resolves when nothing is being written any more. */
  async settle(): Promise<void> {
    await this.#batches.settle()
  }

  async #node(path: string, node: TreeNode): Promise<void> {
    const folder = node.type === 'dir' ? path : parentOf(path)
    const refusal = await this.#folders.make(folder)
    if (refusal !== undefined) {
      this.#findings.push({ path, code: refusal })
      this.#refused.add(path)
    } else if (node.type === 'file') await this.#file(path, node)
    else if (node.type === 'symlink') await this.#link(path, node)
    // Pipes and devices: nothing that a restore of files makes.
    else if (node.type !== 'dir') this.#findings.push({ path, code: 'store.failed' })
  }

  #isRefused(path: string): boolean {
    if (this.#refused.size === 0) return false
    for (let above = path; above !== ''; above = parentOf(above)) if (this.#refused.has(above)) return true
    return false
  }

  async #file(path: string, node: TreeNode): Promise<void> {
    this.#batch.add(path, this.#folders.place(path), node)
    if (this.#batch.isFull) await this.#flush()
  }

  async #link(path: string, node: TreeNode): Promise<void> {
    const outcome = await restoreLink(this.#folders.place(path), node)
    if (outcome === 'made') this.#files++
    else if (outcome === 'present') this.#present++
    else this.#findings.push({ path, code: outcome })
  }

  /** Writes the open batch while the next one is gathered. */
  async #flush(): Promise<void> {
    const batch = this.#batch
    this.#batch = new FileBatch(this.#options.repository)
    await this.#batches.start(() => this.#write(batch))
  }

  async #write(batch: FileBatch): Promise<void> {
    const { signal } = this.#options
    const outcome = await batch.write(this.#pool, this.#ranges, signal, (files, bytes) => {
      this.#underWay.set(batch, { files, bytes })
      this.#tellProgress()
    })
    this.#underWay.delete(batch)
    this.#findings.push(...outcome.findings)
    this.#files += outcome.files
    this.#bytes += outcome.bytes
    this.#present += outcome.present
    const full = outcome.findings.find(({ code }) => code === 'store.full' || code === 'store.read-only')
    // Nothing further can be written there.
    if (full !== undefined) throw new EngineError(full.code, { context: { place: this.#folders.root } })
  }

  #tellProgress(): void {
    let [files, bytes] = [this.#files, this.#bytes]
    for (const part of this.#underWay.values()) {
      files += part.files
      bytes += part.bytes
    }
    this.#options.onProgress?.({ files, bytes })
  }
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0))
}
