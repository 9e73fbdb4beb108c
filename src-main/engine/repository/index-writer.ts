import { hash } from 'node:crypto'
import type { Sealer } from '../crypto/seal.ts'
import { hexId, type HexId } from '../model/ids.ts'
import type { DestinationStore } from '../ports/destination-store.ts'
import { SCAN_WORDS, type ScannedIndex, type ScannedPack } from './index-scan.ts'
import { saveUnpacked } from './unpacked-file.ts'

/** A stored pack as an index lists it, in flat memory. */
export interface ListedPack {
  readonly id: HexId
  /** 32 bytes per blob. */
  readonly ids: Uint8Array
  /** Per blob: 1 for a tree, 0 for data; offset; length; plain length if compressed, else 0. */
  readonly places: Uint32Array
}

export interface IndexWriterOptions {
  readonly store: DestinationStore
  readonly sealer: Sealer
  /** Rejects if the repository's lock is lost. */
  readonly confirmLock?: (() => Promise<void>) | undefined
  readonly signal?: AbortSignal | undefined
}

const INDEX_BLOBS = 50_000
// With the commas: ids of 64 digits, numbers of up to 10.
const MOST_BLOB_TEXT = 180
const MOST_PACK_TEXT = 100
/** What a kill may cost in packs that no index names yet. */
const INDEX_BYTES = 1 << 30

/** Writes index files. Nothing is durable before `save` resolved. */
export class IndexWriter {
  readonly #options: IndexWriterOptions
  readonly #written: HexId[] = []
  /** What is listed of a pack already, as a hash: index files may repeat each other. */
  readonly #listed = new Set<string>()
  #packs: ListedPack[] = []
  #blobs = 0
  #bytes = 0
  #saving: Promise<void> = Promise.resolve()

  constructor(options: IndexWriterOptions) {
    this.#options = options
  }

  /** The index files stored so far. */
  get written(): readonly HexId[] {
    return this.#written
  }

  /** Lists a pack; an index file is stored when there is enough for one. `bytes`: of a new pack. */
  async add(pack: ListedPack, bytes = 0): Promise<void> {
    const key = `${pack.id} ${hash('sha256', pack.ids)}`
    if (this.#listed.has(key)) return
    this.#listed.add(key)
    this.#packs.push(pack)
    this.#blobs += pack.ids.length / 32
    this.#bytes += bytes
    if (this.#blobs >= INDEX_BLOBS || this.#bytes >= INDEX_BYTES) await this.save()
  }

  /** Stores what was listed and is in no index file yet. */
  save(): Promise<void> {
    const packs = this.#packs
    if (packs.length > 0) {
      this.#packs = []
      this.#blobs = 0
      this.#bytes = 0
      this.#saving = this.#saving.then(() => this.#write(packs))
      this.#saving.catch(() => undefined) // whoever saves sees it, and everybody after
    }
    return this.#saving
  }

  async #write(packs: readonly ListedPack[]): Promise<void> {
    const { store, sealer, confirmLock, signal } = this.#options
    await confirmLock?.()
    this.#written.push(await saveUnpacked(store, sealer, 'index', indexBytes(packs), signal))
  }
}

/** A pack of an index file as it is listed there. */
export function listedPack(index: ScannedIndex, { id, first, end }: ScannedPack): ListedPack {
  const ids = index.ids.subarray(first * 32, end * 32)
  return { id, ids, places: index.places.subarray(first * SCAN_WORDS, end * SCAN_WORDS) }
}

/**
 * An index file's text, written piece by piece: as one string it would take several times the memory.
 * https://restic.readthedocs.io/en/stable/100_references.html#indexing
 */
function indexBytes(packs: readonly ListedPack[]): Uint8Array {
  const blobs = packs.reduce((sum, { ids }) => sum + ids.length / 32, 0)
  const bytes = Buffer.allocUnsafe(blobs * MOST_BLOB_TEXT + packs.length * MOST_PACK_TEXT + MOST_PACK_TEXT)
  let at = bytes.write('{"packs":[', 'latin1')
  const write = (text: string): void => {
    at += bytes.write(text, at, 'latin1')
  }
  for (const [i, { id, ids, places }] of packs.entries()) {
    write(`${i > 0 ? ',' : ''}{"id":"${id}","blobs":[`)
    for (let blob = 0; blob < ids.length / 32; blob++) write(`${blob > 0 ? ',' : ''}${blobText(ids, places, blob)}`)
    write(']}')
  }
  write(']}')
  return bytes.subarray(0, at)
}

function blobText(ids: Uint8Array, places: Uint32Array, blob: number): string {
  const at = blob * SCAN_WORDS
  const type = places[at] === 1 ? 'tree' : 'data'
  const plain = places[at + 3] ?? 0
  const compressed = plain > 0 ? `,"uncompressed_length":${String(plain)}` : ''
  const place = `"offset":${String(places[at + 1])},"length":${String(places[at + 2])}`
  return `{"id":"${hexId(ids.subarray(blob * 32, blob * 32 + 32))}","type":"${type}",${place}${compressed}}`
}
