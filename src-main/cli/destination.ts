import { fileURLToPath } from 'node:url'
import { createLocalFolder } from '../destinations/local-folder/local-folder.ts'
import { EngineError, isEngineError } from '../engine/model/errors.ts'
import type { DestinationStore } from '../engine/ports/destination-store.ts'
import { UsageError } from './usage-error.ts'

/** What holds a lock, as far as a destination needs it. */
export interface Guard {
  confirm(): Promise<void>
}

export interface Destination {
  readonly store: DestinationStore
  /** From now on the lock is made sure of before a file is written that refers to others. */
  readonly guard: (lock: Guard | undefined) => void
}

const SCHEME = /^@?([a-z][a-z0-9+.-]+):\/\//i
const LATER = new Set(['onedrivev2', 'msgroup', 'sharepoint'])
/** Files that refer to packs: whoever writes them has to be sure that nobody has deleted those. */
const REFERRING = /^(index|snapshots)\//

/** The folder that a plain path or a file:// URL names. Throws UsageError for anything else. */
export function folderPath(text: string, what: string): string {
  if (text === '') throw new UsageError(`${what} is empty: give the path of a folder.`)
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined) return text
  if (scheme !== 'file') throw new UsageError(otherScheme(what, scheme))
  try {
    return fileURLToPath(text)
  } catch (error) {
    throw new UsageError(`${what} is no file URL of this machine: write file:///path, or the plain path.`, {
      cause: error,
    })
  }
}

function otherScheme(what: string, scheme: string): string {
  const why = LATER.has(scheme) ? 'is not available yet' : 'is nothing that Holdfast knows'
  return `${what}: ${scheme}:// ${why}; use a folder (a plain path, or file:///path).`
}

/** The destination that a person names. Its errors say where they happened (context: place). */
export function openDestination(text: string): Destination {
  const store = createLocalFolder(folderPath(text, 'The destination'))
  let lock: Guard | undefined
  return {
    store: placed(store, () => lock),
    guard: (held) => {
      lock = held
    },
  }
}

function placed(store: DestinationStore, lock: () => Guard | undefined): DestinationStore {
  const { location } = store
  const at = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw withPlace(error, location)
    }
  }
  return {
    location,
    prepare: (signal) => at(store.prepare(signal)),
    put: async (name, parts, signal) => {
      if (REFERRING.test(name)) await lock()?.confirm()
      await at(store.put(name, parts, signal))
    },
    get: (name, range, signal) => at(store.get(name, range, signal)),
    size: (name, signal) => at(store.size(name, signal)),
    remove: (name, signal) => at(store.remove(name, signal)),
    async *list(folder, signal) {
      try {
        yield* store.list(folder, signal)
      } catch (error) {
        throw withPlace(error, location)
      }
    },
  }
}

/** The same error with the place added, unless it has one. */
export function withPlace(error: unknown, place: string): unknown {
  if (!isEngineError(error) || 'place' in error.context) return error
  return new EngineError(error.code, { retry: error.retry, context: { ...error.context, place }, cause: error })
}
