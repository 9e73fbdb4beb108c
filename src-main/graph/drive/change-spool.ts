import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'

/** A file that was listed: what it is, and the folder it is in. */
export interface SpooledItem {
  readonly id: string
  readonly parent: string
  readonly properties: JsonObject
}

/** Items that are handed out together. */
const batchItems = 200

/** Bytes that are read at once; neighbours this close are read together. */
const windowBytes = 1024 * 1024
const gapBytes = 16 * 1024

interface Place {
  readonly at: number
  readonly length: number
}

/**
 * Keeps what a listing of a whole drive tells of its files until they are asked for folder by folder: on disk, since
 * there may be millions of them, with their ids and places in memory. The last entry of an id counts.
 *
 * The file holds names and download addresses, so it is readable for nobody else, and where the system allows that it
 * has no name any more from the start: then even a killed process leaves nothing behind. Without files there is none.
 */
export class ChangeSpool {
  readonly #place: string
  #opened: Promise<OpenSpool> | undefined
  readonly #slots = new Map<string, number>()
  readonly #at: number[] = []
  readonly #lengths: number[] = []
  /** Per slot: index of the folder; `nowhere` for what is gone or superseded. */
  readonly #parents: number[] = []
  readonly #folders = new Map<string, number>()
  readonly #counts: number[] = []
  #bySlot: ReadonlyMap<number, readonly number[]> | undefined
  #end = 0

  /** Its file will be in a folder of its own below `place`: the system's one for temporary files. */
  constructor(place = tmpdir()) {
    this.#place = place
  }

  /** Items that are there now, in the order in which they were listed. */
  async put(items: readonly SpooledItem[]): Promise<void> {
    if (items.length === 0) return
    const lines = items.map(({ properties }) => Buffer.from(JSON.stringify(properties)))
    let at = this.#end
    for (const [index, { id, parent }] of items.entries()) {
      const length = lines[index]?.length ?? 0
      this.#put(id, this.#folderIndex(parent), { at, length })
      at += length
    }
    await this.#write(Buffer.concat(lines))
    this.#end = at
  }

  /** It is not there any more. */
  remove(id: string): void {
    this.#put(id, nowhere, { at: 0, length: 0 })
  }

  /** How many files are in the folder, as far as was listed. */
  count(folder: string): number {
    return this.#counts[this.#folders.get(folder) ?? nowhere] ?? 0
  }

  /** Folders that have files. */
  folders(): readonly string[] {
    return [...this.#folders.keys()].filter((folder) => this.count(folder) > 0)
  }

  idsIn(folder: string): readonly string[] {
    const index = this.#folders.get(folder)
    return this.#idsWith(index)
  }

  /** What is gone. */
  removed(): readonly string[] {
    return this.#idsWith(nowhere)
  }

  /** The folder's files, so many at a time. */
  async *files(folder: string): AsyncGenerator<readonly JsonObject[], void, undefined> {
    const slots = this.#slotsOf(folder)
    for (let from = 0; from < slots.length; from += batchItems) {
      const places = slots
        .slice(from, from + batchItems)
        .map((slot) => ({ at: this.#at[slot] ?? 0, length: this.#lengths[slot] ?? 0 }))
      yield await this.#read(places)
    }
  }

  async close(): Promise<void> {
    const opened = this.#opened
    this.#opened = undefined
    // What could not be opened leaves nothing to close; whoever wrote to it was told.
    const spool = await opened?.catch(() => undefined)
    if (spool === undefined) return
    await spool.file.close()
    await rm(spool.folder, { recursive: true, force: true })
  }

  #file(): Promise<OpenSpool> {
    this.#opened ??= openSpool(this.#place)
    return this.#opened
  }

  #put(id: string, folder: number, { at, length }: Place): void {
    const known = this.#slots.get(id)
    const slot = known ?? this.#at.length
    if (known === undefined) this.#slots.set(id, slot)
    else this.#add(this.#parents[slot] ?? nowhere, -1)
    this.#at[slot] = at
    this.#lengths[slot] = length
    this.#parents[slot] = folder
    this.#add(folder, 1)
    this.#bySlot = undefined
  }

  #add(folder: number, count: number): void {
    if (folder !== nowhere) this.#counts[folder] = (this.#counts[folder] ?? 0) + count
  }

  #folderIndex(folder: string): number {
    const known = this.#folders.get(folder)
    if (known !== undefined) return known
    const index = this.#folders.size
    this.#folders.set(folder, index)
    this.#counts.push(0)
    return index
  }

  #idsWith(folder: number | undefined): readonly string[] {
    const ids: string[] = []
    for (const [id, slot] of this.#slots) if (this.#parents[slot] === folder) ids.push(id)
    return ids
  }

  #slotsOf(folder: string): readonly number[] {
    this.#bySlot ??= Map.groupBy(this.#parents.keys(), (slot) => this.#parents[slot] ?? nowhere)
    return this.#bySlot.get(this.#folders.get(folder) ?? nowhere - 1) ?? []
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      const { file } = await this.#file()
      for (let done = 0; done < bytes.length;) {
        done += (await file.write(bytes, done, bytes.length - done, this.#end + done)).bytesWritten
      }
    } catch (error) {
      const errno = String((error as { readonly code?: unknown }).code)
      throw new EngineError(errno === 'ENOSPC' ? 'store.full' : 'store.failed', { context: { errno }, cause: error })
    }
  }

  async #read(places: readonly Place[]): Promise<readonly JsonObject[]> {
    const items: JsonObject[] = []
    const { file } = await this.#file()
    for (const window of windows(places)) {
      const bytes = Buffer.allocUnsafe(window.end - window.at)
      await file.read(bytes, 0, bytes.length, window.at)
      for (const { at, length } of window.places) {
        const from = at - window.at
        items.push(JSON.parse(bytes.toString('utf8', from, from + length)) as JsonObject)
      }
    }
    return items
  }
}

const nowhere = -1

interface OpenSpool {
  readonly file: FileHandle
  readonly folder: string
}

async function openSpool(place: string): Promise<OpenSpool> {
  const folder = await mkdtemp(join(place, 'holdfast-drive-'))
  const file = await open(join(folder, 'listing'), 'wx+', 0o600)
  await removeFolder(folder)
  return { file, folder }
}

interface Window {
  readonly at: number
  readonly end: number
  readonly places: readonly Place[]
}

function windows(places: readonly Place[]): readonly Window[] {
  const found: { at: number; end: number; places: Place[] }[] = []
  for (const place of places.toSorted((one, other) => one.at - other.at)) {
    const last = found.at(-1)
    const end = place.at + place.length
    if (last === undefined || place.at - last.end > gapBytes || end - last.at > windowBytes) {
      found.push({ at: place.at, end, places: [place] })
    } else {
      last.places.push(place)
      last.end = Math.max(last.end, end)
    }
  }
  return found
}

/** Windows keeps the names of open files; they go when the spool is closed. */
async function removeFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true })
  } catch {
    // Removed again when the spool is closed.
  }
}
