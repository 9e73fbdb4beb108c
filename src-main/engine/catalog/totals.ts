import type { Catalog } from './catalog.ts'
import type { Connection } from './connection.ts'

export function totalMethods(connection: Connection): Pick<Catalog, 'totals'> {
  const sum = connection.prepare<[number], { items: number; bytes: number }>(
    `SELECT count(*) AS items, coalesce(sum(size), 0) AS bytes FROM item INDEXED BY item_size
     WHERE last_seq IS NULL AND container IN (
       SELECT container.key FROM container JOIN root ON root.key = container.root WHERE root.series = ?
     )`,
  )
  return { totals: (series) => connection.read(() => sum.get(series) ?? { items: 0, bytes: 0 }) }
}
