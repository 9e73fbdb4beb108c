import { EngineError, storedFile, type HexId, type ItemVersion, type OpenRepository } from '../../engine/index.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemDescriber } from '../../engine/ports/data-type.ts'
import type { StoredFile } from '../../engine/ports/restore-target.ts'
import { isObject, text } from '../../graph/item/fields.ts'
import { propertiesOf } from '../../graph/item/metadata.ts'
import type { OpenPlace } from '../context.ts'
import { describerOf } from './apart.ts'

/** An item of a snapshot with its files; those are read only when they are asked for. */
export interface StoredItem {
  /** From the snapshot's root, without extension. */
  readonly path: string
  readonly describer: ItemDescriber
  readonly version: ItemVersion
  /** The stored metadata object; empty if it is none. */
  readonly metadata: JsonObject
  /** Its Graph properties. */
  readonly properties: JsonObject
  /** What it is: `o365:Type`. */
  readonly kind: string
  readonly title: string
  readonly metadataFile: StoredFile
  readonly content: StoredFile | undefined
  readonly parts: readonly StoredFile[]
}

/** A snapshot of an open repository. */
export interface OpenSnapshot extends Pick<OpenPlace, 'repository' | 'catalog'> {
  readonly snapshot: HexId
  readonly signal: AbortSignal
}

/** Rejects with repository.path-not-found, or with what is wrong with the blobs of its metadata. */
export async function readStoredItem(open: OpenSnapshot, path: string): Promise<StoredItem> {
  const { repository, catalog, snapshot, signal } = open
  const describer = describerOf(path)
  if (describer === undefined) throw new EngineError('repository.path-not-found')
  const version = catalog.itemAt(snapshot, path)
  await repository.ensureIndex(signal)
  const { name, size, content, parts } = version
  const metadataFile = fileOf(repository, `${name}.json`, version.metadata, version.metadataSize)
  const metadata = parsedObject(await metadataFile.bytes(signal))
  const contentName = `${name}${describer.contentExtension ?? ''}`
  return {
    path,
    describer,
    version,
    metadata,
    properties: propertiesOf(metadata),
    kind: text(metadata, 'o365:Type') ?? '',
    title: version.title,
    metadataFile,
    content: content === null ? undefined : fileOf(repository, contentName, content, size),
    parts: parts.map((part) => fileOf(repository, part.name, part.blobs, part.size)),
  }
}

function fileOf(repository: OpenRepository, name: string, content: readonly HexId[], size: number): StoredFile {
  const time = new Date(0).toISOString()
  return storedFile(repository, {
    ...{ name, type: 'file', content, size, uid: 0, gid: 0 },
    ...{ mtime: time, atime: time, ctime: time },
  })
}

function parsedObject(bytes: Uint8Array): JsonObject {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString())
    return isObject(value) ? value : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

/** The first bytes of a file, at most so many. */
export async function firstBytes(file: StoredFile, most: number, signal: AbortSignal): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of file.stream(signal)) {
    pieces.push(piece)
    length += piece.length
    if (length >= most) break
  }
  return Buffer.concat(pieces).subarray(0, most)
}
