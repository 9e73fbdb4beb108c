import type { Connection } from './connection.ts'
import type { FoundItem } from './model.ts'
import { EngineError } from '../model/errors.ts'
import { hexId } from '../model/ids.ts'
import { joinPath } from './encoding.ts'

interface FoundRecord {
  readonly id_hash: number
  readonly graph_id: string
  readonly text_key: number | null
  readonly container: number
  readonly name: string
  readonly shard: string
  readonly time: number
  readonly size: number
  readonly title: string
  readonly sender: string
  readonly recipients: string
  readonly has_attachments: number
  readonly type: string
  readonly root: number
  readonly series: number
}

interface SnapshotRecord {
  readonly seq: number
  readonly id: Buffer
}

const AT = 'first_seq <= @seq AND (last_seq IS NULL OR last_seq >= @seq)'

/** Later than every snapshot. */
const STILL = Number.MAX_SAFE_INTEGER

function prepareAll({ prepare }: Connection) {
  return {
    item: prepare<[number], FoundRecord>(
      `SELECT item.id_hash, item.graph_id, item.text_key, item.container, item.name, item.shard, item.time, item.size,
         item.title, item.sender, item.recipients, item.has_attachments, container.type, container.root, root.series
       FROM item JOIN container ON container.key = item.container JOIN root ON root.key = container.root
       WHERE item.key = ?`,
    ),
    // All versions of the item that have the same text.
    span: prepare<[FoundRecord], { first: number; last: number }>(
      `SELECT min(item.first_seq) AS first, max(coalesce(item.last_seq, ${STILL})) AS last
       FROM item JOIN container ON container.key = item.container
       WHERE item.id_hash = @id_hash AND item.graph_id = @graph_id AND item.text_key IS @text_key
         AND container.root = @root AND container.type = @type
         AND item.first_seq NOT IN (SELECT seq FROM snapshot WHERE id IS NULL)`,
    ),
    first: prepare<[number, number], SnapshotRecord>(
      'SELECT seq, id FROM snapshot WHERE series = ? AND id IS NOT NULL AND seq >= ? ORDER BY seq LIMIT 1',
    ),
    last: prepare<[number, number], SnapshotRecord>(
      'SELECT seq, id FROM snapshot WHERE series = ? AND id IS NOT NULL AND seq <= ? ORDER BY seq DESC LIMIT 1',
    ),
    rootPath: prepare<[{ root: number; seq: number }], { path: string }>(
      `SELECT path FROM root_version WHERE root = @root AND ${AT}`,
    ),
    folder: prepare<[{ container: number; seq: number }], { parent_path: string; dir_name: string }>(
      `SELECT parent_path, dir_name FROM container_version WHERE container = @container AND ${AT}`,
    ),
  }
}

/** A row that the catalog's own rules say must be there. */
function sure<T>(row: T | undefined): T {
  if (row === undefined) throw new EngineError('catalog.damaged', { context: { reason: 'row-missing' } })
  return row
}

/** Describes an item version that is in a finished snapshot. `seq`: where to tell its path, if not in the last one. */
export function openFound(connection: Connection): (key: number, seq: number | undefined) => FoundItem {
  const statements = prepareAll(connection)

  function pathOf(item: FoundRecord, seq: number): string {
    const { root, container, type, shard, name } = item
    const rootPath = sure(statements.rootPath.get({ root, seq })).path
    // None for items directly in the type's folder.
    const folder = statements.folder.get({ container, seq })
    return joinPath(rootPath, type, folder?.parent_path ?? '', folder?.dir_name ?? '', shard, name)
  }

  return (key, seq) => {
    const item = sure(statements.item.get(key))
    const span = sure(statements.span.get(item))
    const first = sure(statements.first.get(item.series, span.first))
    const last = sure(statements.last.get(item.series, span.last))
    const { type, name, shard, time, size, title, sender, recipients } = item
    return {
      type,
      path: pathOf(item, seq ?? last.seq),
      name,
      shard,
      time,
      size,
      title,
      from: sender,
      to: recipients,
      hasAttachments: item.has_attachments !== 0,
      firstSnapshot: hexId(first.id),
      lastSnapshot: hexId(last.id),
    }
  }
}
