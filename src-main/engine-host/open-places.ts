import { describers } from '../commands/parts/data-types.ts'
import { openRepositoryAt, type OpenedRepository } from '../commands/parts/repository.ts'
import { catalogFile, isEngineError, openUpdatedCatalog, type Catalog } from '../engine/index.ts'
import type { HostSession, OpenPlace, SessionWish } from './context.ts'

export interface OpenPlacesParts {
  readonly now: () => number
  readonly sessionFor: (wish: SessionWish) => HostSession
  /** After so long without use a repository is closed. Default: five minutes. */
  readonly idleMs?: number
  /** For so long the snapshots that were seen last count as all there are. Default: half a minute. */
  readonly freshMs?: number
}

const IDLE_MS = 5 * 60_000
const FRESH_MS = 30_000

/** A repository that stays open: its key costs most of a second, its index more. */
interface Entry {
  readonly session: HostSession
  readonly opened: OpenedRepository
  catalog: Catalog
  /** Catalogs that somebody may still be reading. */
  readonly replaced: Catalog[]
  uses: number
  seenAt: number
  /** Something has changed there: what is in memory has to be read anew. */
  isStale: boolean
  isRetired: boolean
  timer: NodeJS.Timeout | undefined
}

/** Repositories that are open for reading, each once. */
export class OpenPlaces {
  readonly #parts: OpenPlacesParts
  readonly #entries = new Map<string, Promise<Entry>>()

  constructor(parts: OpenPlacesParts) {
    this.#parts = parts
  }

  /** Rejects like `openRepositoryAt`, and like `openUpdatedCatalog`. */
  async open(place: string, signal: AbortSignal, fresh = false): Promise<OpenPlace> {
    signal.throwIfAborted()
    const entry = await this.#take(place)
    try {
      signal.throwIfAborted()
      await this.#bringInStep(entry, fresh, signal)
    } catch (error) {
      this.#giveBack(place, entry)
      throw error
    }
    let isReleased = false
    return {
      ...entry.opened,
      session: entry.session,
      catalog: entry.catalog,
      release: () => {
        if (isReleased) return
        isReleased = true
        this.#giveBack(place, entry)
      },
    }
  }

  /** Something has changed in the repository: the next one who asks gets to see it. */
  changed(place: string): void {
    this.#entries.get(place)?.then(
      (entry) => {
        entry.isStale = true
      },
      () => undefined,
    )
  }

  /** The next one who asks opens it anew, with the passphrase that is kept then. */
  forget(place: string): void {
    const entry = this.#entries.get(place)
    this.#entries.delete(place)
    entry?.then(
      (open) => {
        open.isRetired = true
        if (open.uses === 0) void close(open)
      },
      () => undefined,
    )
  }

  async close(): Promise<void> {
    const all = await Promise.allSettled(this.#entries.values())
    this.#entries.clear()
    for (const one of all) if (one.status === 'fulfilled') await close(one.value)
  }

  async #take(place: string): Promise<Entry> {
    const entry = await (this.#entries.get(place) ?? this.#begin(place))
    // What a prune left of the index is wrong; somebody may be reading by it.
    if (entry.isStale && entry.uses === 0) entry.opened.repository.forgetIndex()
    else if (entry.isStale) {
      if ((await this.#entries.get(place)) === entry) this.forget(place)
      return await this.#take(place)
    }
    if (entry.isStale) entry.seenAt = -Infinity
    entry.isStale = false
    entry.uses++
    clearTimeout(entry.timer)
    return entry
  }

  #begin(place: string): Promise<Entry> {
    const opening = this.#openEntry(place)
    this.#entries.set(place, opening)
    opening.catch(() => {
      if (this.#entries.get(place) === opening) this.#entries.delete(place)
    })
    return opening
  }

  /** Whoever gives up waiting does not take it away from the others. */
  async #openEntry(place: string): Promise<Entry> {
    const { signal } = new AbortController()
    const session = this.#parts.sessionFor({ signal, args: [place], place })
    try {
      const opened = await openRepositoryAt(session, place)
      const catalog = await openCatalog(session, opened, signal)
      const seenAt = this.#parts.now()
      return {
        ...{ session, opened, catalog, replaced: [], uses: 0, seenAt },
        ...{ isStale: false, isRetired: false, timer: undefined },
      }
    } catch (error) {
      await session.close()
      throw error
    }
  }

  async #bringInStep(entry: Entry, fresh: boolean, signal: AbortSignal): Promise<void> {
    const { now, freshMs = FRESH_MS } = this.#parts
    if (!fresh && now() - entry.seenAt < freshMs) return
    const seenAt = now()
    const catalog = await openCatalog(entry.session, entry.opened, signal).catch((error: unknown) => {
      // A backup is writing: what it knows is what there is until it has ended.
      if (isEngineError(error, 'catalog.busy')) return undefined
      throw error
    })
    if (catalog === undefined) return
    entry.replaced.push(entry.catalog)
    entry.catalog = catalog
    entry.seenAt = seenAt
    if (entry.uses === 1) closeReplaced(entry)
  }

  #giveBack(place: string, entry: Entry): void {
    entry.uses--
    if (entry.uses > 0) return
    closeReplaced(entry)
    if (entry.isRetired) void close(entry)
    else
      entry.timer = setTimeout(() => {
        this.forget(place)
      }, this.#parts.idleMs ?? IDLE_MS).unref()
  }
}

async function openCatalog(
  { profile }: HostSession,
  { repository }: OpenedRepository,
  signal: AbortSignal,
): Promise<Catalog> {
  const file = catalogFile(profile, repository.config.id)
  return await openUpdatedCatalog({ repository, file, describers, signal })
}

function closeReplaced({ replaced }: Entry): void {
  for (const catalog of replaced.splice(0)) catalog.close()
}

async function close(entry: Entry): Promise<void> {
  clearTimeout(entry.timer)
  closeReplaced(entry)
  entry.catalog.close()
  await entry.session.close()
}
