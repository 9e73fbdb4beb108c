import type { Catalog } from './catalog.ts'
import type { Connection } from './connection.ts'

type Methods = Pick<Catalog, 'countGone' | 'gone'>

/** Closed by the run `@seq` and in no container now: what only moved has a version that is open. */
const GONE = `item.last_seq = @seq - 1 AND item.first_seq < @seq AND NOT EXISTS (
  SELECT 1 FROM item AS open INDEXED BY item_id
  WHERE open.id_hash = item.id_hash AND open.graph_id = item.graph_id AND open.last_seq IS NULL
)`

interface Asked {
  readonly seq: number
  readonly root: number
  readonly type: string
  readonly after: number
  readonly limit: number
}

export function goneMethods(connection: Connection): Methods {
  const { prepare, read } = connection
  const count = prepare<[{ seq: number }], { items: number }>(
    `SELECT count(*) AS items FROM item INDEXED BY item_last WHERE ${GONE}`,
  )
  const page = prepare<[Asked], { key: number; graphId: string; container: string }>(
    `SELECT item.key, item.graph_id AS graphId, container.graph_id AS container
     FROM item INDEXED BY item_last JOIN container ON container.key = item.container
     WHERE ${GONE} AND item.key > @after AND container.root = @root AND container.type = @type
     ORDER BY item.key LIMIT @limit`,
  )
  return {
    countGone: (seq) => read(() => count.get({ seq })?.items ?? 0),
    gone: (seq, root, type, { after, limit }) => read(() => page.all({ seq, root, type, after, limit })),
  }
}
