import type { Catalog } from './catalog.ts'
import type { Connection } from './connection.ts'
import type { CatalogContainer } from './model.ts'
import type { Runs } from './runs.ts'
import { joinPath, splitPath } from './encoding.ts'

type Methods = Pick<
  Catalog,
  'types' | 'removeType' | 'containerPath' | 'containers' | 'putContainer' | 'removeContainer'
>

/** Numbers that stand for containers (root, type and Graph id), the same for all their versions. */
export interface ContainerKeys {
  find(root: number, type: string, graphId: string): number | undefined
  /** Finds or adds, inside a write. */
  ensure(root: number, type: string, graphId: string): number
}

/** Those of the containers that are read at the same time are enough. */
const KEYS_KNOWN = 1000

interface ContainerRecord {
  readonly container: number
  readonly graph_id: string
  readonly parent: string | null
  readonly parent_path: string
  readonly dir_name: string
  readonly properties: string
}

interface VersionRecord {
  readonly key: number
  readonly parent: string | null
  readonly parent_path: string
  readonly dir_name: string
  readonly properties: string
}

export function openContainerKeys(connection: Connection): ContainerKeys {
  const select = connection.prepare<[number, string, string], { key: number }>(
    'SELECT key FROM container WHERE root = ? AND type = ? AND graph_id = ?',
  )
  const insert = connection.prepare<[number, string, string]>(
    'INSERT INTO container (root, type, graph_id) VALUES (?, ?, ?)',
  )
  // Asked for with every item. A key once given is never given up.
  const known = new Map<string, number>()

  function find(root: number, type: string, graphId: string): number | undefined {
    const name = `${root}/${type}/${graphId}`
    const key = known.get(name) ?? select.get(root, type, graphId)?.key
    if (key === undefined) return undefined
    if (known.size >= KEYS_KNOWN) known.clear()
    known.set(name, key)
    return key
  }

  function add(root: number, type: string, graphId: string): number {
    return Number(insert.run(root, type, graphId).lastInsertRowid)
  }

  return { find, ensure: (root, type, graphId) => find(root, type, graphId) ?? add(root, type, graphId) }
}

function isEqual(version: VersionRecord, parentPath: string, container: Omit<CatalogContainer, 'key'>): boolean {
  return (
    version.parent === container.parentGraphId &&
    version.parent_path === parentPath &&
    version.dir_name === container.dirName &&
    version.properties === container.properties
  )
}

function openPutContainer(connection: Connection, runs: Runs, keys: ContainerKeys): Catalog['putContainer'] {
  const { prepare } = connection
  const current = prepare<[number], VersionRecord>(
    `SELECT key, parent, parent_path, dir_name, properties
     FROM container_version WHERE container = ? AND last_seq IS NULL`,
  )
  const close = prepare<[number, number]>('UPDATE container_version SET last_seq = ? - 1 WHERE key = ?')
  const insert = prepare<[number, number, string, string | null, string, string, string, number]>(
    `INSERT INTO container_version (container, root, type, parent, parent_path, dir_name, properties, first_seq)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )

  return (seq, container) =>
    connection.write(() => {
      const { root, type, graphId, parentGraphId, dirName, properties } = container
      runs.require(seq, root)
      const [parentPath] = splitPath(container.path)
      const key = keys.ensure(root, type, graphId)
      const version = current.get(key)
      if (version !== undefined && isEqual(version, parentPath, container)) return
      if (version !== undefined) close.run(seq, version.key)
      insert.run(key, root, type, parentGraphId, parentPath, dirName, properties, seq)
    })
}

function openRemoveContainer(connection: Connection, runs: Runs, keys: ContainerKeys): Catalog['removeContainer'] {
  const { prepare } = connection
  const closed = [
    'container_version SET last_seq = @seq - 1 WHERE container = @key AND last_seq IS NULL',
    'item SET last_seq = @seq - 1 WHERE container = @key AND last_seq IS NULL',
    `container SET cursor = NULL, cursor_seq = NULL, next = NULL, done_in = NULL, listing_from = NULL
     WHERE key = @key`,
  ].map((change) => prepare<[{ seq: number; key: number }]>(`UPDATE ${change}`))
  return (seq, root, type, graphId) =>
    connection.write(() => {
      runs.require(seq, root)
      const key = keys.find(root, type, graphId)
      if (key === undefined) return
      for (const statement of closed) statement.run({ seq, key })
    })
}

function openRemoveType(connection: Connection, runs: Runs): Catalog['removeType'] {
  const { prepare } = connection
  const closed = [
    'container_version SET last_seq = @seq - 1 WHERE root = @root AND type = @type AND last_seq IS NULL',
    `item SET last_seq = @seq - 1
     WHERE container IN (SELECT key FROM container WHERE root = @root AND type = @type) AND last_seq IS NULL`,
    'failure SET last_seq = @seq - 1 WHERE root = @root AND type = @type AND last_seq IS NULL',
    `container SET cursor = NULL, cursor_seq = NULL, next = NULL, done_in = NULL, listing_from = NULL
     WHERE root = @root AND type = @type`,
  ].map((change) => prepare<[{ seq?: number; root: number; type: string }]>(`UPDATE ${change}`))
  return (seq, root, type) =>
    connection.write(() => {
      runs.require(seq, root)
      for (const statement of closed) statement.run({ seq, root, type })
    })
}

export function containerMethods(connection: Connection, runs: Runs, keys: ContainerKeys): Methods {
  const visible = connection.prepare<[{ seq: number; root: number; type: string }], ContainerRecord>(
    `SELECT version.container, container.graph_id, version.parent, version.parent_path, version.dir_name,
       version.properties
     FROM container_version AS version JOIN container ON container.key = version.container
     WHERE version.root = @root AND version.type = @type
       AND version.first_seq <= @seq AND (version.last_seq IS NULL OR version.last_seq >= @seq)`,
  )

  function containers(seq: number, root: number, type: string): readonly CatalogContainer[] {
    const found = visible.all({ seq, root, type }).map((record) => ({
      key: record.container,
      root,
      type,
      graphId: record.graph_id,
      parentGraphId: record.parent,
      dirName: record.dir_name,
      path: joinPath(record.parent_path, record.dir_name),
      properties: record.properties,
    }))
    return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.key - b.key))
  }

  const types = connection.prepare<[{ seq: number; root: number }], { type: string }>(
    `SELECT DISTINCT type FROM container_version
     WHERE root = @root AND first_seq <= @seq AND (last_seq IS NULL OR last_seq >= @seq)`,
  )
  const place = connection.prepare<[number], { parent_path: string; dir_name: string }>(
    'SELECT parent_path, dir_name FROM container_version WHERE container = ? AND last_seq IS NULL',
  )

  function containerPath(root: number, type: string, graphId: string): string | undefined {
    const key = keys.find(root, type, graphId)
    const found = key === undefined ? undefined : place.get(key)
    return found === undefined ? undefined : joinPath(found.parent_path, found.dir_name)
  }

  return {
    types: (seq, root) => connection.read(() => types.all({ seq, root }).map(({ type }) => type)),
    removeType: openRemoveType(connection, runs),
    containerPath: (root, type, graphId) => connection.read(() => containerPath(root, type, graphId)),
    containers: (seq, root, type) => connection.read(() => containers(seq, root, type)),
    putContainer: openPutContainer(connection, runs, keys),
    removeContainer: openRemoveContainer(connection, runs, keys),
  }
}
