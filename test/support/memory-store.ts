import { EngineError } from '../../src-main/engine/model/errors.ts'
import type { ByteRange, DestinationStore, StoredFile } from '../../src-main/engine/ports/destination-store.ts'

export interface MemoryStore extends DestinationStore {
  /** What is stored, by name: tests look at it and damage it. */
  readonly files: Map<string, Uint8Array<ArrayBuffer>>
}

/** A store that keeps its files in memory. */
export function createMemoryStore(files = new Map<string, Uint8Array<ArrayBuffer>>()): MemoryStore {
  const read = (name: string): Uint8Array<ArrayBuffer> => {
    const bytes = files.get(name)
    if (bytes === undefined) throw new EngineError('store.not-found')
    return bytes
  }
  return {
    location: 'memory',
    files,
    async prepare(signal) {
      requireGoing(signal)
    },
    async put(name, parts, signal) {
      requireGoing(signal)
      const bytes = Uint8Array.from(Buffer.concat(parts))
      await Promise.resolve()
      requireGoing(signal)
      files.set(name, bytes)
    },
    async get(name: string, range?: ByteRange, signal?: AbortSignal) {
      requireGoing(signal)
      const { offset, length } = range ?? { offset: 0, length: Infinity }
      return read(name).slice(offset, offset + length)
    },
    async size(name, signal) {
      requireGoing(signal)
      return read(name).length
    },
    async *list(folder, signal): AsyncIterable<StoredFile> {
      for (const [name, { length }] of [...files]) {
        requireGoing(signal)
        if (folder === '' || name.startsWith(`${folder}/`)) yield { name, size: length }
      }
    },
    async remove(name, signal) {
      requireGoing(signal)
      files.delete(name)
    },
  }
}

function requireGoing(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new EngineError('cancelled', { cause: signal.reason })
}
