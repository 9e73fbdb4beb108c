import { hash } from 'node:crypto'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Sealer } from '../crypto/seal.ts'
import { EngineError, type ErrorCode } from '../model/errors.ts'
import { hexId, isHexId, type HexId } from '../model/ids.ts'
import type { DestinationStore } from '../ports/destination-store.ts'

/** Folders of files that are sealed whole. */
export type UnpackedFolder = 'index' | 'snapshots' | 'locks'

export interface SealedFile {
  /** SHA-256 of the bytes: the file's name. */
  readonly id: HexId
  readonly bytes: Uint8Array<ArrayBuffer>
}

// https://restic.readthedocs.io/en/stable/100_references.html#unpacked-data-format
const COMPRESSED = 2
const JSON_STARTS = new Set([0x5b, 0x7b])
const MAX_PLAIN = 1 << 30
const ZSTD_LEVEL = 3

const DAMAGE = {
  index: 'repository.index-damaged',
  snapshots: 'repository.snapshot-damaged',
  locks: 'repository.lock-damaged',
  keys: 'repository.key-damaged',
  config: 'repository.config-damaged',
} as const satisfies Record<string, ErrorCode>

/** The error for a file of the repository that cannot be what was written. `reason` says what does not fit. */
export function damagedFile(name: string, reason: string, cause?: unknown): EngineError {
  const folder = name.split('/', 1)[0] ?? ''
  const code = folder in DAMAGE ? DAMAGE[folder as keyof typeof DAMAGE] : 'internal'
  return new EngineError(code, { context: { file: name, reason }, cause })
}

/** Compresses and seals a JSON text. */
export function sealUnpacked(sealer: Sealer, json: string | Uint8Array): SealedFile {
  const frame = zstdCompressSync(json, { params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } })
  const bytes = sealer.seal(Buffer.concat([Uint8Array.of(COMPRESSED), frame]))
  return { id: hexId(hash('sha256', bytes, 'buffer')), bytes }
}

/** Stores a JSON text as a new file of the folder and gives its id. */
export async function saveUnpacked(
  store: DestinationStore,
  sealer: Sealer,
  folder: UnpackedFolder,
  json: string | Uint8Array,
  signal?: AbortSignal,
): Promise<HexId> {
  const { id, bytes } = sealUnpacked(sealer, json)
  await store.put(`${folder}/${id}`, [bytes], signal)
  return id
}

/**
 * The JSON value of a sealed file ("config", "index/<id>", "snapshots/<id>", "locks/<id>"): an object or an array.
 * Rejects with the damage of that kind of file if name, tag, compression or JSON do not fit, or with the store's error.
 */
export async function loadUnpacked(
  store: DestinationStore,
  sealer: Sealer,
  name: string,
  signal?: AbortSignal,
): Promise<unknown> {
  return parseJson(name, await loadUnpackedText(store, sealer, name, signal))
}

/** The text of a sealed file, not parsed yet. Rejects like `loadUnpacked`. */
export async function loadUnpackedText(
  store: DestinationStore,
  sealer: Sealer,
  name: string,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const bytes = await store.get(name, undefined, signal)
  if (name !== 'config' && hash('sha256', bytes) !== name.slice(name.lastIndexOf('/') + 1))
    throw damagedFile(name, 'hash')
  const plain = sealer.open(bytes)
  if (plain === undefined) throw damagedFile(name, 'authentication')
  return name === 'config' ? plain : decompress(name, plain)
}

/** The ids of all files of a folder, sorted. Files with other names are not the repository's. */
export async function listIds(store: DestinationStore, folder: string, signal?: AbortSignal): Promise<HexId[]> {
  const ids: HexId[] = []
  for await (const { name } of store.list(folder, signal)) {
    const id = name.slice(name.lastIndexOf('/') + 1)
    if (isHexId(id)) ids.push(id)
  }
  return ids.sort()
}

function decompress(name: string, plain: Uint8Array): Uint8Array {
  const start = plain[0]
  if (start !== undefined && JSON_STARTS.has(start)) return plain
  if (start !== COMPRESSED) throw damagedFile(name, 'encoding')
  try {
    return zstdDecompressSync(plain.subarray(1), { maxOutputLength: MAX_PLAIN })
  } catch (error) {
    throw damagedFile(name, 'compression', error)
  }
}

/** Parses a file's JSON; throws the damage of that kind of file. Errors of the parser quote the text: not kept. */
export function parseJson(name: string, bytes: Uint8Array): unknown {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString())
  } catch {
    throw damagedFile(name, 'json')
  }
  if (typeof value !== 'object' || value === null) throw damagedFile(name, 'json')
  return value
}
