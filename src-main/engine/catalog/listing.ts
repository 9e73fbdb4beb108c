import type { Catalog } from './catalog.ts'
import type { Connection } from './connection.ts'
import type { ContainerKeys } from './containers.ts'
import type { Runs } from './runs.ts'
import { EngineError } from '../model/errors.ts'
import { itemId, newestVersion } from './items.ts'

type Methods = Pick<Catalog, 'beginListing' | 'markSeen' | 'removeUnseen'>

/** Keys of items only grow: what was put after the listing began has a greater key than there was then. */
const LAST_KEY = `coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'item'), 0)`

function openMarkSeen(connection: Connection, keys: ContainerKeys): Catalog['markSeen'] {
  const newest = newestVersion(connection)
  const mark = connection.prepare<[number, number]>(
    'INSERT INTO seen (container, item) VALUES (?, ?) ON CONFLICT DO NOTHING',
  )
  return (root, type, container, graphId) =>
    connection.write(() => {
      const version = newest.get(...itemId(root, type, graphId))
      if (version?.last_seq !== null || version.container !== keys.find(root, type, container)) return
      mark.run(version.container, version.key)
    })
}

function openRemoveUnseen(connection: Connection, runs: Runs, keys: ContainerKeys): Catalog['removeUnseen'] {
  const { prepare } = connection
  const from = prepare<[number], { listing_from: number | null }>('SELECT listing_from FROM container WHERE key = ?')
  const close = prepare<[{ seq: number; key: number; from: number }]>(
    `UPDATE item INDEXED BY item_size SET last_seq = @seq - 1
     WHERE container = @key AND last_seq IS NULL AND item.key <= @from
       AND NOT EXISTS (SELECT 1 FROM seen WHERE seen.container = @key AND seen.item = item.key)`,
  )
  const clear = prepare<[number]>('DELETE FROM seen WHERE container = ?')
  const end = prepare<[number]>('UPDATE container SET listing_from = NULL WHERE key = ?')

  return (seq, root, type, container) =>
    connection.write(() => {
      runs.require(seq, root)
      const key = keys.find(root, type, container)
      const listingFrom = key === undefined ? null : from.get(key)?.listing_from
      // Without a listing everything would count as gone.
      if (key === undefined || listingFrom === null || listingFrom === undefined) {
        throw new EngineError('internal', { context: { reason: 'no-listing' } })
      }
      const { changes } = close.run({ seq, key, from: listingFrom })
      clear.run(key)
      end.run(key)
      return changes
    })
}

export function listingMethods(connection: Connection, runs: Runs, keys: ContainerKeys): Methods {
  const begin = connection.prepare<[number]>(`UPDATE container SET listing_from = ${LAST_KEY} WHERE key = ?`)
  const clear = connection.prepare<[number]>('DELETE FROM seen WHERE container = ?')
  return {
    beginListing: (root, type, container) =>
      connection.write(() => {
        const key = keys.ensure(root, type, container)
        clear.run(key)
        begin.run(key)
      }),
    markSeen: openMarkSeen(connection, keys),
    removeUnseen: openRemoveUnseen(connection, runs, keys),
  }
}
