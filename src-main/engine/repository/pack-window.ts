import type { HexId } from '../model/ids.ts'
import type { DestinationStore } from '../ports/destination-store.ts'
import { packName } from './pack-list.ts'

const STEP = 512 * 1024
const WINDOW = 2 * STEP
const KEPT = 16

/**
 * Reads small blobs of packs by windows that are kept for a while. Trees are read one after the other and lie close
 * together: most of them then cost no request to the destination.
 */
export class PackWindows {
  readonly #store: DestinationStore
  readonly #windows = new Map<string, Promise<Uint8Array<ArrayBuffer>>>()

  constructor(store: DestinationStore) {
    this.#store = store
  }

  /** The bytes of a blob; fewer if the pack is shorter. Not to be changed: they are a view of what is kept. */
  async read(pack: HexId, offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    const start = Math.floor(offset / STEP) * STEP
    if (offset + length > start + WINDOW) return this.#store.get(packName(pack), { offset, length }, signal)
    const window = await this.#window(pack, start, signal)
    return window.subarray(offset - start, offset - start + length)
  }

  #window(pack: HexId, start: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const name = `${pack} ${String(start)}`
    const known = this.#windows.get(name)
    const window = known ?? this.#store.get(packName(pack), { offset: start, length: WINDOW }, signal)
    // The one that was used last comes last, the one that goes is the first.
    this.#windows.delete(name)
    this.#windows.set(name, window)
    if (known === undefined) window.catch(() => this.#windows.delete(name))
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size <= KEPT) break
      this.#windows.delete(oldest)
    }
    return window
  }
}
