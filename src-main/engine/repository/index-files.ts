import { EngineError } from '../model/errors.ts'
import { idBytes, isHexId, type HexId } from '../model/ids.ts'
import type { Sealer } from '../crypto/seal.ts'
import type { DestinationStore } from '../ports/destination-store.ts'
import type { BlobTable, BlobType } from './blob-table.ts'
import { SCAN_WORDS, scanIndex, type ScannedIndex, type ScannedPack } from './index-scan.ts'
import type { PackList } from './pack-list.ts'
import { loadUnpackedText, parseJson } from './unpacked-file.ts'

/** A stored pack and the blob table's slots of its blobs. */
export interface IndexedPack {
  readonly id: HexId
  readonly slots: Int32Array
}

/**
 * The text of an index file for these packs.
 * https://restic.readthedocs.io/en/stable/100_references.html#indexing
 */
export function indexText(packs: readonly IndexedPack[], table: BlobTable): string {
  return `{"packs":[${packs.map((pack) => packText(pack, table)).join(',')}]}`
}

function packText({ id, slots }: IndexedPack, table: BlobTable): string {
  const blobs = Array.from(slots, (slot) => {
    const { offset, length, uncompressedLength } = table.location(slot)
    const plain = uncompressedLength > 0 ? `,"uncompressed_length":${String(uncompressedLength)}` : ''
    const place = `"offset":${String(offset)},"length":${String(length)}`
    return `{"id":"${table.id(slot)}","type":"${table.type(slot)}",${place}${plain}}`
  })
  return `{"id":"${id}","blobs":[${blobs.join(',')}]}`
}

/** Takes an index file's content into table and pack list, as scanned. */
export function takeScannedIndex({ packs: list, ids, places }: ScannedIndex, table: BlobTable, packs: PackList): void {
  for (const { id, first, end } of list) {
    table.reserve(end - first)
    const number = packs.add(id)
    let extent = 0
    for (let blob = first; blob < end; blob++) {
      const at = blob * SCAN_WORDS
      const type = places[at] === 1 ? 'tree' : 'data'
      const place = { offset: places[at + 1] ?? 0, length: places[at + 2] ?? 0, plain: places[at + 3] ?? 0 }
      takePlace(ids.subarray(blob * 32, blob * 32 + 32), type, place, number, table)
      extent = Math.max(extent, place.offset + place.length)
    }
    packs.extend(number, end - first, extent)
  }
}

/** Takes an index file's content into table and pack list. Unknown fields are ignored; bad ones are an error. */
export function takeIndex(index: unknown, table: BlobTable, packs: PackList): void {
  takeScannedIndex(flattenIndex(index), table, packs)
}

/** Reads an index file. Rejects with repository.index-damaged or the store's error. */
export async function loadIndexFile(
  store: DestinationStore,
  sealer: Sealer,
  id: HexId,
  signal?: AbortSignal,
): Promise<ScannedIndex> {
  const name = `index/${id}`
  const text = await loadUnpackedText(store, sealer, name, signal)
  return scanIndex(text) ?? flattenIndex(parseJson(name, text))
}

/** An index file's JSON, in flat memory. Unknown fields are ignored; bad ones are an error. */
function flattenIndex(index: unknown): ScannedIndex {
  const list = record(index).packs
  const packs: ScannedPack[] = []
  const ids: Uint8Array[] = []
  const places: number[] = []
  for (const pack of list === null || list === undefined ? [] : array(list)) {
    const { id, blobs } = record(pack)
    if (!isHexId(id)) throw damaged()
    const first = ids.length
    for (const blob of blobs === null ? [] : array(blobs)) flattenBlob(record(blob), ids, places)
    packs.push({ id, first, end: ids.length })
  }
  return { packs, ids: Buffer.concat(ids), places: Uint32Array.from(places) }
}

function flattenBlob(blob: Readonly<Record<string, unknown>>, ids: Uint8Array[], places: number[]): void {
  const { id, type, offset, length } = blob
  const plain = blob.uncompressed_length ?? 0
  if (!isHexId(id) || (type !== 'data' && type !== 'tree')) throw damaged()
  if (!isSize(offset) || !isSize(length) || !isSize(plain)) throw damaged()
  ids.push(idBytes(id))
  places.push(type === 'tree' ? 1 : 0, offset, length, plain)
}

interface Place {
  readonly offset: number
  readonly length: number
  /** Plain length if compressed, else 0. */
  readonly plain: number
}

/** A blob that two packs hold is read from the first one. */
function takePlace(
  id: Uint8Array,
  type: BlobType,
  { offset, length, plain }: Place,
  pack: number,
  table: BlobTable,
): void {
  const slot = table.claim(id, type)
  if (slot < 0) return
  table.setPlace(slot, offset, length, plain)
  table.setPack(slot, pack)
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffffffff
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw damaged()
  return value as Readonly<Record<string, unknown>>
}

function array(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw damaged()
  return value
}

function damaged(): EngineError {
  return new EngineError('repository.index-damaged', { context: { reason: 'content' } })
}
