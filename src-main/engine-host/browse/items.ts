import type { ItemRow } from '../../../src-shared/ipc/contract/browse.ts'
import { isEngineError, type Catalog, type FindQuery, type HexId, type PagedItem } from '../../engine/index.ts'
import type { Handlers, HostContext } from '../context.ts'
import { isDrive, meantFolder } from './apart.ts'
import { withPlace } from './with-place.ts'

/** Items of a container from any offset; nothing lies directly in kinds and roots. */
export function listItems(context: HostContext): Handlers<'browse.items'>['browse.items'] {
  return async ({ place, snapshot, path, offset, limit, order }, { signal }) =>
    await withPlace(context, place, signal, ({ catalog }) => {
      const { count, items } = pageOf(catalog, snapshot as HexId, path, { order, limit, offset })
      return { count, rows: items.map(itemRow) }
    })
}

function pageOf(
  catalog: Catalog,
  snapshot: HexId,
  path: string,
  page: Parameters<Catalog['page']>[2],
): ReturnType<Catalog['page']> {
  const folder = meantFolder(path)
  try {
    return catalog.page(snapshot, folder, page)
  } catch (error) {
    if (!isEngineError(error, 'repository.path-not-found')) throw error
    // Above the data types, and in a drive of which nothing was read yet.
    const there = isDrive(folder.slice(0, folder.lastIndexOf('/'))) ? path : folder
    catalog.folders(snapshot, there, { query: '', limit: 1, offset: 0 })
    return { count: 0, items: [] }
  }
}

/** Newest first, in one snapshot or in all. */
export function searchItems(context: HostContext): Handlers<'browse.search'>['browse.search'] {
  return async ({ place, snapshot, query, offset, limit }, { signal }) =>
    await withPlace(context, place, signal, ({ catalog }) => {
      const asked = findQuery(query)
      if (asked === undefined) return { rows: [], more: false }
      const where = snapshot === null ? {} : { snapshot: snapshot as HexId }
      const found = catalog.find({ ...asked, ...where, offset, limit: limit + 1 })
      const rows = found.slice(0, limit).map((item) => {
        const { firstSnapshot, lastSnapshot } = item
        return { ...itemRow(item), firstSnapshot, lastSnapshot }
      })
      return { rows, more: found.length > limit }
    })
}

type Asked = Parameters<Handlers<'browse.search'>['browse.search']>[0]['query']

/** Undefined if nothing can be found: a span of time that ends before it begins. */
function findQuery({ words, from, to, ...rest }: Asked): Omit<FindQuery, 'limit'> | undefined {
  const { after, before, type, attachment, folder } = rest
  if (after !== undefined && before !== undefined && after >= before) return undefined
  return {
    words: words.split(/\s+/u).filter((word) => word !== ''),
    ...(from === undefined || from.trim() === '' ? {} : { from }),
    ...(to === undefined || to.trim() === '' ? {} : { to }),
    ...(after === undefined ? {} : { after }),
    ...(before === undefined ? {} : { before }),
    ...(type === undefined ? {} : { type }),
    ...(attachment === undefined ? {} : { attachment }),
    ...(folder === undefined || folder === '' ? {} : { folder }),
  }
}

function itemRow({ path, type, time, size, title, from, to, hasAttachments }: PagedItem): ItemRow {
  // Items without a time of their own have 0.
  return { path, type, time: time === 0 ? null : time, size, title, from, to, hasAttachments }
}
