import { fileURLToPath } from 'node:url'
import { appendOnly } from '../../destinations/decorators/append-only.ts'
import { bandwidthLimited } from '../../destinations/decorators/bandwidth-limit.ts'
import type { StoreSpool } from '../../destinations/decorators/pack-spool.ts'
import { retrying } from '../../destinations/decorators/retrying.ts'
import { isGraphDestination } from '../../destinations/graph-drive/urls.ts'
import { createLocalFolder } from '../../destinations/local-folder/local-folder.ts'
import type { OpenRepository } from '../../engine/index.ts'
import type { DestinationStore } from '../../engine/ports/destination-store.ts'
import { systemClock } from '../../graph/client/system-clock.ts'
import { readDestinationOptions, type DestinationOptions } from './destination-options.ts'
import { withPlace } from './error-place.ts'
import type { Session } from './session.ts'
import { treePacks } from './tree-packs.ts'
import { UsageError } from './usage-error.ts'

/** What holds a lock, as far as a destination needs it. */
export interface Guard {
  confirm(): Promise<void>
}

export interface Destination {
  readonly store: DestinationStore
  /** From now on the lock is made sure of before a file is written that refers to others. */
  readonly guard: (lock: Guard | undefined) => void
  /** Of a destination in Microsoft 365: its folder, as readers of drives call it. */
  readonly folderId?: (signal: AbortSignal) => Promise<string>
  /** Of a destination in Microsoft 365: packs that were being stored when the command before ended. */
  readonly spool?: StoreSpool
  /** From now on the repository tells which of its packs are worth keeping on this machine. */
  readonly opened: (repository: OpenRepository) => void
}

export interface DestinationUse {
  /** What is kept on this machine may answer for what is in the destination. Default true. */
  readonly mayBeCached?: boolean
}

const SCHEME = /^@?([a-z][a-z0-9+.-]+):\/\//i
/** Files that refer to packs: whoever writes them has to be sure that nobody has deleted those. */
const REFERRING = /^(index|snapshots)\//
/** Calls in all: a network drive or a stick may be away for a moment. */
const FOLDER_ATTEMPTS = 4
/** The client has tried again before. */
const GRAPH_ATTEMPTS = 2

/** The folder that a plain path or a file:// URL names. Throws UsageError for anything else. */
export function folderPath(text: string, what: string): string {
  if (text === '') throw new UsageError(`${what} is empty: give the path of a folder.`)
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined) return text
  if (scheme !== 'file') throw new UsageError(otherScheme(what, scheme, isGraphDestination(text)))
  try {
    return fileURLToPath(text)
  } catch (error) {
    throw new UsageError(`${what} is no file URL of this machine: write file:///path, or the plain path.`, {
      cause: error,
    })
  }
}

function otherScheme(what: string, scheme: string, isDestination: boolean): string {
  const why = isDestination ? 'is a place for repositories' : 'is nothing that Holdfast knows'
  return `${what}: ${scheme}:// ${why}; use a folder (a plain path, or file:///path).`
}

/**
 * The destination that a person names, used as the options say. Its errors say where they happened (context: place).
 * Rejects with UsageError, or for a place in Microsoft 365 like openGraphDestination.
 */
export async function openDestination(session: Session, text: string, use: DestinationUse = {}): Promise<Destination> {
  const options = readDestinationOptions(session.values)
  if (!isGraphDestination(text)) {
    const folder = createLocalFolder(folderPath(text, 'The destination'))
    const store = lastingly(limited(folder, options), FOLDER_ATTEMPTS)
    return guarded(options.appendOnly ? appendOnly(store) : store)
  }
  const { openGraphDestination } = await import('./graph-destination.ts')
  const graph = await openGraphDestination(session, text, options)
  let isTreePack: ((name: string) => boolean) | undefined
  const keepsPack = (name: string): boolean => isTreePack?.(name) ?? false
  const reached = lastingly(limited(graph.store, options), GRAPH_ATTEMPTS)
  const isCached = options.cache && use.mayBeCached !== false
  const store = isCached ? graph.cached(reached, keepsPack) : reached
  const explain = (error: unknown): unknown => graph.explain(error)
  const { spool } = graph
  return {
    ...guarded(spool.over(options.appendOnly ? appendOnly(store) : store), explain),
    spool,
    folderId: (signal) => explained(graph.folderId(signal), (error) => withPlace(explain(error), store.location)),
    opened: (repository) => {
      isTreePack = treePacks(repository)
    },
  }
}

function limited(store: DestinationStore, { up, down }: DestinationOptions): DestinationStore {
  const upwards = up.length === 0 ? store : bandwidthLimited(store, up, systemClock)
  return down.length === 0 ? upwards : bandwidthLimited(upwards, down, systemClock)
}

function lastingly(store: DestinationStore, attempts: number): DestinationStore {
  return retrying(store, { clock: systemClock, random: Math.random, attempts })
}

/** The store, whose errors say where they happened and which asks the lock before it writes what refers to packs. */
export function guarded(store: DestinationStore, explain: (error: unknown) => unknown = (error) => error): Destination {
  let lock: Guard | undefined
  return {
    store: placed(store, () => lock, explain),
    guard: (held) => {
      lock = held
    },
    opened: () => undefined,
  }
}

function placed(
  store: DestinationStore,
  lock: () => Guard | undefined,
  explain: (error: unknown) => unknown,
): DestinationStore {
  const { location } = store
  const at = <T>(work: Promise<T>): Promise<T> => explained(work, (error) => withPlace(explain(error), location))
  return {
    location,
    prepare: (signal) => at(store.prepare(signal)),
    put: async (name, parts, signal) => {
      if (REFERRING.test(name)) await lock()?.confirm()
      await at(store.put(name, parts, signal))
    },
    get: (name, range, signal, memory) => at(store.get(name, range, signal, memory)),
    size: (name, signal) => at(store.size(name, signal)),
    remove: (name, signal) => at(store.remove(name, signal)),
    async *list(folder, signal) {
      try {
        yield* store.list(folder, signal)
      } catch (error) {
        throw withPlace(explain(error), location)
      }
    },
  }
}

async function explained<T>(work: Promise<T>, explain: (error: unknown) => unknown): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw explain(error)
  }
}
