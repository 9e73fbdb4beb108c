import type { JsonObject, JsonValue } from '../../engine/model/json.ts'
import type { RestoreItem, StoredFile } from '../../engine/ports/restore-target.ts'
import { filledText, isObject, list, record, text, time } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { sameHashes } from './content-hash.ts'

/** Hashes as Graph writes them: QuickXorHash in base64, SHA-1 in hexadecimal. */
export interface ContentHashes {
  readonly quickXorHash?: string
  readonly sha1Hash?: string
}

/** `fileSystemInfo` as an upload takes it: ISO 8601, only what is known. */
export interface FileTimes {
  readonly createdDateTime?: string
  readonly lastModifiedDateTime?: string
}

/** What stored metadata says of a file or folder that is to be restored. */
export interface StoredFacts {
  /** Graph id that it had. */
  readonly id: string
  readonly name: string
  /** Bytes, as Graph said; undefined if it did not. */
  readonly size: number | undefined
  readonly hashes: ContentHashes
  readonly times: FileTimes
  readonly description: string | undefined
  /** Role of a folder whatever its name: "documents", "photos". */
  readonly specialFolder: string | undefined
  readonly permissions: readonly JsonObject[]
  /** Why it cannot be restored at all; a code of restore-remarks.ts. */
  readonly skipped: 'notebook-not-restored' | 'shortcut-not-restored' | undefined
}

export function storedFacts(metadata: JsonObject): StoredFacts {
  const properties = propertiesOf(metadata)
  const size = properties.size
  return {
    id: filledText(metadata, 'o365:Id') ?? text(properties, 'id') ?? '',
    name: filledText(properties, 'name') ?? text(metadata, 'o365:Name') ?? '',
    size: typeof size === 'number' ? size : undefined,
    hashes: hashesOf(properties),
    times: timesOf(properties),
    description: filledText(properties, 'description'),
    specialFolder: filledText(record(properties, 'specialFolder') ?? {}, 'name'),
    permissions: (list(properties, 'permissions') ?? []).filter(isObject),
    skipped: skippedKind(properties),
  }
}

function skippedKind(properties: JsonObject): StoredFacts['skipped'] {
  if (record(properties, 'package') !== undefined) return 'notebook-not-restored'
  return record(properties, 'remoteItem') === undefined ? undefined : 'shortcut-not-restored'
}

/** Of a driveItem, stored or just answered. */
export function hashesOf(item: JsonObject): ContentHashes {
  const hashes = record(record(item, 'file') ?? {}, 'hashes') ?? {}
  const quickXorHash = filledText(hashes, 'quickXorHash')
  const sha1Hash = filledText(hashes, 'sha1Hash')
  return { ...(quickXorHash === undefined ? {} : { quickXorHash }), ...(sha1Hash === undefined ? {} : { sha1Hash }) }
}

/** The times of the file itself, or else those of the item. */
export function timesOf(item: JsonObject): FileTimes {
  const info = record(item, 'fileSystemInfo') ?? {}
  const created = knownTime(info, 'createdDateTime') ?? knownTime(item, 'createdDateTime')
  const modified = knownTime(info, 'lastModifiedDateTime') ?? knownTime(item, 'lastModifiedDateTime')
  return {
    ...(created === undefined ? {} : { createdDateTime: created }),
    ...(modified === undefined ? {} : { lastModifiedDateTime: modified }),
  }
}

function knownTime(object: JsonObject, name: string): string | undefined {
  return time(object, name) === undefined ? undefined : text(object, name)
}

/** What a request takes of the times: nothing if none is known. */
export function timesBody(times: FileTimes): { readonly fileSystemInfo?: JsonObject } {
  return Object.keys(times).length === 0 ? {} : { fileSystemInfo: { ...times } }
}

/** Whether two times are the same to the second; a time that is not known equals none. */
export function sameTime(one: string | undefined, other: string | undefined): boolean {
  const [first, second] = [Date.parse(one ?? ''), Date.parse(other ?? '')]
  return Math.floor(first / 1000) === Math.floor(second / 1000)
}

/** Whether both times are known and the same. */
export function sameTimes(one: FileTimes, other: FileTimes): boolean {
  return (
    sameTime(one.createdDateTime, other.createdDateTime) &&
    sameTime(one.lastModifiedDateTime, other.lastModifiedDateTime)
  )
}

/** Whether what is there lacks one of the times that it should have. */
export function lacksTimes(there: FileTimes, wanted: FileTimes): boolean {
  const { createdDateTime: created, lastModifiedDateTime: modified } = wanted
  const lacksCreated = created !== undefined && !sameTime(there.createdDateTime, created)
  return lacksCreated || (modified !== undefined && !sameTime(there.lastModifiedDateTime, modified))
}

/** Whether the hashes are of the same content; undefined if there is none of the same kind in both. */
export function sameHash(one: ContentHashes, other: ContentHashes): boolean | undefined {
  return sameHashes({ file: { hashes: { ...one } } }, { file: { hashes: { ...other } } })
}

/** An empty file as a snapshot may hold it: without a content. */
const nothing: Omit<StoredFile, 'name'> = {
  size: 0,
  bytes: () => Promise.resolve(new Uint8Array(0)),
  stream: () => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true as const, value: undefined }) }),
  }),
}

/** The file's content; undefined if none was stored. */
export function contentOf({ content }: RestoreItem, facts: StoredFacts): StoredFile | undefined {
  return content ?? (facts.size === 0 ? { name: facts.name, ...nothing } : undefined)
}

/** An earlier state of a file. */
export interface StoredVersion {
  readonly file: StoredFile
  readonly times: FileTimes
}

/** The earlier versions of a file, oldest first. */
export function storedVersions({ metadata, parts }: RestoreItem, facts: StoredFacts): readonly StoredVersion[] {
  const listed = (list(propertiesOf(metadata), 'versions') ?? []).filter(isObject)
  return parts
    .map((file) => ({ file, version: listed.find((version) => belongs(file.name, version)) }))
    .sort((one, other) => orderOf(one) - orderOf(other))
    .map(({ file, version }) => ({ file, times: versionTimes(version, facts) }))
}

function orderOf({ file, version }: { readonly file: StoredFile; readonly version: JsonValue | undefined }): number {
  const modified = isObject(version) ? time(version, 'lastModifiedDateTime') : undefined
  return modified ?? Number.parseFloat(file.name)
}

function belongs(file: string, version: JsonObject): boolean {
  const id = filledText(version, 'id')
  return id !== undefined && file.startsWith(`${id} `)
}

function versionTimes(version: JsonObject | undefined, facts: StoredFacts): FileTimes {
  const created = facts.times.createdDateTime
  const modified = version === undefined ? undefined : knownTime(version, 'lastModifiedDateTime')
  return {
    ...(created === undefined ? {} : { createdDateTime: created }),
    ...(modified === undefined ? {} : { lastModifiedDateTime: modified }),
  }
}
