import type { Catalog, ShardEdits } from './catalog.ts'
import type { Connection } from './connection.ts'
import type { ContainerKeys } from './containers.ts'
import type { ItemRecord } from './item-records.ts'
import { itemVersion, SELECT_ITEM } from './item-records.ts'

type Methods = Pick<Catalog, 'isTouched' | 'touchedShards' | 'edits'>

interface InContainer {
  readonly seq: number
  readonly key: number
}

interface InShard extends InContainer {
  readonly shard: string
}

const ADDED = 'first_seq = @seq AND last_seq IS NULL'
/** Not what the run itself had added before. */
const TAKEN = 'last_seq = @seq - 1 AND first_seq < @seq'

function openIsTouched(connection: Connection, keys: ContainerKeys): Catalog['isTouched'] {
  const { prepare } = connection
  const items = [
    `SELECT 1 FROM item INDEXED BY item_first WHERE container = @key AND ${ADDED} LIMIT 1`,
    `SELECT 1 FROM item INDEXED BY item_last WHERE container = @key AND ${TAKEN} LIMIT 1`,
    `SELECT 1 FROM container_version WHERE container = @key AND (${ADDED} OR ${TAKEN}) LIMIT 1`,
  ].map((sql) => prepare<[InContainer]>(sql))
  const below = prepare<[{ seq: number; root: number; type: string; container: string }]>(
    `SELECT 1 FROM container_version WHERE root = @root AND type = @type AND parent IS nullif(@container, '')
       AND (${ADDED} OR ${TAKEN}) LIMIT 1`,
  )
  return (seq, root, type, container) => {
    const key = keys.find(root, type, container)
    if (key !== undefined && items.some((statement) => statement.get({ seq, key }) !== undefined)) return true
    return below.get({ seq, root, type, container }) !== undefined
  }
}

export function editMethods(connection: Connection, keys: ContainerKeys): Methods {
  const { prepare, read } = connection
  const isTouched = openIsTouched(connection, keys)
  const shards = prepare<[InContainer], { shard: string }>(
    `SELECT shard FROM item INDEXED BY item_first WHERE container = @key AND ${ADDED}
     UNION SELECT shard FROM item INDEXED BY item_last WHERE container = @key AND ${TAKEN} ORDER BY shard`,
  )
  const removed = prepare<[InShard], { name: string; had_content: number }>(
    `SELECT name, content IS NOT NULL AS had_content FROM item INDEXED BY item_last
     WHERE container = @key AND shard = @shard AND ${TAKEN} ORDER BY name`,
  )
  const put = prepare<[InShard], ItemRecord>(
    `${SELECT_ITEM} WHERE item.container = @key AND item.shard = @shard AND item.first_seq = @seq
       AND item.last_seq IS NULL ORDER BY item.name`,
  )

  function edits(place: InShard): ShardEdits {
    return {
      removed: removed.all(place).map((record) => ({ name: record.name, hadContent: record.had_content !== 0 })),
      put: put.all(place).map(itemVersion),
    }
  }

  return {
    isTouched: (seq, root, type, container) => read(() => isTouched(seq, root, type, container)),
    touchedShards: (seq, root, type, container) =>
      read(() => {
        const key = keys.find(root, type, container)
        return key === undefined ? [] : shards.all({ seq, key }).map((record) => record.shard)
      }),
    edits: (seq, root, type, container, shard) =>
      read(() => {
        const key = keys.find(root, type, container)
        return key === undefined ? { removed: [], put: [] } : edits({ seq, key, shard })
      }),
  }
}
