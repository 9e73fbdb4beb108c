import { hash } from 'node:crypto'
import { zstdDecompressSync } from 'node:zlib'
import type { Sealer } from '../crypto/seal.ts'
import { frameContentSize, type Zstd } from '../crypto/zstd.ts'

let opened = new Uint8Array(1 << 20)
let unpacked = new Uint8Array(1 << 20)

/**
 * The plain bytes of a sealed blob, or undefined if tag, compression or hash do not fit.
 * The result may be a view that the next call overwrites: use or copy it at once.
 */
export function openBlob(
  sealed: Uint8Array,
  blob: { readonly id: Uint8Array; readonly uncompressedLength: number },
  sealer: Sealer,
  zstd: Zstd,
): Uint8Array<ArrayBuffer> | undefined {
  return openSealed(sealed, blob, sealer, zstd)?.plain
}

/** Like `openBlob`; gives the bytes as they were sealed, too: compressed, if the blob is. Both may be views. */
export function openSealed(
  sealed: Uint8Array,
  blob: { readonly id: Uint8Array; readonly uncompressedLength: number },
  sealer: Sealer,
  zstd: Zstd,
): { readonly plain: Uint8Array<ArrayBuffer>; readonly packed: Uint8Array } | undefined {
  const packed = decrypt(sealed, sealer)
  const plain = packed === undefined ? undefined : unpack(packed, blob, zstd)
  return packed === undefined || plain === undefined ? undefined : { plain, packed }
}

function decrypt(sealed: Uint8Array, sealer: Sealer): Uint8Array<ArrayBuffer> | undefined {
  if (opened.length < sealed.length) opened = new Uint8Array(sealed.length)
  const length = sealer.openInto(sealed, opened)
  return length < 0 ? undefined : opened.subarray(0, length)
}

function unpack(
  bytes: Uint8Array<ArrayBuffer>,
  blob: { readonly id: Uint8Array; readonly uncompressedLength: number },
  zstd: Zstd,
): Uint8Array<ArrayBuffer> | undefined {
  if (blob.uncompressedLength === 0) return fits(bytes, blob.id) ? bytes : undefined
  // The frame is asked before memory is taken: the length may come from a wrong index.
  if (frameContentSize(bytes) !== blob.uncompressedLength) return oneShot(bytes, blob)
  if (unpacked.length < blob.uncompressedLength) unpacked = new Uint8Array(blob.uncompressedLength)
  const plain = unpacked.subarray(0, blob.uncompressedLength)
  if (zstd.decompressInto(bytes, plain) !== plain.length || !fits(plain, blob.id)) return oneShot(bytes, blob)
  return plain
}

/** A second try without state: whatever an earlier damaged frame left behind must not condemn this one. */
function oneShot(
  bytes: Uint8Array,
  blob: { readonly id: Uint8Array; readonly uncompressedLength: number },
): Uint8Array<ArrayBuffer> | undefined {
  try {
    const plain = zstdDecompressSync(bytes, { maxOutputLength: Math.max(blob.uncompressedLength, 1) })
    return plain.length === blob.uncompressedLength && fits(plain, blob.id) ? plain : undefined
  } catch {
    return undefined // not a zstd frame: the caller names the damage
  }
}

function fits(plain: Uint8Array, id: Uint8Array): boolean {
  return hash('sha256', plain, 'buffer').equals(id)
}
