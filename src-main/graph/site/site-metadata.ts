import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemDescriber } from '../../engine/ports/data-type.ts'
import { filledText, text, time } from '../item/fields.ts'
import { plainValue, valueHash } from '../item/listed-value.ts'
import { itemMetadata, propertiesOf } from '../item/metadata.ts'

/** What there is of a site's settings, each an item; their ids are these names. */
export const kinds = ['site', 'columns', 'contentTypes', 'permissions'] as const
export type Kind = (typeof kinds)[number]

/** The Graph type of an item, by its kind: `o365:Type`. */
const types: Readonly<Record<Kind, string>> = {
  site: 'site',
  columns: 'siteColumns',
  contentTypes: 'siteContentTypes',
  permissions: 'sitePermissions',
}

/** Our own property: entries of a listing on their way into a content. Not stored. */
const entriesName = '@holdfast.entries'

/** They change with whatever is done in the site. */
const passing: ReadonlySet<string> = new Set(['lastModifiedDateTime', 'eTag'])

function kindOf(value: string | undefined): Kind | undefined {
  return kinds.find((kind) => kind === value)
}

/** The site's default library. */
export interface SiteLibrary {
  readonly library: JsonObject
  /** A group has it as its files, and this run reads them there. */
  readonly isWithGroup: boolean
}

/** Says in the stored properties where the default library is. */
const withGroupName = 'libraryIsWithGroup'

/** The site itself as Graph gave it, with a change key: its own is one of everything in it. */
export function siteProperties(site: JsonObject, drive?: SiteLibrary): JsonObject {
  const library = drive === undefined ? {} : { library: drive.library, [withGroupName]: drive.isWithGroup }
  const properties = plainObject({ ...site, ...library })
  const lasting = Object.fromEntries(Object.entries(properties).filter(([name]) => !passing.has(name)))
  const { id, ...rest } = properties
  return { id: 'site', ...(id === undefined ? {} : { siteId: id }), ...rest, changeKey: valueHash(lasting) }
}

/** Who may do what: few, and part of the properties. */
export function permissionProperties(permissions: readonly JsonObject[]): JsonObject {
  const value = permissions.map(plainObject)
  return { id: 'permissions', value, changeKey: valueHash(value) }
}

/** Hundreds of columns or content types, most of them the same in each site: they become a content. */
export function entryProperties(kind: Kind, entries: readonly JsonObject[]): JsonObject {
  const value = entries.map(plainObject).toSorted((one, other) => (idOf(one) < idOf(other) ? -1 : 1))
  return { id: kind, count: value.length, changeKey: valueHash(value), [entriesName]: value }
}

/** What `entryProperties` brought along, as a file; undefined for other items. */
export function entriesContent(properties: JsonObject): Uint8Array | undefined {
  const entries = properties[entriesName]
  return entries === undefined ? undefined : Buffer.from(JSON.stringify(entries, undefined, 1))
}

export function siteMetadata(properties: JsonObject): JsonObject {
  const kind = kindOf(text(properties, 'id')) ?? 'site'
  const { [entriesName]: _entries, ...stored } = properties
  return itemMetadata(
    {
      type: types[kind],
      name: kind === 'site' ? (text(properties, 'displayName') ?? kind) : kind,
      created: text(properties, 'createdDateTime'),
      modified: text(properties, 'lastModifiedDateTime'),
    },
    stored,
  )
}

export function siteIdentity(metadata: JsonObject): ReturnType<ItemDescriber['identity']> {
  return { id: text(metadata, 'o365:Id') ?? '', changeKey: text(propertiesOf(metadata), 'changeKey') ?? '' }
}

export function siteRow(metadata: JsonObject, contentSize: number): ReturnType<ItemDescriber['row']> {
  const id = filledText(metadata, 'o365:Id') ?? 'site'
  return {
    name: kindOf(id) ?? 'site',
    shard: '',
    time: time(metadata, 'o365:LastModifiedDateTime') ?? 0,
    size: contentSize,
    title: text(metadata, 'o365:Name') ?? '',
    from: '',
    to: '',
    hasAttachments: false,
  }
}

/** That the library is not to be found here is no failure, but whoever looks for it should know. */
export function siteNotices(metadata: JsonObject): readonly string[] {
  return propertiesOf(metadata)[withGroupName] === true ? ['library-with-group'] : []
}

export function siteText(metadata: JsonObject): string {
  const properties = propertiesOf(metadata)
  const words = ['displayName', 'description', 'webUrl'].map((name) => filledText(properties, name))
  return words.filter((word) => word !== undefined).join('\n')
}

function plainObject(value: JsonObject): JsonObject {
  // Of an object it gives an object.
  return plainValue(value) as JsonObject
}

function idOf(entry: JsonObject): string {
  return text(entry, 'id') ?? ''
}
