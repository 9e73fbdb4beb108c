import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isHexId, type HexId } from '../../engine/model/ids.ts'
import type { DestinationStore } from '../../engine/ports/destination-store.ts'
import type { PackSpool } from '../../engine/ports/pack-spool.ts'
import { errnoOf } from '../local-folder/store-errors.ts'
import { forwarding } from './forwarding.ts'

export interface PackSpoolOptions {
  /** Of this one destination; made when it is needed. */
  readonly folder: string
  /** Packs that are kept at most. Default 4: as many as a run has on the way. */
  readonly capacity?: number
  /** Makes the folder this process's alone; gives how that ends, or undefined while it is somebody else's. */
  readonly claim: () => Promise<(() => Promise<void>) | undefined>
  /** Told once of what keeps packs from being kept; they are stored all the same. */
  readonly onFailed: (error: unknown) => void
}

/** The spool, and stores whose packs go through it. */
export interface StoreSpool extends PackSpool {
  /** The store: each pack is kept on this machine until it is stored, and then noted. */
  over(store: DestinationStore): DestinationStore
  /** Gives the folder back. May be used again afterwards. */
  close(): Promise<void>
}

/** The folder while it is this process's. */
interface OpenSpool {
  readonly kept: Set<HexId>
  readonly giveBack: () => Promise<void>
}

const CAPACITY = 4
/** Packs that arrived, one on a line. */
const ARRIVED = 'arrived'

/** Keeps packs that are being stored in a folder: sealed as they are, they say nothing to anybody without the key. */
export function createPackSpool(options: PackSpoolOptions): StoreSpool {
  return new FolderSpool(options)
}

class FolderSpool implements StoreSpool {
  readonly #options: PackSpoolOptions
  #opening: Promise<OpenSpool | undefined> | undefined
  #noting: Promise<void> = Promise.resolve()
  #hasFailed = false

  constructor(options: PackSpoolOptions) {
    this.#options = options
  }

  over(store: DestinationStore): DestinationStore {
    return {
      ...forwarding(store),
      put: async (name, parts, signal) => {
        const pack = packOf(name)
        if (pack !== undefined) await this.#inFolder(undefined, (open) => this.#keep(open, pack, parts))
        await store.put(name, parts, signal)
        if (pack !== undefined) await this.#inFolder(undefined, (open) => this.#arrived(open, pack))
      },
    }
  }

  async close(): Promise<void> {
    const opening = this.#opening
    this.#opening = undefined
    await this.#noting
    await opening?.then((open) => open?.giveBack()).catch(this.#failed)
  }

  async unfinished(): Promise<readonly HexId[]> {
    return await this.#inFolder([], ({ kept }) => Promise.resolve([...kept]))
  }

  async read(pack: HexId): Promise<Uint8Array | undefined> {
    return await this.#inFolder(undefined, () => readFile(this.#path(pack)))
  }

  async drop(pack: HexId): Promise<void> {
    await this.#inFolder(undefined, (open) => this.#drop(open, pack))
  }

  async arrived(): Promise<readonly HexId[]> {
    return await this.#inFolder([], async () => {
      const lines = (await readIfThere(this.#path(ARRIVED))).split('\n')
      // The last line may have been cut short.
      return [...new Set(lines)].filter(isHexId)
    })
  }

  async forgetArrived(): Promise<void> {
    await this.#inFolder(undefined, () => rm(this.#path(ARRIVED), { force: true }))
  }

  /** Nothing of what goes wrong here may keep a pack from being stored. */
  async #inFolder<T>(otherwise: T, work: (open: OpenSpool) => Promise<T>): Promise<T> {
    if (this.#hasFailed) return otherwise
    try {
      this.#opening ??= this.#open()
      const open = await this.#opening
      return open === undefined ? otherwise : await work(open)
    } catch (error) {
      this.#failed(error)
      return otherwise
    }
  }

  readonly #failed = (error: unknown): void => {
    if (this.#hasFailed) return
    this.#hasFailed = true
    this.#options.onFailed(error)
  }

  async #open(): Promise<OpenSpool | undefined> {
    const { folder, claim } = this.#options
    const giveBack = await claim()
    if (giveBack === undefined) return undefined
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const names = await readdir(folder)
    // What was being written when a process ended.
    for (const name of names) if (name !== ARRIVED && !isHexId(name)) await rm(join(folder, name), { force: true })
    return { kept: new Set(names.filter(isHexId)), giveBack }
  }

  /** Not flushed: what a power cut takes is found out by its hash, and sealed anew. */
  async #keep({ kept }: OpenSpool, pack: HexId, parts: readonly Uint8Array[]): Promise<void> {
    if (kept.has(pack) || kept.size >= (this.#options.capacity ?? CAPACITY)) return
    kept.add(pack)
    const draft = `${this.#path(pack)}.part`
    try {
      await writeFile(draft, parts, { mode: 0o600 })
      await rename(draft, this.#path(pack))
    } catch (error) {
      kept.delete(pack)
      await rm(draft, { force: true })
      throw error
    }
  }

  /** First noted, then dropped: in between, it is both. */
  async #arrived(open: OpenSpool, pack: HexId): Promise<void> {
    const noted = this.#noting.then(() => appendFile(this.#path(ARRIVED), `${pack}\n`, { mode: 0o600 }))
    this.#noting = noted.catch(() => undefined) // awaited here
    await noted
    await this.#drop(open, pack)
  }

  async #drop({ kept }: OpenSpool, pack: HexId): Promise<void> {
    if (!kept.has(pack)) return
    await rm(this.#path(pack), { force: true })
    kept.delete(pack)
  }

  #path(name: string): string {
    return join(this.#options.folder, name)
  }
}

function packOf(name: string): HexId | undefined {
  const id = name.startsWith('data/') ? name.slice(name.lastIndexOf('/') + 1) : ''
  return isHexId(id) ? id : undefined
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return ''
    throw error
  }
}
