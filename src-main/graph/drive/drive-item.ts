import type { JsonObject } from '../../engine/model/json.ts'
import { isObject, record, text } from '../item/fields.ts'

/** Where Graph puts a file's pre-authenticated address. It is good for about an hour and is never stored. */
export const downloadUrlName = '@microsoft.graph.downloadUrl'

/** Our own annotation: clock time at which the properties were asked for. Not stored. */
export const listedName = '@holdfast.listed'

/**
 * Everything that Graph tells of a file or folder without being asked for more, and the download address.
 * https://learn.microsoft.com/graph/api/resources/driveitem
 */
export const itemSelect = [
  'id,name,description,size,eTag,cTag,webUrl,parentReference',
  'createdDateTime,createdBy,lastModifiedDateTime,lastModifiedBy,fileSystemInfo',
  'file,folder,root,specialFolder,package,remoteItem,bundle,shared,deleted,malware',
  'audio,image,photo,video,location,publication,sharepointIds',
  // The name it is asked for by, and the one that the documents give.
  'content.downloadUrl',
  downloadUrlName,
].join(',')

/** The id of a file or folder across drives. Neither kind of id has a slash in it. */
export function driveItemId(drive: string, item: string): string {
  return `${drive}/${item}`
}

export function splitItemId(id: string): { readonly drive: string; readonly item: string } {
  const slash = id.indexOf('/')
  return { drive: id.slice(0, Math.max(slash, 0)), item: id.slice(slash + 1) }
}

/** The folder that an item is in, in the form of `driveItemId`. */
export function parentIdOf(drive: string, item: JsonObject): string | undefined {
  const parent = text(record(item, 'parentReference') ?? {}, 'id')
  return parent === undefined ? undefined : driveItemId(drive, parent)
}

/**
 * An item as every kind of listing gives it: the path above it is left out (a delta has none, and it changes with
 * other folders), its type is (only a delta says it), and the drive is called what it is called itself (personal ones are now and then without their
 * leading zero).
 */
export function listedItem(drive: string, item: JsonObject, now: number): JsonObject {
  const { path: _path, name: _name, ...parent } = record(item, 'parentReference') ?? {}
  const { '@odata.type': _type, ...rest } = item
  return { ...rest, parentReference: { ...parent, driveId: drive }, [listedName]: now }
}

export function has(item: JsonObject, facet: string): boolean {
  return isObject(item[facet])
}

/** Whether others can be in it: folders, and notebooks with their sections. A shortcut to a folder elsewhere is none. */
export function isFolder(item: JsonObject): boolean {
  return !has(item, 'remoteItem') && ['folder', 'root', 'package'].some((facet) => has(item, facet))
}

/** Whether it is stored as an item: files, shortcuts, and notebooks, which are both. */
export function isItem(item: JsonObject): boolean {
  return !isFolder(item) || has(item, 'package')
}

export function childCount(item: JsonObject): number | undefined {
  const count = record(item, 'folder')?.childCount
  return typeof count === 'number' ? count : undefined
}

export function sizeOf(item: JsonObject): number | undefined {
  return typeof item.size === 'number' ? item.size : undefined
}

/** A file whose bytes can be asked for: no notebook, no album, no shortcut. */
export function hasContent(item: JsonObject): boolean {
  if (['package', 'remoteItem', 'bundle'].some((facet) => has(item, facet))) return false
  return has(item, 'file') || text(item, downloadUrlName) !== undefined
}
