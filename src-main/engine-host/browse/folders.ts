import type { TreeRow } from '../../../src-shared/ipc/contract/browse.ts'
import { isEngineError, type Catalog, type HexId, type TreeFolder } from '../../engine/index.ts'
import { kindOfRoot, rootOf } from '../../engine/model/root-path.ts'
import type { Handlers, HostContext } from '../context.ts'
import { isDrive, meantFolder } from './apart.ts'
import { cursorAt, offsetOf } from './offset-cursor.ts'
import { withPlace } from './with-place.ts'

const PAGE = 200

/** Folders in a folder, by name. A drive or library shows what is in its folder "files". */
export function listFolders(context: HostContext): Handlers<'browse.folders'>['browse.folders'] {
  return async ({ place, snapshot, path, cursor, query }, { signal }) =>
    await withPlace(context, place, signal, ({ catalog }) => {
      const id = snapshot as HexId
      const offset = offsetOf(cursor)
      const found = foldersIn(catalog, id, meantFolder(path), { query, limit: PAGE + 1, offset })
      const rows = found.slice(0, PAGE).map((folder) => rowOf(folder, catalog, id))
      return { rows, next: found.length > PAGE ? cursorAt(offset + PAGE) : null }
    })
}

/** A drive of which nothing was read yet has no folder "files". */
function foldersIn(
  catalog: Catalog,
  snapshot: HexId,
  path: string,
  page: Parameters<Catalog['folders']>[2],
): readonly TreeFolder[] {
  try {
    return catalog.folders(snapshot, path, page)
  } catch (error) {
    const above = path.slice(0, path.lastIndexOf('/'))
    if (!isEngineError(error, 'repository.path-not-found') || !isDrive(above)) throw error
    catalog.folders(snapshot, above, page)
    return []
  }
}

function rowOf(folder: TreeFolder, catalog: Catalog, snapshot: HexId): TreeRow {
  const { path, name, level } = folder
  const drive = level === 'container' && isDrive(path) ? driveFacts(catalog, snapshot, path) : undefined
  const { hasFolders, items } = drive ?? folder
  const rooted = rootOf(path)
  const isInType = level === 'type' || level === 'container'
  return {
    path,
    name,
    level,
    kind: level === 'kind' ? kindOfRoot(path) : (rooted?.kind ?? null),
    type: isInType ? (rooted?.rest[0] ?? null) : null,
    hasChildren: hasFolders,
    items: items ?? null,
  }
}

function driveFacts(catalog: Catalog, snapshot: HexId, path: string): Pick<TreeFolder, 'hasFolders' | 'items'> {
  const [files] = catalog.folders(snapshot, path, { query: '', limit: 1, offset: 0 })
  return { hasFolders: files?.hasFolders ?? false, items: files?.items ?? 0 }
}
