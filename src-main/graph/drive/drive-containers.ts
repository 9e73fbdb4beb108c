import type { JsonObject } from '../../engine/model/json.ts'
import type { Container } from '../../engine/ports/data-type.ts'
import { filledText, record, text } from '../item/fields.ts'
import { containerMetadata } from '../item/metadata.ts'
import { driveItemId, has, parentIdOf } from './drive-item.ts'

/** What the folder that has all others is called in a snapshot; its own name says nothing. */
const filesName = 'files'

/** Of a drive that has no name. */
const defaultName = 'OneDrive'

/** They change with what is in the folder, or with every look at it. */
const passing: ReadonlySet<string> = new Set([
  'size',
  'cTag',
  'eTag',
  'lastModifiedDateTime',
  'lastModifiedBy',
  'quota',
  'publication',
])

/** The drive itself; `isDefault` marks the one that belongs to the root from the start and is no further library. */
export function driveContainer(drive: JsonObject, isDefault: boolean): Container {
  const name = filledText(drive, 'name') ?? defaultName
  const properties = containerMetadata('drive', name, lasting(drive))
  return {
    id: text(drive, 'id') ?? '',
    parentId: undefined,
    name,
    properties: { ...properties, 'o365:DefaultDrive': isDefault },
  }
}

/** Whether a drive's stored metadata marks it as the one that its root has from the start. */
export function isDefaultDrive({ properties }: Pick<Container, 'properties'>): boolean {
  return properties['o365:DefaultDrive'] === true
}

/** A folder of the drive from its entry in a listing. */
export function folderContainer(drive: string, item: JsonObject): Container {
  const isRoot = has(item, 'root')
  const name = isRoot ? filesName : (text(item, 'name') ?? '')
  const id = driveItemId(drive, text(item, 'id') ?? '')
  const properties = containerMetadata(isRoot ? 'driveRoot' : 'folder', name, lasting(withoutCounts(item)))
  return {
    id,
    parentId: isRoot ? drive : (parentIdOf(drive, item) ?? driveItemId(drive, '')),
    name,
    // The id by which the folder is known here: a catalog that is made anew has no other source for it.
    properties: { ...properties, 'o365:Id': id },
  }
}

function lasting(properties: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !passing.has(name)))
}

function withoutCounts(item: JsonObject): JsonObject {
  const folder = record(item, 'folder')
  if (folder === undefined) return item
  const { childCount: _childCount, ...rest } = folder
  return { ...item, folder: rest }
}
