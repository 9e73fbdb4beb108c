import { isNearlyFull } from '../../../src-shared/model/nearly-full.ts'
import type { ByteRange, DestinationStore, StoredFile } from '../../engine/ports/destination-store.ts'
import { isEngineError } from '../../engine/model/errors.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { GraphClient } from '../../graph/client/types.ts'
import { Downloads } from './download.ts'
import { readFile, type RepositoryFolder } from './drive-requests.ts'
import { findDrive, readQuota } from './find-drive.ts'
import { Folders } from './folders.ts'
import { checkedFragments, type FragmentOptions, type Fragments } from './fragments.ts'
import { joined } from './joined.ts'
import { listFiles } from './listing.ts'
import type { DrivePlace, DriveQuota } from './place.ts'
import { Removal } from './removal.ts'
import { requireGoing, toStoreError } from './store-errors.ts'
import { uploadVerified } from './upload.ts'
import { UploadContent } from './upload-content.ts'
import { SessionMemories, type UploadSessionStore } from './upload-sessions.ts'
import { shownPlace } from './urls.ts'

export interface GraphDriveOptions {
  readonly client: GraphClient
  readonly clock: Clock
  readonly place: DrivePlace
  readonly fragments?: FragmentOptions
  /** From 0 up to 1, for the jitter of waits. Default: always the middle. */
  readonly random?: () => number
  /** Where uploads are remembered that were begun; without one each process begins anew. */
  readonly sessions?: UploadSessionStore
  /** Past the recycle bin, which counts against the quota; into it where the drive knows no other way. Default false. */
  readonly permanentDelete?: boolean
  /** Told of what does not stop anything. */
  readonly onNotice?: (notice: GraphDriveNotice) => void
}

export type GraphDriveNotice =
  /** Less than a tenth of the drive is left. Bytes. */
  | { readonly code: 'nearly-full'; readonly remaining: number; readonly total: number }
  /** Uploads cannot be resumed by the next process. */
  | { readonly code: 'sessions-not-kept'; readonly cause: unknown }
  /** A file that was to be gone for good lies in the recycle bin: the drive refused, or knows no other way. */
  | { readonly code: 'recycled' }

/** A repository in a drive of Microsoft 365. */
export interface GraphDrive extends DestinationStore {
  /** How much room the drive has, in bytes; undefined where Graph tells no bounds. Rejects like the other methods. */
  freeBytes(signal?: AbortSignal): Promise<DriveQuota | undefined>
}

/** After so many bytes written the room is looked at again. */
const lookAgainBytes = 1024 ** 3

/**
 * Keeps a repository in OneDrive, in the drive of a Microsoft 365 group or in a SharePoint library. The drive is looked
 * for by the first call that needs it; beside the port's errors each call may reject with `store.no-drive`, with `usage`
 * and with `auth.*`. Bounds of the options that do not hold are thrown as `usage` at once.
 */
export function createGraphDrive(options: GraphDriveOptions): GraphDrive {
  return new DriveStore(options)
}

/** What is known once the drive was found. */
interface Opened {
  readonly at: RepositoryFolder
  readonly folders: Folders
}

class DriveStore implements GraphDrive {
  readonly location: string
  readonly #options: GraphDriveOptions
  readonly #fragments: Fragments
  readonly #downloads: Downloads
  readonly #memories: SessionMemories
  readonly #removal: Removal
  #opened: Promise<Opened> | undefined
  #isWarned = false
  #unlooked = 0

  constructor(options: GraphDriveOptions) {
    this.#options = options
    this.location = shownPlace(options.place)
    this.#fragments = checkedFragments(options.fragments)
    this.#downloads = new Downloads(options.clock)
    this.#memories = new SessionMemories(options.sessions, (cause) => {
      options.onNotice?.({ code: 'sessions-not-kept', cause })
    })
    this.#removal = new Removal(options.permanentDelete ?? false, () => options.onNotice?.({ code: 'recycled' }))
  }

  async prepare(signal?: AbortSignal): Promise<void> {
    await this.#in(signal, ({ folders }) => folders.prepare(signal))
  }

  async put(name: string, parts: readonly Uint8Array[], signal?: AbortSignal): Promise<void> {
    const content = new UploadContent(parts)
    await this.#in(signal, async ({ at, folders }) => {
      const { clock, random = () => 0.5 } = this.#options
      this.#downloads.forget(name)
      const tools = { fragments: this.#fragments, memories: this.#memories, downloads: this.#downloads }
      await uploadVerified({ at, folders, name, content, clock, random, signal, ...tools })
      await this.#wrote(at, content.size)
    })
  }

  async get(
    name: string,
    range?: ByteRange,
    signal?: AbortSignal,
    memory?: ArrayBuffer,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return await this.#in(signal, ({ at }) => this.#downloads.read(at, name, range, signal, memory))
  }

  async size(name: string, signal?: AbortSignal): Promise<number> {
    return await this.#in(signal, async ({ at }) => (await readFile(at, name, signal)).size ?? 0)
  }

  async *list(folder: string, signal?: AbortSignal): AsyncGenerator<StoredFile, void, undefined> {
    try {
      requireGoing(signal)
      const { at } = await this.#open(signal)
      yield* listFiles(at, folder, signal)
    } catch (error) {
      throw toStoreError(error)
    }
  }

  async remove(name: string, signal?: AbortSignal): Promise<void> {
    await this.#in(signal, async ({ at }) => {
      this.#downloads.forget(name)
      await this.#removal.remove(at, name, signal)
    })
  }

  async freeBytes(signal?: AbortSignal): Promise<DriveQuota | undefined> {
    return await this.#in(signal, ({ at }) => this.#look(at, signal))
  }

  async #in<T>(signal: AbortSignal | undefined, work: (opened: Opened) => Promise<T>): Promise<T> {
    try {
      requireGoing(signal)
      return await work(await this.#open(signal))
    } catch (error) {
      throw toStoreError(error)
    }
  }

  /** One search for all that wait for it. Whoever comes after a failure looks again. */
  async #open(signal: AbortSignal | undefined): Promise<Opened> {
    const start = (): Promise<Opened> => {
      this.#opened = this.#find(signal).catch((error: unknown) => {
        this.#opened = undefined
        throw error
      })
      return this.#opened
    }
    return await joined(() => this.#opened, start, signal)
  }

  async #find(signal: AbortSignal | undefined): Promise<Opened> {
    const { client, place } = this.#options
    const { drive, folder, quota } = await findDrive(client, place, signal)
    this.#warn(quota)
    const at = { client, drive, folder }
    return { at, folders: new Folders(at) }
  }

  async #wrote(at: RepositoryFolder, bytes: number): Promise<void> {
    this.#unlooked += bytes
    if (this.#unlooked < lookAgainBytes || this.#options.onNotice === undefined) return
    this.#unlooked = 0
    // The file is written, whatever becomes of the question; the next one asks again.
    await this.#look(at, undefined).catch((error: unknown) => {
      if (!isEngineError(error)) throw error
    })
  }

  async #look(at: RepositoryFolder, signal: AbortSignal | undefined): Promise<DriveQuota | undefined> {
    const quota = await readQuota(at.client, at.drive, signal)
    this.#warn(quota)
    return quota
  }

  /** Once, until there is room again. */
  #warn(quota: DriveQuota | undefined): void {
    if (quota === undefined) return
    const { remaining, total } = quota
    const isLow = isNearlyFull(remaining, total)
    if (isLow && !this.#isWarned) this.#options.onNotice?.({ code: 'nearly-full', remaining, total })
    this.#isWarned = isLow
  }
}
