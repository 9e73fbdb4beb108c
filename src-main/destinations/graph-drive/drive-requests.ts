import type { GraphClient } from '../../graph/client/types.ts'
import { EngineError } from '../../engine/model/errors.ts'

export const drivePool = { kind: 'drive' } as const
/** Upload and download addresses carry their permission in themselves and lead past Graph. */
export const contentPool = { kind: 'content' } as const

/**
 * Resource units as SharePoint counts them.
 * https://learn.microsoft.com/sharepoint/dev/general-development/how-to-avoid-getting-throttled-or-blocked-in-sharepoint-online
 */
export const cost = { item: 1, list: 2, write: 2 } as const

/** The folder of a repository in a drive. */
export interface RepositoryFolder {
  readonly client: GraphClient
  /** Graph id. */
  readonly drive: string
  /** From the root of the drive, name by name. */
  readonly folder: readonly string[]
}

/** What the store needs to know of a file or folder. https://learn.microsoft.com/graph/api/resources/driveitem */
export interface DriveItem {
  readonly id?: string
  readonly name?: string
  readonly size?: number
  readonly eTag?: string
  readonly file?: { readonly hashes?: ItemHashes }
  readonly folder?: { readonly childCount?: number }
  readonly '@microsoft.graph.downloadUrl'?: string
}

/** Base64; the others in hexadecimal digits. Which of them there are depends on the kind of drive. */
export interface ItemHashes {
  readonly quickXorHash?: string
  readonly sha1Hash?: string
  readonly sha256Hash?: string
}

/** A file with its download address, which goes by two names. */
const fileSelect = 'id,name,size,eTag,file,folder,content.downloadUrl,@microsoft.graph.downloadUrl'

/** A file or folder of the repository by its name ("" is the repository's folder), with an action behind it. */
export function itemPath(at: RepositoryFolder, name: string, action = ''): string {
  const drive = `/drives/${encodeURIComponent(at.drive)}`
  const names = [...at.folder, ...(name === '' ? [] : checkedNames(name))]
  if (names.length === 0) return action === '' ? `${drive}/root` : `${drive}/root/${action}`
  const inside = `${drive}/root:/${names.map(encodeName).join('/')}`
  return action === '' ? inside : `${inside}:/${action}`
}

/** A quote would do as it is, but somewhere on the way it may be taken for the end of a literal. */
export function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll("'", '%27')
}

function checkedNames(name: string): readonly string[] {
  const parts = name.split('/')
  const isOdd = (part: string): boolean => part === '' || part === '.' || part === '..' || /[\0\\]/.test(part)
  if (parts.some(isOdd)) throw new EngineError('internal', { context: { what: 'name of a stored file' } })
  return parts
}

/** The folder that a file is in; "" for the repository's own. */
export function folderOf(name: string): string {
  return name.slice(0, Math.max(name.lastIndexOf('/'), 0))
}

/** The file as it is now. Rejects with graph.not-found, for a folder of that name too. */
export async function readFile(at: RepositoryFolder, name: string, signal?: AbortSignal): Promise<DriveItem> {
  const item = await at.client.json<DriveItem>({
    path: itemPath(at, name),
    query: { $select: fileSelect },
    pool: drivePool,
    cost: cost.item,
    signal,
  })
  if (item.file === undefined) throw new EngineError('graph.not-found', { context: { reason: 'not a file' } })
  return item
}
