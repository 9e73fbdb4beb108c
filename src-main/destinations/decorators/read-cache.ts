import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ByteRange, DestinationStore, StoredFile } from '../../engine/ports/destination-store.ts'
import { forwarding } from './forwarding.ts'

export interface ReadCacheOptions {
  /** A folder of its own for this repository; made if need be, may be deleted at any time. */
  readonly folder: string
  /** Bytes that it may take. */
  readonly limit: number
  /** Packs worth keeping: those with trees. Indexes and snapshots always are. */
  readonly keepsPack: (name: string) => boolean
}

export interface ReadCache extends DestinationStore {
  /** Removes what was used longest ago, down to the limit. */
  sweep(): Promise<void>
}

const ALWAYS = /^(index|snapshots)\//
const PACKS = 'data/'
const MODE = 0o600

/**
 * The store, with files that are read again and again kept on disk: indexes, snapshots, packs with trees. They are
 * named after their content, so that what is kept is never out of date, and it is checked when it is read; they stay
 * encrypted. A cache that cannot be written to is no failure: it is gone around.
 */
export function createReadCache(store: DestinationStore, options: ReadCacheOptions): ReadCache {
  const cache = new CacheFolder(options.folder)
  const fetching = new Map<string, Promise<Uint8Array<ArrayBuffer>>>()
  const isKept = (name: string): boolean => ALWAYS.test(name) || (name.startsWith(PACKS) && options.keepsPack(name))

  async function whole(name: string, signal: AbortSignal | undefined): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await store.get(name, undefined, signal)
    await cache.keep(name, bytes)
    return bytes
  }

  /** One download for all who ask at the same time. */
  async function fetched(name: string, signal: AbortSignal | undefined): Promise<Uint8Array<ArrayBuffer>> {
    const known = fetching.get(name)
    if (known !== undefined && signal === undefined) return await known
    const coming = whole(name, signal).finally(() => fetching.delete(name))
    fetching.set(name, coming)
    return await coming
  }

  async function* list(folder: string, signal?: AbortSignal): AsyncGenerator<StoredFile, void, undefined> {
    const names = new Set<string>()
    for await (const file of store.list(folder, signal)) {
      names.add(file.name)
      yield file
    }
    await cache.keepOnly(folder, names)
  }

  return {
    ...forwarding(store),
    list,
    sweep: () => cache.sweep(options.limit),
    get: async (name, range, signal, memory) => {
      if (!isKept(name)) return await store.get(name, range, signal, memory)
      const bytes = (await cache.read(name)) ?? (await fetched(name, signal))
      return cut(bytes, range)
    },
    remove: async (name, signal) => {
      await store.remove(name, signal)
      await cache.drop(name)
    },
  }
}

/** Always a copy: a caller owns what it gets, and others may be given the same file. */
function cut(bytes: Uint8Array<ArrayBuffer>, range: ByteRange | undefined): Uint8Array<ArrayBuffer> {
  return range === undefined ? bytes.slice() : bytes.slice(range.offset, range.offset + range.length)
}

class CacheFolder {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Undefined for what is not there, or is not what its name says. */
  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const path = join(this.#folder, name)
    try {
      const bytes = new Uint8Array(await readFile(path))
      if (!isContentOf(name, bytes)) {
        await this.drop(name)
        return undefined
      }
      const now = new Date()
      await utimes(path, now, now)
      return bytes
    } catch {
      return undefined
    }
  }

  async keep(name: string, bytes: Uint8Array): Promise<void> {
    if (!isContentOf(name, bytes)) return
    const path = join(this.#folder, name)
    const temporary = `${path}.${randomUUID()}`
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await writeFile(temporary, bytes, { mode: MODE })
      await rename(temporary, path)
    } catch {
      // No room, no permission: the next reader asks the destination.
      await rm(temporary, { force: true }).catch(() => undefined)
    }
  }

  async drop(name: string): Promise<void> {
    await rm(join(this.#folder, name), { force: true }).catch(() => undefined)
  }

  /** The destination has no more than these in a folder. */
  async keepOnly(folder: string, names: ReadonlySet<string>): Promise<void> {
    for (const { name } of await this.#files(folder)) if (!names.has(name)) await this.drop(name)
  }

  async sweep(limit: number): Promise<void> {
    const files = (await this.#files('')).toSorted((one, other) => other.used - one.used)
    let bytes = 0
    for (const { name, size } of files) {
      bytes += size
      if (bytes > limit) await this.drop(name)
    }
  }

  async #files(folder: string): Promise<readonly (StoredFile & { readonly used: number })[]> {
    const top = join(this.#folder, folder)
    const entries = await readdir(top, { recursive: true, withFileTypes: true }).catch(() => [])
    const files: (StoredFile & { readonly used: number })[] = []
    for (const entry of entries) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      const found = await stat(path).catch(() => undefined)
      const name = path.slice(this.#folder.length + 1).replaceAll('\\', '/')
      if (found !== undefined) files.push({ name, size: found.size, used: found.mtimeMs })
    }
    return files
  }
}

/** Files of these folders are named after the SHA-256 of their bytes. */
function isContentOf(name: string, bytes: Uint8Array): boolean {
  return name.endsWith(`/${createHash('sha256').update(bytes).digest('hex')}`)
}
