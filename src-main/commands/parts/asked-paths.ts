const EXTENSION = /\.[a-z]{2,6}$/

/** Paths of a snapshot that were asked for, without slashes around them. Without any, everything is asked for. */
export class AskedPaths {
  readonly #paths: ReadonlySet<string>
  /** All folders above one of them. */
  readonly #above: ReadonlySet<string>
  /** What they may mean when they name an item by one of its files. */
  readonly #items: ReadonlySet<string>

  constructor(paths: readonly string[]) {
    this.#paths = new Set(paths)
    this.#above = allAbove(paths)
    this.#items = new Set(paths.map((path) => path.replace(EXTENSION, '')))
  }

  /** Whether the path was asked for: itself, or one above it. */
  covers(path: string): boolean {
    return this.#paths.size === 0 || this.#paths.has(path) || this.isBelowOne(path)
  }

  /** Whether an item was asked for, which may have been named with the extension of one of its files. */
  coversItem(path: string): boolean {
    return this.#items.has(path) || this.covers(path)
  }

  /** Whether what was asked for is there, below it, or above it. */
  leadsOn(path: string): boolean {
    return this.#above.has(path) || this.coversItem(path)
  }

  /** Whether one above the path was asked for. */
  isBelowOne(path: string): boolean {
    for (const folder of foldersAbove(path)) if (this.#paths.has(folder)) return true
    return false
  }
}

function allAbove(paths: readonly string[]): ReadonlySet<string> {
  const above = new Set<string>()
  for (const path of paths)
    for (const folder of foldersAbove(path)) {
      // Then those above it are known, too.
      if (above.has(folder)) break
      above.add(folder)
    }
  return above
}

/** From the nearest one to the snapshot's root, ''. */
function* foldersAbove(path: string): Generator<string, void, undefined> {
  if (path === '') return
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) yield path.slice(0, end)
  yield ''
}
