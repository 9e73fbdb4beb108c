import type { HexId, OpenRepository } from '../../engine/index.ts'
import { SITE_TYPE_FOLDERS } from '../../engine/model/root-path.ts'
import type { RootKind } from '../../engine/ports/data-type.ts'
import { kindFolder } from './root-filter.ts'

/** A user, group or site as a snapshot has it. */
export interface SnapshotRoot {
  readonly kind: RootKind
  readonly path: string
  readonly tree: HexId
}

interface Folder {
  readonly name: string
  readonly tree: HexId
}

/** The roots of one kind in a snapshot, one after the other. */
export async function* rootsOf(
  repository: OpenRepository,
  tree: HexId,
  kind: RootKind,
  signal: AbortSignal,
): AsyncGenerator<SnapshotRoot, void, undefined> {
  const foldersOf = async (folder: HexId): Promise<readonly Folder[]> =>
    (await repository.tree(folder, signal)).nodes.flatMap(({ type, name, subtree }) =>
      type === 'dir' && subtree !== undefined ? [{ name, tree: subtree }] : [],
    )
  const top = (await foldersOf(tree)).find(({ name }) => name === kindFolder(kind))
  const open = top === undefined ? [] : below(top.name, await foldersOf(top.tree))
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    signal.throwIfAborted()
    if (kind !== 'site') {
      yield { kind, ...next }
      continue
    }
    // A folder with a data type's folder in it is a site; others beside that are sites below it.
    const folders = await foldersOf(next.tree)
    const inside = folders.filter(({ name }) => !SITE_TYPE_FOLDERS.has(name))
    if (inside.length < folders.length) yield { kind, ...next }
    open.unshift(...below(next.path, inside))
  }
}

function below(path: string, folders: readonly Folder[]): { readonly path: string; readonly tree: HexId }[] {
  return folders.map(({ name, tree }) => ({ path: `${path}/${name}`, tree }))
}
