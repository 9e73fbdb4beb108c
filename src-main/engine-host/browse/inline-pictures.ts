import type { StoredFile } from '../../engine/ports/restore-target.ts'
import { pictureType } from './media-types.ts'

/** Bytes of all pictures in the text of one preview together. */
const MOST = 20 * 1024 * 1024

/** Pictures in a text by what it calls them, as data: addresses; what there is no room for is left out. */
export class InlinePictures {
  readonly #found: Record<string, string> = {}
  #left = MOST

  get found(): Readonly<Record<string, string>> {
    return this.#found
  }

  /** Whether it was taken: only what is a picture is, whatever it says of itself. */
  add(id: string, bytes: Uint8Array): boolean {
    const type = pictureType(bytes)
    if (type === undefined || bytes.length > this.#left) return false
    this.#left -= bytes.length
    this.#found[id] = `data:${type};base64,${Buffer.from(bytes).toString('base64')}`
    return true
  }

  async addFile(id: string, file: StoredFile, signal: AbortSignal): Promise<boolean> {
    return file.size <= this.#left && this.add(id, await file.bytes(signal))
  }
}
