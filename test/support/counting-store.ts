import type { DestinationStore } from '../../src-main/engine/ports/destination-store.ts'

export interface StoreTraffic {
  bytesRead: number
  bytesWritten: number
  gets: number
  puts: number
  /** Read of index files alone, bytes. */
  indexBytesRead: number
}

/** The store, with what goes in and out counted. */
export function countingStore(store: DestinationStore, traffic: StoreTraffic): DestinationStore {
  return {
    location: store.location,
    prepare: (signal) => store.prepare(signal),
    put: async (name, parts, signal) => {
      await store.put(name, parts, signal)
      traffic.puts++
      traffic.bytesWritten += parts.reduce((sum, part) => sum + part.length, 0)
    },
    get: async (name, range, signal) => {
      const bytes = await store.get(name, range, signal)
      traffic.gets++
      traffic.bytesRead += bytes.length
      if (name.startsWith('index/')) traffic.indexBytesRead += bytes.length
      return bytes
    },
    size: (name, signal) => store.size(name, signal),
    list: (folder, signal) => store.list(folder, signal),
    remove: (name, signal) => store.remove(name, signal),
  }
}

export function noTraffic(): StoreTraffic {
  return { bytesRead: 0, bytesWritten: 0, gets: 0, puts: 0, indexBytesRead: 0 }
}
