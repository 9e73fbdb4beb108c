import type { Operation } from '../../../src-shared/ipc/index.ts'

/** How much of an operation is done, from 0 to 1; null if that is not known. `expected`: items, if something else told. */
export function shareDone(progress: Operation['progress'], expected = progress?.expected): number | null {
  if (progress === null || expected === undefined || expected === 0) return null
  return Math.min(1, progress.items / expected)
}
