import { chmod, lstat, mkdir, utimes } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { EngineError, type ErrorCode } from '../../model/errors.ts'
import type { TreeNode } from '../../model/tree.ts'
import { diskPath, diskTime, errnoOf, fileErrorCode, isUnsupported } from '../../repository/disk-file.ts'
import { timeOf } from './file-batch.ts'

// Nobody else looks into a folder before everything is in it.
const MODE = 0o700

interface Completed {
  readonly path: string
  readonly mtime: number
  readonly mode: number
}

/**
 * The folders of a restore. They are made one by one, so that none is reached through a link that is there already, and
 * get modes and times when everything is in them. Paths are the snapshot's, "/" between names, empty for the root.
 */
export class TargetFolders {
  readonly root: string
  /** Paths of folders that are there; true for those that were made here. */
  readonly #there = new Map<string, boolean>()
  readonly #completed: Completed[] = []

  constructor(target: string) {
    this.root = resolve(target)
  }

  /** Where a path lies on disk. */
  place(path: string): string {
    return path === '' ? this.root : join(this.root, ...path.split('/'))
  }

  /**
   * Makes the folder and those above it. Gives the code of what keeps it from being there. Rejects if nothing at all
   * can be written: store.full, store.read-only, or the error of the root itself.
   */
  async make(path: string): Promise<ErrorCode | undefined> {
    if (this.#there.has(path)) return undefined
    if (path === '') return this.#makeRoot()
    const above = await this.make(path.slice(0, Math.max(path.lastIndexOf('/'), 0)))
    return above ?? this.#makeFolder(path)
  }

  /** Everything is in the folder, or on its way. */
  complete(path: string, node: TreeNode): void {
    const mode = this.#there.get(path) === true ? (node.mode ?? MODE) & 0o777 : MODE
    this.#completed.push({ path, mtime: timeOf(node), mode })
  }

  /** Sets modes (of the folders that were made here) and times, from the deepest up; gives what failed. */
  async finish(): Promise<{ readonly path: string; readonly code: ErrorCode }[]> {
    const failures: { path: string; code: ErrorCode }[] = []
    for (const { path, mtime, mode } of this.#completed) {
      const place = diskPath(this.place(path))
      try {
        const time = diskTime(mtime)
        await utimes(place, time, time)
        if (mode !== MODE) await chmod(place, mode)
      } catch (error) {
        if (!isUnsupported(error)) failures.push({ path, code: fileErrorCode(error) })
      }
    }
    return failures
  }

  async #makeRoot(): Promise<undefined> {
    try {
      await mkdir(this.root, { recursive: true, mode: MODE })
    } catch (error) {
      const code = errnoOf(error) === 'EEXIST' ? 'restore.target-exists' : fileErrorCode(error)
      throw new EngineError(code, { context: { place: this.root }, cause: error })
    }
    this.#there.set('', false)
  }

  async #makeFolder(path: string): Promise<ErrorCode | undefined> {
    const place = diskPath(this.place(path))
    try {
      const isNew = await makeOne(place)
      // Through a link that is there, files would land elsewhere.
      if (!isNew && !(await lstat(place)).isDirectory()) return 'restore.target-exists'
      this.#there.set(path, isNew)
      return undefined
    } catch (error) {
      const code = fileErrorCode(error)
      if (code !== 'store.full' && code !== 'store.read-only') return code
      throw new EngineError(code, { context: { place: this.root }, cause: error })
    }
  }
}

/** Makes the folder; false if something of that name is there. */
async function makeOne(place: string | Buffer): Promise<boolean> {
  try {
    await mkdir(place, MODE)
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw error
  }
}
