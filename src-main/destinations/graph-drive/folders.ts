import { isEngineError } from '../../engine/model/errors.ts'
import { cost, drivePool, folderOf, itemPath, type DriveItem, type RepositoryFolder } from './drive-requests.ts'
import { joined } from './joined.ts'
import { childrenPages } from './listing.ts'

/** restic's folders. https://restic.readthedocs.io/en/stable/100_references.html#repository-layout */
const topFolders = ['data', 'index', 'keys', 'locks', 'snapshots'] as const

/** The folder with a folder for every two digits, of which some may not be there yet. */
const many = 'data'

/** The folders of a repository: which are there, and how those that are not come into being. */
export class Folders {
  readonly #at: RepositoryFolder
  readonly #known = new Set<string>()
  readonly #making = new Map<string, Promise<boolean>>()
  #looking: Promise<void> | undefined

  constructor(at: RepositoryFolder) {
    this.#at = at
  }

  /** The repository's folder with those above it, and what restic has in it. The 256 in `data` come as they are needed. */
  async prepare(signal: AbortSignal | undefined): Promise<void> {
    await this.#makeRepositoryFolder(signal)
    const there = new Set<string>()
    for await (const page of childrenPages(this.#at, '', signal)) for (const { name } of page) there.add(name ?? '')
    for (const name of topFolders) if (!there.has(name)) await this.make(name, signal)
  }

  /**
   * Before a file is sent in vain: one look into `data` tells which of its folders are there. Elsewhere it is sooner
   * tried than asked.
   */
  async expect(folder: string, signal: AbortSignal | undefined): Promise<void> {
    if (folderOf(folder) !== many || this.#known.has(folder)) return
    const start = (): Promise<void> => {
      this.#looking = this.#look(signal).catch((error: unknown) => {
        this.#looking = undefined
        throw error
      })
      return this.#looking
    }
    await joined(() => this.#looking, start, signal)
    if (!this.#known.has(folder)) await this.make(folder, signal)
  }

  forget(folder: string): void {
    this.#known.delete(folder)
  }

  /** Makes a folder below that of the repository, and those between. False: nothing was missing. */
  async make(folder: string, signal: AbortSignal | undefined): Promise<boolean> {
    const start = (): Promise<boolean> => {
      const making = this.#make(folder, signal).finally(() => {
        this.#making.delete(folder)
      })
      this.#making.set(folder, making)
      return making
    }
    const isNew = await joined(() => this.#making.get(folder), start, signal)
    this.#known.add(folder)
    return isNew
  }

  async #make(folder: string, signal: AbortSignal | undefined): Promise<boolean> {
    const above = folderOf(folder)
    try {
      return await createFolder(this.#at, above, folder.slice(above === '' ? 0 : above.length + 1), signal)
    } catch (error) {
      // Without the repository's own folder there is no repository: nothing is made in its place.
      if (!isEngineError(error, 'graph.not-found') || above === '') throw error
      await this.make(above, signal)
      return await this.#make(folder, signal)
    }
  }

  async #makeRepositoryFolder(signal: AbortSignal | undefined): Promise<void> {
    const { client, drive, folder } = this.#at
    if (folder.length === 0 || (await exists(this.#at, signal))) return
    for (let depth = 0; depth < folder.length; depth += 1) {
      const above = { client, drive, folder: folder.slice(0, depth) }
      await createFolder(above, '', folder[depth] ?? '', signal)
    }
  }

  async #look(signal: AbortSignal | undefined): Promise<void> {
    for await (const page of childrenPages(this.#at, many, signal))
      for (const { name, folder } of page) if (folder !== undefined) this.#known.add(`${many}/${name ?? ''}`)
  }
}

async function exists(at: RepositoryFolder, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    const query = { $select: 'id,folder' }
    await at.client.json<DriveItem>({ path: itemPath(at, ''), query, pool: drivePool, cost: cost.item, signal })
    return true
  } catch (error) {
    if (isEngineError(error, 'graph.not-found')) return false
    throw error
  }
}

/** False: somebody else was first. */
async function createFolder(
  at: RepositoryFolder,
  above: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    await at.client.json<DriveItem>({
      method: 'POST',
      path: itemPath(at, above, 'children'),
      body: { name, folder: {}, '@microsoft.graph.conflictBehavior': 'fail' },
      pool: drivePool,
      cost: cost.write,
      signal,
      // The second of two is told that the folder exists.
      idempotent: true,
    })
    return true
  } catch (error) {
    if (isEngineError(error, 'graph.conflict')) return false
    throw error
  }
}
