import type { DestinationStore } from '../../engine/ports/destination-store.ts'

/** A store that hands everything on: what a decorator does not say itself. */
export function forwarding(store: DestinationStore): DestinationStore {
  return {
    location: store.location,
    prepare: (signal) => store.prepare(signal),
    put: (name, parts, signal) => store.put(name, parts, signal),
    get: (name, range, signal, memory) => store.get(name, range, signal, memory),
    size: (name, signal) => store.size(name, signal),
    list: (folder, signal) => store.list(folder, signal),
    remove: (name, signal) => store.remove(name, signal),
  }
}
