import { closeSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { HexId } from '../../src-main/engine/model/ids.ts'
import type { TreeNode } from '../../src-main/engine/model/tree.ts'
import { directoryNode, fileNode, sorted } from '../../src-main/engine/operations/backup/layout.ts'
import type { OpenRepository } from '../../src-main/engine/repository/repository.ts'
import { latestSnapshot, listSnapshots, saveSnapshot } from '../../src-main/engine/repository/snapshots.ts'
import type { SealOptions } from '../../src-main/engine/repository/seal-messages.ts'
import { RepositoryWriter, type StoredContent } from '../../src-main/engine/repository/writer.ts'
import { keepYoungHeapSmall } from '../../src-main/engine/small-heap.ts'

/** A folder as it was looked through: what restic's scanner finds. */
export interface ScannedFolder {
  readonly name: string
  readonly path: string
  readonly mtime: string
  readonly folders: readonly ScannedFolder[]
  readonly files: readonly { readonly name: string; readonly size: number; readonly mtime: string }[]
}

/** Looks through a folder; gives way to other work between folders. */
export async function scanFolder(path: string): Promise<ScannedFolder> {
  await setImmediate()
  const folders: ScannedFolder[] = []
  const files: ScannedFolder['files'][number][] = []
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const place = `${path}/${entry.name}`
    if (entry.isDirectory()) folders.push(await scanFolder(place))
    else if (entry.isFile()) {
      const { size, mtimeMs } = lstatSync(place)
      files.push({ name: entry.name, size, mtime: new Date(mtimeMs).toISOString() })
    }
  }
  return { name: basename(path), path, mtime: lstatSync(path).mtime.toISOString(), folders, files }
}

/** Makes a snapshot of a folder on disk: what restic's backup does, with the engine's own parts, for benches and tests. */
export async function snapshotFolder(
  repository: OpenRepository,
  folder: string | ScannedFolder,
  seal: Partial<SealOptions> = {},
): Promise<{ readonly id: HexId; readonly files: number }> {
  keepYoungHeapSmall()
  const scanned = typeof folder === 'string' ? await scanFolder(folder) : folder
  const { snapshots } = await listSnapshots(repository.store, repository.sealer)
  const parent = latestSnapshot(snapshots, { paths: [scanned.path] })
  const writer = new RepositoryWriter(repository, seal)
  try {
    const walk = new FolderWalk(repository, writer)
    const tree = await walk.tree(scanned, parent?.tree)
    await writer.checkpoint()
    const snapshot = {
      time: new Date().toISOString(),
      tree,
      paths: [scanned.path],
      hostname: 'bench',
      username: 'bench',
    }
    const id = await saveSnapshot(repository.store, repository.sealer, {
      ...snapshot,
      ...(parent === undefined ? {} : { parent: parent.id }),
    })
    return { id, files: walk.files }
  } finally {
    await writer.close()
  }
}

class FolderWalk {
  readonly #repository: OpenRepository
  readonly #writer: RepositoryWriter
  files = 0

  constructor(repository: OpenRepository, writer: RepositoryWriter) {
    this.#repository = repository
    this.#writer = writer
  }

  /** The id of the folder's tree; all contents below it are sealed by then. */
  async tree(folder: ScannedFolder, parent: HexId | undefined): Promise<HexId> {
    const { id } = await this.#start(folder, parent)
    return id
  }

  /** Hands over everything below the folder. Its tree follows later, so that no folder's end leaves threads idle. */
  async #start(folder: ScannedFolder, parent: HexId | undefined): Promise<{ readonly id: Promise<HexId> }> {
    const before = new Map<string, TreeNode>()
    if (parent !== undefined)
      for (const node of (await this.#repository.tree(parent)).nodes) before.set(node.name, node)
    const nodes: TreeNode[] = []
    const coming: Promise<TreeNode>[] = []
    for (const inner of folder.folders) {
      const { id } = await this.#start(inner, before.get(inner.name)?.subtree)
      coming.push(caught(id.then((subtree) => directoryNode(inner.name, subtree, inner.mtime))))
    }
    for (const file of folder.files) {
      this.files++
      const known = before.get(file.name)
      if (known !== undefined && isSame(known, file)) nodes.push(known)
      else {
        if (!this.#writer.isReady) await this.#writer.ready()
        coming.push(caught(this.#read(`${folder.path}/${file.name}`, file)))
      }
    }
    const tree = Promise.all(coming).then((came) => this.#writer.addTree({ nodes: sorted([...nodes, ...came]) }))
    return { id: caught(tree) }
  }

  async #read(path: string, { name, size, mtime }: ScannedFolder['files'][number]): Promise<TreeNode> {
    const handle = openSync(path, 'r')
    let stored: Promise<StoredContent>
    try {
      stored = this.#writer.fill(true, size, (target) => {
        for (let done = 0, read = 1; done < size && read > 0; done += read)
          read = readSync(handle, target, done, size - done, done)
      })
    } finally {
      closeSync(handle)
    }
    return fileNode(name, (await stored).blobs, size, mtime)
  }
}

/** A failure shows where the promise is awaited, which may be later than the run's end. */
function caught<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

/** Trees hold times without trailing zeros, so the moments are compared, not their text. */
function isSame(node: TreeNode, { size, mtime }: ScannedFolder['files'][number]): boolean {
  return (node.size ?? 0) === size && Date.parse(node.mtime) === Date.parse(mtime)
}
