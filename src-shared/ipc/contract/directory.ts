import { z } from 'zod'
import { host } from './method.ts'
import { accountName, bytes, count, cursor, line, nothing, page, place, rootKind } from './shapes.ts'

export const directoryRoot = z.strictObject({
  kind: rootKind,
  id: z.string(),
  /** Its name in snapshots and filters: an address, a group's mail, a site's address. */
  name: z.string(),
  /** What people call it. */
  title: z.string(),
})
export type DirectoryRoot = z.infer<typeof directoryRoot>

const dataType = z.strictObject({
  kind: rootKind,
  /** Its folder in a snapshot. */
  folder: z.string(),
  /** What people call it, as filters do ("type:mail"). */
  type: z.string(),
})

const driveRow = z.strictObject({
  id: z.string(),
  name: z.string(),
  owner: z.string(),
  free: bytes.nullable(),
  total: bytes.nullable(),
})

const inAccount = { account: accountName, cursor }

export const directoryMethods = {
  /** Users, groups or sites of the tenant, found by Graph itself. A person who may not list sees only themselves. */
  'directory.roots': host(
    z.strictObject({ ...inAccount, kind: rootKind, query: line }),
    page(directoryRoot).extend({ limited: z.boolean() }),
  ),
  /** How many there are; null if that cannot be known. */
  'directory.counts': host(
    z.strictObject({ account: accountName }),
    z.strictObject({ user: count.nullable(), group: count.nullable(), site: count.nullable() }),
  ),
  'directory.types': host(nothing, z.array(dataType)),
  /** Drives of a root; with root null the account's own. */
  'directory.drives': host(
    z.strictObject({ ...inAccount, root: z.strictObject({ kind: rootKind, id: z.string() }).nullable() }),
    page(driveRow),
  ),
  /** Folders in a folder of a drive; null is its root. */
  'directory.folders': host(
    z.strictObject({ ...inAccount, drive: z.string(), folder: z.string().nullable(), query: line }),
    page(z.strictObject({ id: z.string(), name: z.string(), children: count })),
  ),
  /** The address of a destination from what was picked. */
  'directory.place': host(
    z.strictObject({
      account: accountName,
      kind: z.enum(['onedrive', 'group', 'sharepoint']),
      root: directoryRoot.nullable(),
      drive: driveRow.nullable(),
      /** Names of the folders below the drive's root, the last one may be new. */
      folders: z.array(z.string().min(1).max(400)).min(1).max(50),
    }),
    z.strictObject({ place }),
  ),
} as const
