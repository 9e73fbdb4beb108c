import { cutUtf8, safeName, utf8Length } from '../../../src-shared/model/safe-name.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { shortId } from '../../engine/model/short-id.ts'
import type { ItemDescriber } from '../../engine/ports/data-type.ts'
import { filledText, isObject, list, record, text, time } from '../item/fields.ts'
import { itemMetadata, propertiesOf } from '../item/metadata.ts'
import { peopleText, type Person } from '../item/names.ts'
import { driveItemId, has } from './drive-item.ts'
import { noticesName, noticesOf, withNotice } from './notices.ts'

/** Bytes of UTF-8 of a file's name in a snapshot; ".json" comes on top, and 255 is what file systems take. */
const nameBytes = 240

/** An extension longer than this is no extension. */
const extensionBytes = 24

/** The stored metadata object of a file from its properties, with what is remarkable about it beside them. */
export function fileMetadata(properties: JsonObject): JsonObject {
  const { [noticesName]: _notices, ...rest } = properties
  const times = { ...properties, ...record(properties, 'fileSystemInfo') }
  const metadata = itemMetadata(
    {
      type: typeOf(properties),
      name: text(properties, 'name') ?? '',
      created: text(times, 'createdDateTime'),
      modified: text(times, 'lastModifiedDateTime'),
    },
    rest,
  )
  const notices = noticesOf(noticed(properties))
  return notices.length === 0 ? metadata : { ...metadata, [noticesName]: notices }
}

/** The inverse of `fileMetadata`. */
export function fileProperties(metadata: JsonObject): JsonObject {
  const notices = noticesOf(metadata)
  return notices.length === 0 ? propertiesOf(metadata) : { ...propertiesOf(metadata), [noticesName]: notices }
}

function typeOf(properties: JsonObject): string {
  if (has(properties, 'package')) return 'package'
  if (has(properties, 'remoteItem')) return 'shortcut'
  return has(properties, 'bundle') ? 'bundle' : 'file'
}

function noticed(properties: JsonObject): JsonObject {
  if (has(properties, 'package')) return withNotice(properties, 'package')
  return has(properties, 'remoteItem') ? withNotice(properties, 'shortcut') : properties
}

/**
 * The change key covers what an etag leaves out: where the file is and who may see it. An etag also changes with
 * the properties; whether the content did is another question (see sameContent).
 */
export function fileIdentity(metadata: JsonObject): ReturnType<ItemDescriber['identity']> {
  const properties = propertiesOf(metadata)
  const parent = record(properties, 'parentReference') ?? {}
  const item = filledText(properties, 'id') ?? text(metadata, 'o365:Id') ?? ''
  const drive = text(parent, 'driveId')
  const etag = text(properties, 'eTag') ?? text(properties, 'lastModifiedDateTime') ?? ''
  const { name = null, shared = null, permissions = null, malware = null } = properties
  const rest = [name, parent.id ?? null, shared, permissions, malware]
  return {
    id: drive === undefined ? item : driveItemId(drive, item),
    changeKey: `${etag} ${shortId(JSON.stringify(rest))}`,
  }
}

export function fileRow(metadata: JsonObject, contentSize: number): ReturnType<ItemDescriber['row']> {
  const properties = propertiesOf(metadata)
  const name = text(properties, 'name') ?? text(metadata, 'o365:Name') ?? ''
  const times = record(properties, 'fileSystemInfo') ?? {}
  return {
    name: fileName(name, fileIdentity(metadata).id),
    shard: '',
    time: time(times, 'lastModifiedDateTime') ?? time(properties, 'lastModifiedDateTime') ?? 0,
    size: contentSize,
    title: name,
    from: peopleText(distinct([personOf(properties.createdBy), personOf(properties.lastModifiedBy)])),
    to: peopleText(distinct(sharedWith(properties))),
    hasAttachments: false,
  }
}

/** Bytes that the file has, as the drive says. */
export function fileSize(metadata: JsonObject): number | undefined {
  const { size } = propertiesOf(metadata)
  return typeof size === 'number' ? size : undefined
}

/** Name, description and what a picture, song or film says of itself. */
export function fileText(metadata: JsonObject): string {
  const properties = propertiesOf(metadata)
  const media = ['audio', 'photo', 'image', 'video', 'remoteItem'].map((facet) => record(properties, facet) ?? {})
  const words = media.flatMap((facet) => Object.values(facet).filter((value) => typeof value === 'string'))
  const named = [text(properties, 'name'), text(properties, 'description')]
  return [...named, ...words].filter((part) => part !== undefined && part !== '').join('\n')
}

/** The file's own name where every file system takes it as it is, otherwise a safe one that no other file gets. */
function fileName(name: string, id: string): string {
  if (name !== '' && safeName(name, nameBytes) === name) return name
  const ending = ` ~${shortId(id)}`
  const { stem, extension } = cutExtension(name)
  const room = nameBytes - utf8Length(ending) - utf8Length(extension)
  return `${safeName(stem, room)}${ending}${extension}`
}

function cutExtension(name: string): { readonly stem: string; readonly extension: string } {
  const dot = name.lastIndexOf('.')
  const extension = dot > 0 ? safeName(cutUtf8(name.slice(dot + 1), extensionBytes), extensionBytes) : ''
  if (dot <= 0 || name.slice(dot + 1) !== extension) return { stem: name, extension: '' }
  return { stem: name.slice(0, dot), extension: `.${extension}` }
}

function sharedWith(properties: JsonObject): readonly Person[] {
  return (list(properties, 'permissions') ?? []).filter(isObject).flatMap((permission) => {
    const identities = list(permission, 'grantedToIdentitiesV2') ?? list(permission, 'grantedToIdentities') ?? []
    return [permission.grantedToV2 ?? permission.grantedTo, ...identities].map(personOf)
  })
}

/** Of an identitySet. */
function personOf(set: unknown): Person {
  if (!isObject(set)) return {}
  const identity = ['user', 'group', 'siteUser', 'siteGroup', 'application'].map((kind) => record(set, kind))
  const found = identity.find((one) => one !== undefined) ?? {}
  return { name: text(found, 'displayName'), address: text(found, 'email') }
}

function distinct(people: readonly Person[]): readonly Person[] {
  return [...new Map(people.map((person) => [`${person.name ?? ''}\n${person.address ?? ''}`, person])).values()]
}
