import { call } from '../../lib/api.ts'
import { texts } from '../../lib/texts/index.ts'
import type { IconName } from '../../ui/icons.ts'
import type { TreeNode, TreePage } from '../../ui/types.ts'
import type { TreeRow } from '../../../../src-shared/ipc/index.ts'
import { iconOfType } from './columns.ts'
import { isInside, typeKey } from './snapshot-path.ts'

/** Enough for one look at a list of roots. */
const enough = 50

interface Where {
  readonly place: string
  readonly snapshot: string
}

/** The folders of a snapshot as the tree wants them; a node's id is its path. */
export class SnapshotFolders {
  readonly #where: Where
  readonly #known = new Map<string, TreeRow>()

  constructor(where: Where) {
    this.#where = where
  }

  row(path: string): TreeRow | undefined {
    return this.#known.get(path)
  }

  /** One page below a folder, "" for the kinds of roots. */
  async page(
    path: string,
    cursor: string | null,
    query = '',
  ): Promise<{ rows: readonly TreeRow[]; next: string | null }> {
    const page = await call('browse.folders', { ...this.#where, path, cursor, query })
    for (const row of page.rows) this.#known.set(row.path, row)
    return page
  }

  /** All folders directly below one. */
  readonly all = async (path: string): Promise<readonly TreeRow[]> => {
    const rows: TreeRow[] = []
    let cursor: string | null = null
    do {
      const page = await this.page(path, cursor)
      rows.push(...page.rows)
      cursor = page.next
    } while (cursor !== null)
    return rows
  }

  async nodes(path: string, cursor: string | undefined): Promise<TreePage> {
    const { rows, next } = await this.page(path, cursor ?? null)
    return { nodes: rows.map(nodeOf), next: next ?? undefined }
  }

  /** Roots of all kinds whose name fits. */
  async found(query: string, cursor: string | undefined): Promise<TreePage> {
    const kinds = (await this.page('', null)).rows
    const nodes: TreeNode[] = []
    let [kind, place] = readCursor(cursor)
    while (kind < kinds.length) {
      const page = await this.page(kinds[kind]?.path ?? '', place, query)
      nodes.push(...page.rows.map(nodeOf))
      place = page.next
      if (place === null) kind++
      if (nodes.length >= enough && kind < kinds.length) return { nodes, next: JSON.stringify([kind, place]) }
    }
    return { nodes }
  }

  /** The folders from the top down to one; shorter if it is not there. */
  async way(path: string): Promise<readonly TreeRow[]> {
    const way: TreeRow[] = []
    for (let here = ''; here !== path;) {
      const next = await this.#step(here, path)
      if (next === undefined) break
      way.push(next)
      here = next.path
    }
    return way
  }

  async #step(here: string, path: string): Promise<TreeRow | undefined> {
    // There may be very many roots: those of that name are asked for.
    const query = /^(?:users|groups|sites)$/.test(here) ? (path.slice(here.length + 1).split('/')[0] ?? '') : ''
    let cursor: string | null = null
    do {
      const page: { rows: readonly TreeRow[]; next: string | null } = await this.page(here, cursor, query)
      const fitting = page.rows.filter((row) => isInside(path, row.path))
      // A site lies in the folder of the site above it: the longest name is the one.
      const next = fitting.toSorted((one, other) => other.path.length - one.path.length)[0]
      if (next !== undefined) return next
      cursor = page.next
    } while (cursor !== null)
    return undefined
  }
}

function readCursor(cursor: string | undefined): [number, string | null] {
  const parsed: unknown = cursor === undefined ? [0, null] : JSON.parse(cursor)
  const [kind, place] = Array.isArray(parsed) ? (parsed as readonly unknown[]) : []
  return [typeof kind === 'number' ? kind : 0, typeof place === 'string' ? place : null]
}

function nodeOf(row: TreeRow): TreeNode {
  const { path, hasChildren, items } = row
  const node = {
    id: path,
    label: folderName(row),
    icon: folderIcon(row),
    hasChildren,
    muted: items === 0 && !hasChildren,
  }
  return items === null ? node : { ...node, count: items }
}

/** What people call a folder of the tree. */
export function folderName({ level, path, name }: TreeRow): string {
  const { kinds, types } = texts.browse
  if (level === 'kind') return Object.hasOwn(kinds, path) ? kinds[path as keyof typeof kinds] : name
  if (level === 'type') return types[typeKey(path) ?? ''] ?? name
  return name
}

const rootIcons = { user: 'user', group: 'group', site: 'globe' } as const satisfies Record<string, IconName>

function folderIcon({ level, kind, type }: TreeRow): IconName {
  if (level === 'type') return iconOfType(type)
  return level === 'container' || kind === null ? 'folder' : rootIcons[kind]
}
