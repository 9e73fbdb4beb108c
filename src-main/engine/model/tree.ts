import type { HexId } from './ids.ts'

/** One entry of a tree, in the words of restic's format. Times are ISO 8601 (RFC 3339). */
export interface TreeNode {
  /** The plain name (restic's Go quoting is applied when the tree is written and undone when it is read). */
  readonly name: string
  readonly type: 'file' | 'dir' | 'symlink' | 'dev' | 'chardev' | 'fifo' | 'socket' | 'irregular' | ''
  /** Go's os.FileMode bits. */
  readonly mode?: number
  readonly mtime: string
  readonly atime: string
  readonly ctime: string
  readonly uid: number
  readonly gid: number
  readonly user?: string
  readonly group?: string
  readonly inode?: number
  readonly device_id?: number
  /** Bytes. */
  readonly size?: number
  readonly links?: number
  readonly linktarget?: string
  /** The blobs of a file, in order; null for everything else. */
  readonly content: readonly HexId[] | null
  /** The tree of a directory. */
  readonly subtree?: HexId
}

export interface Tree {
  /** Sorted by name as UTF-8 bytes; no name twice. */
  readonly nodes: readonly TreeNode[]
}
