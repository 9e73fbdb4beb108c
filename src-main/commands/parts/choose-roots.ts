import { isEngineError, type EngineError, type ErrorCode } from '../../engine/model/errors.ts'
import { rootPath } from '../../engine/model/root-path.ts'
import type { Root, RootKind, RootLister, UnlistedRoots } from '../../engine/ports/data-type.ts'
import { seriesPaths, type KindChoice, type RootFilter } from './root-filter.ts'
import { isInShard, markedPath, type Shard } from './shard.ts'

export interface RootListers {
  readonly user: RootLister
  readonly group: RootLister
  readonly site: RootLister<Root | UnlistedRoots>
}

/** Which roots a run is about. */
export interface RootChoice {
  readonly kinds: readonly KindChoice[]
  readonly isExcluded: RootFilter['isExcluded']
  /** All of them, if undefined. */
  readonly shard: Shard | undefined
}

export interface ChosenRoots {
  /** To be taken once: users, groups, sites; from Graph as they are taken. */
  readonly roots: AsyncIterable<Root | UnlistedRoots>
  /** Whether there is no root among them: none fits (`none`), or only such that other shards have. */
  readonly empty: 'none' | 'shard' | undefined
  /** The paths by which the series of snapshots is known. */
  readonly paths: readonly string[]
  /** Roots that --include names and the tenant does not have. */
  readonly missing: readonly MissingRoot[]
  /** How many of each kind were taken so far. */
  readonly counts: Readonly<Record<RootKind, number>>
  /** Name of a group if it is read, by this shard or another: all are known once the sites' turn has come. */
  readonly groupName: (id: string) => string | undefined
}

export type MissingRoot = Pick<Root, 'kind' | 'name'>

/** A kind of root that the sign-in does not let us list. The others are read. */
const UNLISTED: readonly ErrorCode[] = ['graph.forbidden', 'graph.not-for-app-only']
/** Graph answers 400 where the tenant has no SharePoint. */
const UNLISTED_SITES: readonly ErrorCode[] = [...UNLISTED, 'graph.request-refused', 'graph.no-site']

/**
 * Asks the tenant for the roots that are meant; single names are looked up, all others come from the listings. Rejects
 * if none of the kinds can be listed.
 */
export async function chooseRoots(choice: RootChoice, listers: RootListers, signal: AbortSignal): Promise<ChosenRoots> {
  const { kinds, shard } = choice
  const named = await findNamed(kinds, listers, signal)
  const stream = new RootStream(choice, named, listers, signal)
  const roots = stream.roots()
  const begun = await upToFirstRoot(roots)
  const paths = seriesPaths(kinds, named.found)
  return {
    roots: followedBy(begun.items, roots),
    empty: begun.isEmpty ? (stream.seen ? 'shard' : 'none') : undefined,
    paths: shard === undefined ? paths : paths.map((path) => markedPath(path, shard)),
    missing: named.missing,
    counts: stream.counts,
    groupName: (id) => stream.groups.get(id.toLowerCase()),
  }
}

interface NamedRoots {
  /** By kind and name as it was typed. */
  readonly found: ReadonlyMap<string, Root>
  readonly missing: readonly MissingRoot[]
  readonly failed: ReadonlyMap<RootKind, EngineError>
}

async function findNamed(kinds: readonly KindChoice[], listers: RootListers, signal: AbortSignal): Promise<NamedRoots> {
  const found = new Map<string, Root>()
  const missing: MissingRoot[] = []
  const failed = new Map<RootKind, EngineError>()
  for (const { kind, names } of kinds)
    for (const name of names) {
      const root = await listers[kind].root(name, signal).catch((error: unknown) => {
        if (isEngineError(error, 'restore.target-not-found')) missing.push({ kind, name })
        else if (isUnlisted(kind, error)) failed.set(kind, error)
        else throw error
        return undefined
      })
      if (root !== undefined) found.set(rootPath({ kind, name }), root)
    }
  return { found, missing, failed }
}

/** The chosen roots one after the other. */
class RootStream {
  /** Names of the groups that fit by their ids, whichever shard has them. */
  readonly groups = new Map<string, string>()
  /** Whether any root fits, whichever shard has it. */
  seen = false
  readonly counts: Record<RootKind, number> = { user: 0, group: 0, site: 0 }
  readonly #choice: RootChoice
  readonly #named: NamedRoots
  readonly #listers: RootListers
  readonly #signal: AbortSignal

  constructor(choice: RootChoice, named: NamedRoots, listers: RootListers, signal: AbortSignal) {
    this.#choice = choice
    this.#named = named
    this.#listers = listers
    this.#signal = signal
  }

  async *roots(): AsyncGenerator<Root | UnlistedRoots, void, undefined> {
    const { isExcluded, shard } = this.#choice
    const failures: EngineError[] = []
    for (const kind of this.#choice.kinds) {
      try {
        for await (const root of this.#ofKind(kind)) {
          if ('unlisted' in root) {
            yield root
            continue
          }
          if (isExcluded(root)) continue
          this.seen = true
          if (root.kind === 'group') this.groups.set(root.id.toLowerCase(), root.name)
          if (shard !== undefined && !isInShard(root, shard)) continue
          this.counts[root.kind]++
          yield root
        }
      } catch (error) {
        if (!isUnlisted(kind.kind, error)) throw error
        failures.push(error)
        yield { unlisted: kind.kind, code: error.code }
      }
    }
    const [first] = failures
    if (first !== undefined && !this.seen) throw first
  }

  async *#ofKind(choice: KindChoice): AsyncGenerator<Root | UnlistedRoots, void, undefined> {
    const { found, failed } = this.#named
    const own = new Map([...found.values()].filter(({ kind }) => kind === choice.kind).map((root) => [root.id, root]))
    yield* own.values()
    if (choice.all || choice.patterns.length > 0)
      for await (const root of this.#listers[choice.kind].roots(this.#signal))
        if ('unlisted' in root || (!own.has(root.id) && choice.isIncludedByPattern(root))) yield root
    const failure = failed.get(choice.kind)
    if (failure !== undefined) throw failure
  }
}

function isUnlisted(kind: RootKind, error: unknown): error is EngineError {
  return isEngineError(error) && (kind === 'site' ? UNLISTED_SITES : UNLISTED).includes(error.code)
}

/** Looks whether there is a root at all, before anything is begun for its sake. */
async function upToFirstRoot(
  roots: AsyncIterator<Root | UnlistedRoots>,
): Promise<{ readonly items: readonly (Root | UnlistedRoots)[]; readonly isEmpty: boolean }> {
  const items: (Root | UnlistedRoots)[] = []
  for (;;) {
    const next = await roots.next()
    if (next.done === true) return { items, isEmpty: true }
    items.push(next.value)
    if (!('unlisted' in next.value)) return { items, isEmpty: false }
  }
}

async function* followedBy<T>(first: readonly T[], rest: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  yield* first
  yield* rest
}
