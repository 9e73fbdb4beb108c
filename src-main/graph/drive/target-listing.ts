import { createHash } from 'node:crypto'
import type { JsonObject } from '../../engine/model/json.ts'
import { filledText, isObject, record, text } from '../item/fields.ts'
import { hashesOf, timesOf } from './restore-facts.ts'
import type { ContentHashes, FileTimes } from './restore-facts.ts'
import { caseKey, copiesKey, copyKeyOf, nameKey } from './target-names.ts'
import { cost, drivePool, itemPath, targetSelect } from './target-requests.ts'
import type { TargetDrive } from './target-requests.ts'

/** Something that was in a target folder before the restore. */
export interface TargetEntry {
  /** Graph id. */
  readonly id: string
  readonly name: string
  /** `other`: a notebook, which nothing can stand for. */
  readonly kind: 'file' | 'folder' | 'other'
  /** Bytes. */
  readonly size: number
  readonly hashes: ContentHashes
  readonly times: FileTimes
  readonly specialFolder: string | undefined
}

export function targetEntry(item: JsonObject): TargetEntry {
  const { size } = item
  return {
    id: text(item, 'id') ?? '',
    name: text(item, 'name') ?? '',
    kind: entryKind(item),
    size: typeof size === 'number' ? size : 0,
    hashes: hashesOf(item),
    times: timesOf(item),
    specialFolder: filledText(record(item, 'specialFolder') ?? {}, 'name'),
  }
}

function entryKind(item: JsonObject): TargetEntry['kind'] {
  if (record(item, 'package') !== undefined) return 'other'
  if (record(item, 'folder') !== undefined) return 'folder'
  return record(item, 'file') === undefined ? 'other' : 'file'
}

/**
 * What is in one target folder: what was there before, each of which may stand for one stored item, and the names that
 * are taken. Names of what the restore itself creates are kept as short hashes, for folders of 100,000 files.
 */
export class TargetListing {
  /** What no stored item has claimed, by the keys under which it may be looked for. */
  readonly #unclaimed = new Map<string, TargetEntry[]>()
  readonly #taken = new Set<string>()

  /** How much it holds. */
  get size(): number {
    return this.#taken.size
  }

  add(entry: TargetEntry): void {
    for (const key of keysOf(entry)) {
      const there = this.#unclaimed.get(key)
      if (there === undefined) this.#unclaimed.set(key, [entry])
      else there.push(entry)
    }
    this.#taken.add(shortKey(entry.name))
  }

  /**
   * What may be the stored item, by the names that it may have got: of the same name, then of a name that differs in its composition only, then copies
   * that a restore made beside a name that was taken.
   */
  candidates(names: readonly string[], folder: boolean): readonly TargetEntry[] {
    return [...new Set(names.flatMap((name) => this.#alike(name, folder)))]
  }

  #alike(name: string, folder: boolean): readonly TargetEntry[] {
    const wanted = caseKey(name)
    const alike = this.#unclaimed.get(nameKey(name)) ?? []
    const same = alike.filter((entry) => caseKey(entry.name) === wanted)
    const copies = this.#unclaimed.get(`copy ${copiesKey(name, folder)}`) ?? []
    return [...same, ...alike, ...copies]
  }

  /** The folder that has the role, whatever its name; undefined if there is none that is unclaimed. */
  folderWithRole(role: string): TargetEntry | undefined {
    for (const entries of this.#unclaimed.values()) {
      const found = entries.find(({ specialFolder }) => specialFolder === role)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** From now on the entry stands for a stored item; false if it does already for another one. */
  claim(entry: TargetEntry): boolean {
    let isFree = false
    for (const key of keysOf(entry)) {
      const there = this.#unclaimed.get(key) ?? []
      const rest = there.filter((other) => other !== entry)
      isFree ||= rest.length < there.length
      if (rest.length === 0) this.#unclaimed.delete(key)
      else this.#unclaimed.set(key, rest)
    }
    return isFree
  }

  isTaken(name: string): boolean {
    return this.#taken.has(shortKey(name))
  }

  /** Keeps the name for something that is being created. */
  take(name: string): void {
    this.#taken.add(shortKey(name))
  }

  /** Nothing was created under the name. */
  release(name: string): void {
    this.#taken.delete(shortKey(name))
  }
}

function keysOf({ name }: TargetEntry): readonly string[] {
  const copyOf = copyKeyOf(name)
  return copyOf === undefined ? [nameKey(name)] : [nameKey(name), `copy ${copyOf}`]
}

/** 72 bits: no two names of a folder meet in it. */
function shortKey(name: string): string {
  return createHash('sha256').update(caseKey(name)).digest('base64').slice(0, 12)
}

/** Names in all listings together, and listings, above which the one that was not used for longest is let go. */
const mostNames = 200_000
const mostListings = 2_000

/** Folders of the target, each listed once. */
export class TargetListings {
  /** The one used last comes last. */
  readonly #listings = new Map<string, Promise<TargetListing>>()
  readonly #sizes = new Map<string, number>()
  #names = 0

  /** What is in the folder, listed when it is first asked for. */
  of(target: TargetDrive, folder: string): Promise<TargetListing> {
    const listing = this.#listings.get(folder) ?? this.#load(target, folder)
    this.#listings.delete(folder)
    this.#listings.set(folder, listing)
    return listing
  }

  /** The folder was just created and holds nothing. */
  created(folder: string): void {
    this.#listings.set(folder, Promise.resolve(new TargetListing()))
    this.#trim(folder)
  }

  #load(target: TargetDrive, folder: string): Promise<TargetListing> {
    const loading = listFolder(target, folder).then((listing) => {
      this.#sizes.set(folder, listing.size)
      this.#names += listing.size
      this.#trim(folder)
      return listing
    })
    loading.catch(() => this.#listings.delete(folder))
    return loading
  }

  #trim(keep: string): void {
    for (const folder of this.#listings.keys()) {
      if (this.#names <= mostNames && this.#listings.size <= mostListings) return
      if (folder === keep) continue
      this.#names -= this.#sizes.get(folder) ?? 0
      this.#sizes.delete(folder)
      this.#listings.delete(folder)
    }
  }
}

async function listFolder(target: TargetDrive, folder: string): Promise<TargetListing> {
  const { client, drive, signal } = target
  const path = `${itemPath(drive, folder)}/children`
  const query = { $select: targetSelect, $top: 1_000 }
  const listing = new TargetListing()
  const request = { path, query, pool: drivePool, cost: cost.list, signal }
  for await (const page of client.pages<JsonObject>(request, { prefetch: 1 })) {
    for (const item of page.value) if (isObject(item)) listing.add(targetEntry(item))
  }
  return listing
}
