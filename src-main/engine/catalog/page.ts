import { EngineError } from '../model/errors.ts'
import type { HexId } from '../model/ids.ts'
import type { Catalog } from './catalog.ts'
import type { Connection } from './connection.ts'
import { joinPath, splitPath } from './encoding.ts'
import { itemVersion, SELECT_ITEM, type ItemRecord } from './item-records.ts'
import type { ItemOrder, ItemVersion, PagedItem } from './model.ts'
import { VISIBLE, type Places, type TypePlace } from './places.ts'

type Methods = Pick<Catalog, 'page' | 'itemAt'>
type Page = Parameters<Catalog['page']>[2]

interface PageRecord {
  readonly shard: string
  readonly name: string
  readonly time: number
  readonly size: number
  readonly title: string
  readonly sender: string
  readonly recipients: string
  readonly has_attachments: number
}

/** A walk along an index of the container, forwards or backwards. */
interface Order {
  readonly index: string
  /** What it is ordered by, and whether it falls on the way through the list. */
  readonly by: readonly (readonly [term: string, falls: boolean])[]
}

/** The rest of each index, so that nothing has to be sorted. */
const REST = (falls: boolean): Order['by'] => ['first_seq', 'last_seq', 'key'].map((term) => [term, falls])

const ORDERS: Readonly<Record<ItemOrder, Order>> = {
  newest: { index: 'item_newest', by: [['time', true], ...REST(true)] },
  oldest: { index: 'item_newest', by: [['time', false], ...REST(false)] },
  title: { index: 'item_title', by: [['substr(title, 1, 24) COLLATE NOCASE', false], ['time', true], ...REST(false)] },
  from: { index: 'item_sender', by: [['substr(sender, 1, 24) COLLATE NOCASE', false], ['time', true], ...REST(false)] },
  size: { index: 'item_size', by: [['size', true], ['time', true], ...REST(true)] },
}

interface Slice {
  readonly order: ItemOrder
  readonly limit: number
  readonly offset: number
}

function orderBy({ by }: Order, backwards: boolean): string {
  return by.map(([term, falls]) => `${term} ${falls !== backwards ? 'DESC' : 'ASC'}`).join(', ')
}

/** The keys of a slice of one container's items. The far end of the list is reached from its end. */
function openSlices({ prepare }: Connection) {
  const select = (order: ItemOrder, backwards: boolean) =>
    prepare<[{ seq: number; container: number; limit: number; offset: number }], { key: number }>(
      `SELECT key FROM item INDEXED BY ${ORDERS[order].index} WHERE container = @container AND ${VISIBLE}
       ORDER BY ${orderBy(ORDERS[order], backwards)} LIMIT @limit OFFSET @offset`,
    )

  return (seq: number, container: number, count: number, { order, limit, offset }: Slice): readonly number[] => {
    const length = Math.min(limit, count - offset)
    if (length <= 0) return []
    const backwards = offset > count / 2
    const from = backwards ? count - offset - length : offset
    const found = select(order, backwards).all({ seq, container, limit: length, offset: from })
    const keys = found.map(({ key }) => key)
    return backwards ? keys.reverse() : keys
  }
}

/** The same for folders that share a path, which is rare: they are sorted together. */
function openTogether({ prepare }: Connection) {
  return (seq: number, containers: readonly number[], { order, limit, offset }: Slice): readonly number[] =>
    prepare<[{ seq: number; containers: string; limit: number; offset: number }], { key: number }>(
      `SELECT key FROM item WHERE container IN (SELECT value FROM json_each(@containers)) AND ${VISIBLE}
       ORDER BY ${orderBy(ORDERS[order], false)} LIMIT @limit OFFSET @offset`,
    )
      .all({ seq, containers: JSON.stringify(containers), limit, offset })
      .map(({ key }) => key)
}

function openItemAt(connection: Connection, places: Places): Catalog['itemAt'] {
  const find = connection.prepare<[{ seq: number; container: number; shard: string; name: string }], ItemRecord>(
    `${SELECT_ITEM} WHERE item.container = @container AND item.shard = @shard AND item.name = @name
       AND item.first_seq <= @seq AND (item.last_seq IS NULL OR item.last_seq >= @seq) LIMIT 1`,
  )

  function inFolder(place: TypePlace, folder: string, shard: string, name: string): ItemRecord | undefined {
    for (const container of places.containers({ ...place, inner: folder })) {
      const found = find.get({ seq: place.seq, container, shard, name })
      if (found !== undefined) return found
    }
    return undefined
  }

  function itemAt(id: HexId, path: string): ItemVersion {
    for (const place of places.typePlaces(places.snapshot(id), path)) {
      const [folder, name] = splitPath(place.inner)
      const [above, shard] = splitPath(folder)
      const found =
        inFolder(place, folder, '', name) ?? (shard === '' ? undefined : inFolder(place, above, shard, name))
      if (found !== undefined) return itemVersion(found)
    }
    throw new EngineError('repository.path-not-found')
  }

  return (id, path) => connection.read(() => itemAt(id, path))
}

export function pageMethods(connection: Connection, places: Places): Methods {
  const { prepare, read } = connection
  const slice = openSlices(connection)
  const together = openTogether(connection)
  const row = prepare<[number], PageRecord>(
    `SELECT shard, name, time, size, title, sender, recipients, has_attachments FROM item WHERE key = ?`,
  )
  const hasFolders = prepare<[{ seq: number; root: number; type: string }]>(
    `SELECT 1 FROM container_version WHERE root = @root AND type = @type AND ${VISIBLE} LIMIT 1`,
  )

  /** A data type's folder is there if it holds items or folders, any other if it is a container. */
  function isThere(place: TypePlace, containers: readonly number[]): boolean {
    const { seq, root, type, inner } = place
    return containers.length > 0 || (inner === '' && hasFolders.get({ seq, root, type }) !== undefined)
  }

  function page(id: HexId, path: string, asked: Page): ReturnType<Catalog['page']> {
    const snapshot = places.snapshot(id)
    const found = places
      .typePlaces(snapshot, path)
      .map((place) => ({ place, containers: places.containers(place) }))
      .filter(({ place, containers }) => isThere(place, containers))
    const [first] = found
    if (first === undefined) throw new EngineError('repository.path-not-found')
    const all = found.flatMap(({ containers }) => containers)
    const [only, ...others] = all
    const count = all.reduce((sum, container) => sum + places.count(snapshot.seq, container), 0)
    const keys =
      others.length === 0 && only !== undefined
        ? slice(snapshot.seq, only, count, asked)
        : together(snapshot.seq, all, asked)
    return { count, items: keys.flatMap((key) => pagedItem(row.get(key), first.place)) }
  }

  return { page: (id, path, asked) => read(() => page(id, path, asked)), itemAt: openItemAt(connection, places) }
}

function pagedItem(record: PageRecord | undefined, { type, path }: TypePlace): readonly PagedItem[] {
  if (record === undefined) return []
  const { shard, name, time, size, title, sender, recipients, has_attachments } = record
  const place = { type, path: joinPath(path, shard, name), name, shard }
  return [{ ...place, time, size, title, from: sender, to: recipients, hasAttachments: has_attachments !== 0 }]
}
