import { EngineError } from '../model/errors.ts'
import { SEAL_OVERHEAD, type Sealer } from '../crypto/seal.ts'
import type { BlobType } from './blob-table.ts'

/** A blob as a pack's header lists it. */
export interface PackedBlob {
  readonly type: BlobType
  /** 32 bytes. */
  readonly id: Uint8Array
  /** Bytes from the pack's start. */
  readonly offset: number
  /** Sealed length in bytes. */
  readonly length: number
  /** Plain length in bytes if compressed, else 0. */
  readonly uncompressedLength: number
}

// https://restic.readthedocs.io/en/stable/100_references.html#pack-format
const PLAIN_ENTRY = 1 + 4 + 32
const COMPRESSED_ENTRY = 1 + 4 + 4 + 32
const LENGTH_FIELD = 4

/** Bytes that a header of `blobs` entries takes at most, sealed, with its length field. */
export function headerBound(blobs: number): number {
  return blobs * COMPRESSED_ENTRY + SEAL_OVERHEAD + LENGTH_FIELD
}

/** Bytes that a blob's entry takes in the header. */
export function entryBytes(compressed: boolean): number {
  return compressed ? COMPRESSED_ENTRY : PLAIN_ENTRY
}

/** Writes the sealed header and its length behind the blobs; gives the pack's whole length. */
export function writeHeader(
  pack: Uint8Array,
  at: number,
  blobs: Iterable<PackedBlob> & { readonly length: number },
  sealer: Sealer,
): number {
  const header = Buffer.alloc(blobs.length * COMPRESSED_ENTRY)
  let end = 0
  for (const blob of blobs) end = writeEntry(header, end, blob)
  const length = sealer.sealInto(pack, at, header.subarray(0, end))
  Buffer.from(pack.buffer, pack.byteOffset).writeUInt32LE(length, at + length)
  return at + length + LENGTH_FIELD
}

function writeEntry(header: Buffer, at: number, blob: PackedBlob): number {
  const compressed = blob.uncompressedLength > 0
  header[at] = (blob.type === 'tree' ? 1 : 0) + (compressed ? 2 : 0)
  let next = header.writeUInt32LE(blob.length, at + 1)
  if (compressed) next = header.writeUInt32LE(blob.uncompressedLength, next)
  header.set(blob.id, next)
  return next + 32
}

/** Bytes of the header with its length field, as the end of a pack tells. Throws repository.pack-truncated. */
export function headerBytes(tail: Uint8Array): number {
  const bytes = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength)
  if (bytes.length < LENGTH_FIELD + SEAL_OVERHEAD) throw new EngineError('repository.pack-truncated')
  return bytes.readUInt32LE(bytes.length - LENGTH_FIELD) + LENGTH_FIELD
}

/**
 * The header of a whole pack, or of the end of one that is `size` bytes long. Throws repository.pack-truncated or
 * repository.pack-damaged.
 */
export function readHeader(pack: Uint8Array, sealer: Sealer, size = pack.length): PackedBlob[] {
  const bytes = Buffer.from(pack.buffer, pack.byteOffset, pack.byteLength)
  const length = headerBytes(pack) - LENGTH_FIELD
  const start = bytes.length - LENGTH_FIELD - length
  if (start < 0 || length < SEAL_OVERHEAD) throw new EngineError('repository.pack-truncated')
  const header = sealer.open(bytes.subarray(start, start + length))
  if (header === undefined) throw new EngineError('repository.pack-damaged', { context: { part: 'header' } })
  const blobs = readEntries(Buffer.from(header.buffer, header.byteOffset, header.byteLength))
  const end = blobs.at(-1)
  if ((end === undefined ? 0 : end.offset + end.length) !== size - bytes.length + start)
    throw new EngineError('repository.pack-damaged', { context: { part: 'layout' } })
  return blobs
}

function readEntries(header: Buffer): PackedBlob[] {
  const blobs: PackedBlob[] = []
  let offset = 0
  for (let at = 0; at < header.length;) {
    const kind = header.readUInt8(at)
    const size = kind >= 2 ? COMPRESSED_ENTRY : PLAIN_ENTRY
    if (kind > 3 || at + size > header.length)
      throw new EngineError('repository.pack-damaged', { context: { part: 'header entry' } })
    const length = header.readUInt32LE(at + 1)
    blobs.push({
      type: kind % 2 === 1 ? 'tree' : 'data',
      id: header.subarray(at + size - 32, at + size),
      offset,
      length,
      uncompressedLength: kind >= 2 ? header.readUInt32LE(at + 5) : 0,
    })
    offset += length
    at += size
  }
  return blobs
}
