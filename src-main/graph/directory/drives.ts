import type { RootKind } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphClient } from '../client/types.ts'

export interface FoundDrive {
  readonly id: string
  readonly name: string
  /** Who has it, by what people call them. */
  readonly owner: string
  /** Bytes; null where Graph does not tell. */
  readonly free: number | null
  readonly total: number | null
}

export interface FoundFolder {
  readonly id: string
  readonly name: string
  readonly children: number
}

export interface FoundPage<T> {
  readonly rows: readonly T[]
  readonly next: string | null
}

interface Identity {
  readonly displayName?: string
}

/** https://learn.microsoft.com/graph/api/resources/drive */
interface Drive {
  readonly id?: string
  readonly name?: string
  readonly owner?: { readonly user?: Identity; readonly group?: Identity; readonly application?: Identity }
  readonly quota?: { readonly remaining?: number; readonly total?: number }
}

interface Item {
  readonly id?: string
  readonly name?: string
  readonly folder?: { readonly childCount?: number }
}

const pool = { kind: 'drive' } as const
const LIST_COST = 2
const FOLDERS = 200

/** Drives of a root, or with null those of whoever is signed in. `next`: where the page before ended. */
export async function listDrives(
  client: GraphClient,
  root: { readonly kind: RootKind; readonly id: string } | null,
  next: string | null,
  signal: AbortSignal,
): Promise<FoundPage<FoundDrive>> {
  const path = root === null ? '/me/drives' : `${rootPath(root)}/drives`
  const first = { path, query: { $select: 'id,name,owner,quota' } }
  const request = next === null ? first : { path: next }
  for await (const page of client.pages<Drive>({ ...request, pool, cost: LIST_COST, signal }))
    return { rows: page.value.map(asFound), next: page.nextLink ?? null }
  return { rows: [], next: null }
}

function rootPath({ kind, id }: { readonly kind: RootKind; readonly id: string }): string {
  if (kind === 'user') return graphPath`/users/${id}`
  return kind === 'group' ? graphPath`/groups/${id}` : graphPath`/sites/${id}`
}

function asFound({ id = '', name = '', owner = {}, quota = {} }: Drive): FoundDrive {
  const who = owner.user ?? owner.group ?? owner.application
  const total = quota.total !== undefined && quota.total > 0 ? quota.total : null
  return { id, name, owner: who?.displayName ?? '', free: total === null ? null : (quota.remaining ?? null), total }
}

export interface AskedFolders {
  readonly drive: string
  /** null: the root of the drive. */
  readonly folder: string | null
  /** Only folders whose names have this in them; "" for all. */
  readonly query: string
  readonly next: string | null
  readonly signal: AbortSignal
}

/** Folders in a folder, page by page; files are left out. https://learn.microsoft.com/graph/api/driveitem-list-children */
export async function listFolders(client: GraphClient, asked: AskedFolders): Promise<FoundPage<FoundFolder>> {
  const { drive, folder, query, next, signal } = asked
  const path = graphPath`/drives/${drive}/items/${folder ?? 'root'}/children`
  const first = { path, query: { $select: 'id,name,folder', $top: FOLDERS } }
  const wanted = query.trim().toLowerCase()
  const request = next === null ? first : { path: next }
  for await (const page of client.pages<Item>({ ...request, pool, cost: LIST_COST, signal })) {
    const rows = page.value.flatMap(asFolder).filter(({ name }) => name.toLowerCase().includes(wanted))
    const more = page.nextLink ?? null
    if (rows.length > 0 || more === null) return { rows, next: more }
  }
  return { rows: [], next: null }
}

function asFolder({ id, name, folder }: Item): readonly FoundFolder[] {
  if (id === undefined || name === undefined || folder === undefined) return []
  return [{ id, name, children: folder.childCount ?? 0 }]
}
