import { lstat, stat } from 'node:fs/promises'
import { EngineError, isEngineError, type ErrorCode } from '../../model/errors.ts'
import type { TreeNode } from '../../model/tree.ts'
import { diskPath, errnoOf, fileErrorCode } from '../../repository/disk-file.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import { holdsBlobs } from './holds-blobs.ts'
import { leadsTo } from './restore-link.ts'
import { TargetFolders } from './target-folders.ts'
import {
  chosenNodes,
  parentOf,
  type FolderRestoreFinding,
  type FolderRestoreOptions,
  type FolderRestoreReport,
} from './to-folder.ts'
import { walkNode, walkTree, type WalkedNode } from './walk-tree.ts'

/**
 * What restoreToFolder would do as the folder is now, findings included; nothing is written, and no content is read from
 * the repository: what is there is compared by its hashes. Rejects as restoreToFolder does before it writes.
 */
export async function previewToFolder(options: FolderRestoreOptions): Promise<FolderRestoreReport> {
  const { repository, tree, signal } = options
  await repository.ensureIndex(signal)
  const preview = new FolderPreview(options)
  for (const { path, node } of await chosenNodes(options)) {
    const walk = node === undefined ? walkTree(repository, tree, '', signal) : walkNode(repository, node, path, signal)
    for await (const walked of walk) await preview.take(walked)
  }
  return preview.report
}

/** A folder of the target: it can be made, it is there, or why neither. */
type FolderState = 'free' | 'there' | ErrorCode

class FolderPreview {
  readonly #options: FolderRestoreOptions
  readonly #folders: TargetFolders
  readonly #states = new Map<string, FolderState>()
  readonly #refused = new Set<string>()
  readonly #findings: FolderRestoreFinding[] = []
  readonly #total = { files: 0, bytes: 0, directories: 0, present: 0 }

  constructor(options: FolderRestoreOptions) {
    this.#options = options
    this.#folders = new TargetFolders(options.target)
  }

  get report(): FolderRestoreReport {
    return { ...this.#total, findings: this.#findings }
  }

  async take({ path, node, failure, leaving }: WalkedNode): Promise<void> {
    this.#options.signal?.throwIfAborted()
    if (this.#isRefused(path) || this.#options.wants?.(path, node) === false) return
    if (failure !== undefined) this.#findings.push({ path, code: failure.code })
    else if (leaving === true) this.#total.directories++
    else await this.#node(path, node)
  }

  #isRefused(path: string): boolean {
    if (this.#refused.size === 0) return false
    for (let above = path; above !== ''; above = parentOf(above)) if (this.#refused.has(above)) return true
    return false
  }

  async #node(path: string, node: TreeNode): Promise<void> {
    const state = await this.#state(node.type === 'dir' ? path : parentOf(path))
    if (state !== 'free' && state !== 'there') {
      this.#findings.push({ path, code: state })
      this.#refused.add(path)
    } else if (node.type !== 'dir') this.#count(path, node, await this.#outcome(path, node, state))
  }

  #count(path: string, { size = 0 }: TreeNode, outcome: 'free' | 'present' | ErrorCode): void {
    if (outcome === 'present') this.#total.present++
    else if (outcome === 'free') {
      this.#total.files++
      this.#total.bytes += size
    } else this.#findings.push({ path, code: outcome })
  }

  async #outcome(path: string, node: TreeNode, folder: 'free' | 'there'): Promise<'free' | 'present' | ErrorCode> {
    const { repository } = this.#options
    if (node.type !== 'file' && node.type !== 'symlink') return 'store.failed'
    if (node.type === 'file' && node.content?.every((blob) => repository.has(blob, 'data')) === false)
      return 'repository.blob-missing'
    if (folder === 'free') return 'free'
    return await whatIsThere(repository, this.#folders.place(path), node, this.#options.signal)
  }

  async #state(path: string): Promise<FolderState> {
    const state = this.#states.get(path) ?? (await this.#find(path))
    this.#states.set(path, state)
    return state
  }

  async #find(path: string): Promise<FolderState> {
    if (path === '') return this.#findRoot()
    const above = await this.#state(parentOf(path))
    if (above !== 'there') return above
    try {
      const isFolder = (await lstat(diskPath(this.#folders.place(path)))).isDirectory()
      return isFolder ? 'there' : 'restore.target-exists'
    } catch (error) {
      return errnoOf(error) === 'ENOENT' ? 'free' : fileErrorCode(error)
    }
  }

  /** A link that the user names is followed. */
  async #findRoot(): Promise<FolderState> {
    const { root } = this.#folders
    try {
      if ((await stat(root)).isDirectory()) return 'there'
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return 'free'
      throw new EngineError(fileErrorCode(error), { context: { place: root }, cause: error })
    }
    throw new EngineError('restore.target-exists', { context: { place: root } })
  }
}

async function whatIsThere(
  repository: OpenRepository,
  place: string,
  node: TreeNode,
  signal: AbortSignal | undefined,
): Promise<'free' | 'present' | ErrorCode> {
  const path = diskPath(place)
  try {
    const found = await lstat(path)
    const isSame =
      node.type === 'symlink'
        ? await leadsTo(path, diskPath(node.linktarget ?? ''))
        : found.isFile() && (await holdsBlobs(repository, path, node.content ?? [], signal))
    return isSame ? 'present' : 'restore.target-exists'
  } catch (error) {
    if (isEngineError(error) || signal?.aborted === true) throw error
    return errnoOf(error) === 'ENOENT' ? 'free' : 'restore.target-exists'
  }
}
