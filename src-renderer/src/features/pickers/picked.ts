import type { DirectoryRoot } from '../../../../src-shared/ipc/index.ts'

/** A user, group or site as it was chosen. `name` is what it is called in snapshots and filters. */
export type PickedRoot = DirectoryRoot

/** Plans keep names, not ids. */
export function isSameRoot(one: PickedRoot, other: PickedRoot): boolean {
  return one.kind === other.kind && one.name.toLowerCase() === other.name.toLowerCase()
}
