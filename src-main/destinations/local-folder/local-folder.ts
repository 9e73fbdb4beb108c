import type { Dirent } from 'node:fs'
import { mkdir, open, readdir, stat, unlink, type FileHandle } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { EngineError } from '../../engine/model/errors.ts'
import type { ByteRange, DestinationStore, StoredFile } from '../../engine/ports/destination-store.ts'
import { flushFolder, writeDurably } from './durable-write.ts'
import { errnoOf, requireGoing, toStoreError } from './store-errors.ts'
import { isTemporary, removeAbandoned } from './temporary-files.ts'

const FOLDERS = ['data', 'index', 'keys', 'locks', 'snapshots']
const FOLDER_MODE = 0o700
/** Between two looks at the signal. */
const READ_SIZE = 8 << 20
const PARALLEL_STATS = 32
const GONE: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR'])

/**
 * A folder of this machine: a disk, a stick, a mounted network drive.
 * https://restic.readthedocs.io/en/stable/100_references.html#repository-layout
 */
export function createLocalFolder(folder: string): DestinationStore {
  return new LocalFolder(resolve(folder))
}

class LocalFolder implements DestinationStore {
  readonly location: string
  readonly #swept = new Set<string>()

  constructor(location: string) {
    this.location = location
  }

  async prepare(signal?: AbortSignal): Promise<void> {
    await classified(async () => {
      requireGoing(signal)
      const made = await makeFolder(this.location)
      for (const name of FOLDERS) await makeFolder(join(this.location, name))
      for (let i = 0; i < 256; i++) {
        requireGoing(signal)
        await makeFolder(join(this.location, 'data', i.toString(16).padStart(2, '0')))
      }
      for (const path of [join(this.location, 'data'), this.location]) await flushFolder(path)
      for (const path of made) await flushFolder(dirname(path)).catch(ignoreForeign)
    })
  }

  async put(name: string, parts: readonly Uint8Array[], signal?: AbortSignal): Promise<void> {
    await classified(async () => {
      requireGoing(signal)
      const path = this.#path(name)
      await this.#sweep(dirname(path))
      try {
        await writeDurably(path, parts, signal)
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT' || !(await this.#holdsRepository())) throw error
        for (const made of await makeFolder(dirname(path))) await flushFolder(dirname(made))
        await writeDurably(path, parts, signal)
      }
    })
  }

  async get(
    name: string,
    range?: ByteRange,
    signal?: AbortSignal,
    memory?: ArrayBuffer,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return classified(async () => {
      requireGoing(signal)
      const file = await open(this.#path(name), 'r')
      try {
        const { size } = await file.stat()
        const offset = Math.min(range?.offset ?? 0, size)
        return await readFrom(file, offset, Math.min(range?.length ?? size, size - offset), signal, memory)
      } finally {
        await file.close()
      }
    })
  }

  async size(name: string, signal?: AbortSignal): Promise<number> {
    return classified(async () => {
      requireGoing(signal)
      const found = await stat(this.#path(name))
      if (!found.isFile()) throw new EngineError('store.not-found', { context: { reason: 'not a file' } })
      return found.size
    })
  }

  async *list(folder: string, signal?: AbortSignal): AsyncIterable<StoredFile> {
    const waiting = [folder]
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      requireGoing(signal)
      const entries = await this.#entries(name)
      for (let at = 0; at < entries.length; at += PARALLEL_STATS) {
        requireGoing(signal)
        const some = entries.slice(at, at + PARALLEL_STATS)
        const prefix = name === '' ? '' : `${name}/`
        const found = await Promise.all(some.map((entry) => this.#look(prefix + entry.name, entry)))
        for (const entry of found) {
          if (typeof entry === 'string') waiting.push(entry)
          else if (entry !== undefined) yield entry
        }
      }
    }
  }

  async remove(name: string, signal?: AbortSignal): Promise<void> {
    await classified(async () => {
      requireGoing(signal)
      const path = this.#path(name)
      try {
        await unlink(path)
      } catch (error) {
        if (GONE.has(errnoOf(error))) return
        throw error
      }
      await flushFolder(dirname(path))
    })
  }

  #path(name: string): string {
    const parts = name.split('/')
    const odd = (part: string): boolean => part === '' || part === '.' || part === '..' || /[\0\\]/.test(part)
    if (parts.some(odd)) throw new EngineError('internal', { context: { what: 'name of a stored file' } })
    return join(this.location, ...parts)
  }

  /**
   * Folders are made as they are needed (a copy of a repository may lack the empty ones), but only where a repository
   * is: where a disk is not mounted, nothing must be written below the empty folder in its place.
   */
  async #holdsRepository(): Promise<boolean> {
    return (await exists(join(this.location, 'config'))) || exists(join(this.location, 'data'))
  }

  /** Looks for abandoned files in each folder once, before the first write into it. */
  async #sweep(path: string): Promise<void> {
    if (this.#swept.has(path)) return
    this.#swept.add(path)
    await removeAbandoned(path)
  }

  async #entries(name: string): Promise<Dirent[]> {
    try {
      return await readdir(name === '' ? this.location : this.#path(name), { withFileTypes: true })
    } catch (error) {
      if (GONE.has(errnoOf(error))) return []
      throw toStoreError(error)
    }
  }

  /** The name of a folder, a file with its size, or undefined for what is neither or gone. */
  async #look(name: string, entry: Dirent): Promise<string | StoredFile | undefined> {
    if (isTemporary(entry.name)) return undefined
    if (entry.isDirectory()) return name
    try {
      const found = await stat(join(this.location, ...name.split('/')))
      if (found.isDirectory()) return name
      return found.isFile() ? { name, size: found.size } : undefined
    } catch (error) {
      if (GONE.has(errnoOf(error))) return undefined
      throw toStoreError(error)
    }
  }
}

async function readFrom(
  file: FileHandle,
  offset: number,
  length: number,
  signal: AbortSignal | undefined,
  memory: ArrayBuffer | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const room = memory !== undefined && memory.byteLength >= length ? memory : new ArrayBuffer(length)
  const bytes = new Uint8Array(room, 0, length)
  let at = 0
  while (at < length) {
    requireGoing(signal)
    const { bytesRead } = await file.read(bytes, at, Math.min(READ_SIZE, length - at), offset + at)
    if (bytesRead === 0) break // cut short meanwhile
    at += bytesRead
  }
  return bytes.subarray(0, at)
}

/**
 * Makes a folder and those above it; gives the new ones. (The `recursive` option says ENOENT for most of what can be
 * wrong, a read-only file system for one.)
 */
async function makeFolder(path: string): Promise<string[]> {
  try {
    await mkdir(path, FOLDER_MODE)
    return [path]
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === 'ENOENT' && dirname(path) !== path) {
      const above = await makeFolder(dirname(path))
      await mkdir(path, FOLDER_MODE)
      return [...above, path]
    }
    // A folder that is there may be reported as one that must not be written to.
    if (await isFolder(path)) return []
    throw error
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await exists(path)) && (await stat(path)).isDirectory()
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (GONE.has(errnoOf(error))) return false
    throw error
  }
}

/** The folder above may be one that only others may read. */
function ignoreForeign(error: unknown): void {
  if (errnoOf(error) !== 'EACCES' && errnoOf(error) !== 'EPERM') throw error
}

async function classified<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toStoreError(error)
  }
}
