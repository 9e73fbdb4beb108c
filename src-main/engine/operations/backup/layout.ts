import { nameKey, safeName, uniqueName } from '../../../../src-shared/model/safe-name.ts'
import type { TreeNode } from '../../model/tree.ts'
import type { HexId } from '../../model/ids.ts'
import { shortId } from '../../model/short-id.ts'
import type { ItemDescriber } from '../../ports/data-type.ts'
import { compareNames } from '../../repository/node-name.ts'

/** The file in a container's folder that holds the container's own metadata. */
export const CONTAINER_FILE = '.folder.json'

/** The folder in a container's folder that holds a folder of parts for each item that has some. */
export const PARTS_FOLDER = 'attachments'

/** Where a data type whose files are apart has its contents, metadata and parts. */
export const PLANES = { content: 'files', metadata: 'metadata', parts: 'versions' } as const

/** The tag by which a snapshot is known as one of ours. */
export const SNAPSHOT_TAG = 'holdfast'

/** The folder for the run's report and cursors. */
export const HOLDFAST_FOLDER = '.holdfast'

const MAX_NAME = 200
const SHARD = /^\d{4}-\d{2}$/

// Go's os.FileMode: the directory bit and permissions.
const DIRECTORY_MODE = 0x80000000 + 0o700
const FILE_MODE = 0o600

/**
 * A directory name for a container: like its own name, safe, and none of `taken` in whatever case. Where items lie beside
 * the containers, names that mean something there (a month, "attachments") get a suffix.
 */
export function containerDirName(
  name: string,
  graphId: string,
  taken: ReadonlySet<string>,
  layout: ItemDescriber['layout'],
): string {
  const safe = safeName(name, MAX_NAME)
  const suffix = shortId(graphId)
  const isOurs =
    safe === CONTAINER_FILE || (layout === 'beside' && (SHARD.test(safe) || nameKey(safe) === PARTS_FOLDER))
  return isOurs ? `${safe} ~${suffix}` : uniqueName(safe, taken, suffix)
}

export function isShard(name: string): boolean {
  return SHARD.test(name)
}

export function directoryNode(name: string, subtree: HexId, time: string): TreeNode {
  const times = { mtime: time, atime: time, ctime: time }
  return { name, type: 'dir', mode: DIRECTORY_MODE, ...times, uid: 0, gid: 0, content: null, subtree }
}

export function fileNode(name: string, content: readonly HexId[], size: number, time: string): TreeNode {
  const times = { mtime: time, atime: time, ctime: time }
  const node = { name, type: 'file', mode: FILE_MODE, ...times, uid: 0, gid: 0, content } as const
  return size === 0 ? node : { ...node, size }
}

/** Nodes in the order that the format asks for: by name as UTF-8 bytes. */
export function sorted(nodes: readonly TreeNode[]): TreeNode[] {
  return [...nodes].sort((a, b) => compareNames(a.name, b.name))
}
