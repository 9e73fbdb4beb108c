import type { Catalog } from './catalog.ts'
import type { Connection, Statement } from './connection.ts'
import type { ContainerKeys } from './containers.ts'
import type { ItemRecord } from './item-records.ts'
import type { ItemVersion } from './model.ts'
import type { Runs } from './runs.ts'
import type { Texts } from './texts.ts'
import { itemHash, packIds } from './encoding.ts'
import { itemVersion, SELECT_ITEM } from './item-records.ts'

type Methods = Pick<Catalog, 'latest' | 'putItem' | 'removeItem' | 'countItems' | 'nameClashes' | 'renameItem'>

type ItemId = [hash: number, graphId: string, root: number, type: string]

/** The newest version of the item: keys grow with time. To be put behind `SELECT ... FROM item JOIN container`. */
const NEWEST = `
WHERE item.id_hash = ? AND item.graph_id = ? AND container.root = ? AND container.type = ?
ORDER BY item.key DESC LIMIT 1`

interface NewestRecord {
  readonly key: number
  readonly container: number
  readonly first_seq: number
  readonly last_seq: number | null
  readonly text_key: number | null
}

/** Finds the newest version of an item, without its texts. */
export function newestVersion(connection: Connection): Statement<ItemId, NewestRecord> {
  return connection.prepare(
    `SELECT item.key, item.container, item.first_seq, item.last_seq, item.text_key
     FROM item JOIN container ON container.key = item.container ${NEWEST}`,
  )
}

export function itemId(root: number, type: string, graphId: string): ItemId {
  return [itemHash(root, type, graphId), graphId, root, type]
}

function openInsert(
  connection: Connection,
): (hash: number, seq: number, container: number, version: ItemVersion) => void {
  const insert = connection.prepare(
    `INSERT INTO item (id_hash, container, first_seq, text_key, time, size, has_attachments, metadata_size, shard, name,
       graph_id, change_key, title, sender, recipients, metadata, content, parts)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  return (hash, seq, container, version) =>
    void insert.run(
      hash,
      container,
      seq,
      version.textKey,
      version.time,
      version.size,
      version.hasAttachments ? 1 : 0,
      version.metadataSize,
      version.shard,
      version.name,
      version.graphId,
      version.changeKey,
      version.title,
      version.from,
      version.to,
      packIds(version.metadata),
      version.content === null ? null : packIds(version.content),
      version.parts.length === 0 ? null : JSON.stringify(version.parts),
    )
}

function openPutItem(connection: Connection, runs: Runs, keys: ContainerKeys, texts: Texts): Catalog['putItem'] {
  const newest = newestVersion(connection)
  const insert = openInsert(connection)
  const remove = connection.prepare<[number]>('DELETE FROM item WHERE key = ?')
  const close = connection.prepare<[number, number]>('UPDATE item SET last_seq = ? - 1 WHERE key = ?')

  return (seq, version) =>
    connection.write(() => {
      runs.require(seq, version.root)
      const id = itemId(version.root, version.type, version.graphId)
      const before = newest.get(...id)
      const isOwn = before?.first_seq === seq
      if (before !== undefined && isOwn) remove.run(before.key)
      else if (before?.last_seq === null) close.run(seq, before.key)
      insert(id[0], seq, keys.ensure(version.root, version.type, version.container), version)
      texts.use(version.textKey)
      if (before !== undefined && isOwn) texts.release(before.text_key)
    })
}

function openRemoveItem(connection: Connection, runs: Runs, keys: ContainerKeys): Catalog['removeItem'] {
  const newest = newestVersion(connection)
  const close = connection.prepare<[number, number]>('UPDATE item SET last_seq = ? - 1 WHERE key = ?')
  return (seq, root, type, container, graphId) =>
    connection.write(() => {
      runs.require(seq, root)
      const version = newest.get(...itemId(root, type, graphId))
      if (version?.last_seq !== null) return
      if (container !== undefined && version.container !== keys.find(root, type, container)) return
      close.run(seq, version.key)
    })
}

interface ClashRecord {
  readonly key: number
  readonly name: string
  readonly graphId: string
}

function openNameClashes(connection: Connection): Catalog['nameClashes'] {
  const find = connection.prepare<[{ seq: number; root: number; type: string }], ClashRecord>(
    `SELECT item.key, item.name, item.graph_id AS graphId
     FROM item INDEXED BY item_first JOIN container ON container.key = item.container
     WHERE item.first_seq = @seq AND item.last_seq IS NULL AND container.root = @root AND container.type = @type
       AND EXISTS (
         SELECT 1 FROM item AS other INDEXED BY item_place
         WHERE other.container = item.container AND other.shard = item.shard AND other.name = item.name
           AND other.last_seq IS NULL AND (other.first_seq < @seq OR other.key < item.key))`,
  )
  return (seq, root, type) => connection.read(() => find.all({ seq, root, type }))
}

export function itemMethods(connection: Connection, runs: Runs, keys: ContainerKeys, texts: Texts): Methods {
  const { prepare, read } = connection
  const latest = prepare<ItemId, ItemRecord>(`${SELECT_ITEM} ${NEWEST}`)
  const count = prepare<[number], { items: number }>(
    'SELECT count(*) AS items FROM item INDEXED BY item_size WHERE container = ? AND last_seq IS NULL',
  )

  const rename = prepare<[string, number]>('UPDATE item SET name = ? WHERE key = ?')

  function countItems(root: number, type: string, container: string): number {
    const key = keys.find(root, type, container)
    return key === undefined ? 0 : (count.get(key)?.items ?? 0)
  }

  return {
    latest: (root, type, graphId) =>
      read(() => {
        const record = latest.get(...itemId(root, type, graphId))
        return record && { version: itemVersion(record), open: record.last_seq === null }
      }),
    putItem: openPutItem(connection, runs, keys, texts),
    removeItem: openRemoveItem(connection, runs, keys),
    countItems: (root, type, container) => read(() => countItems(root, type, container)),
    nameClashes: openNameClashes(connection),
    renameItem: (key, name) => connection.write(() => void rename.run(name, key)),
  }
}
