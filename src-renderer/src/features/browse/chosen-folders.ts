import type { TreeRow } from '../../../../src-shared/ipc/index.ts'
import { isInside } from './snapshot-path.ts'

/** All folders in a folder of the tree. */
export type ListFolders = (path: string) => Promise<readonly TreeRow[]>

/** What takes the place of a folder when one below it is not wanted any more. */
export interface Remainder {
  /** The folders beside the way down. */
  readonly folders: readonly string[]
  /** Folders on the way down that have items of their own, which stay wanted. */
  readonly lists: readonly string[]
}

/** The folders without those inside a new one, and with it. */
export function withFolder(folders: ReadonlySet<string>, path: string): ReadonlySet<string> {
  return new Set([...folders].filter((folder) => !isInside(folder, path)).concat(path))
}

/** Whether a folder is selected, with one above it or by itself, or something below it is. */
export function folderState(folders: ReadonlySet<string>, path: string): 'on' | 'part' | 'off' {
  if ([...folders].some((folder) => isInside(path, folder))) return 'on'
  return [...folders].some((folder) => isInside(folder, path)) ? 'part' : 'off'
}

/** Everything of `whole` but what is at or below `path`. */
export async function remainder(whole: string, path: string, list: ListFolders): Promise<Remainder> {
  const folders: string[] = []
  const lists: string[] = []
  let here: string | undefined = whole
  while (here !== undefined && here !== path) {
    const rows = await list(here)
    const next: TreeRow | undefined = rows.find((row) => isInside(path, row.path))
    folders.push(...rows.filter((row) => row !== next).map((row) => row.path))
    here = next?.path
    if (next !== undefined && next.path !== path && next.level === 'container' && next.items !== 0)
      lists.push(next.path)
  }
  return { folders, lists }
}
