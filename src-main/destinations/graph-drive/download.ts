import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { ByteRange } from '../../engine/ports/destination-store.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { GraphStream } from '../../graph/client/types.ts'
import { contentPool, cost, drivePool, itemPath, readFile, type RepositoryFolder } from './drive-requests.ts'

/** A download address lives for an hour; one this old is not tried any more. Milliseconds. */
const addressAge = 50 * 60_000
/** What an address answers that has expired; each of them may also mean what it says. */
const refusals: ReadonlySet<number> = new Set([401, 403, 404, 410])
/** Addresses kept, about a kilobyte each. */
const mostAddresses = 2_000
/** Breaks in a row that bring next to nothing. */
const mostBreaks = 5
/** With so many bytes an attempt counts as progress. */
const progressBytes = 64 * 1024

/** A file as it was found. */
interface Found {
  readonly size: number
  readonly eTag: string | undefined
  readonly url: string | undefined
  /** Clock time. */
  readonly askedAt: number
}

/** Reads files. Packs never change under their name, so that their download addresses can be used again. */
export class Downloads {
  readonly #clock: Clock
  readonly #found = new Map<string, Found>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The name has another content from now on, or none. */
  forget(name: string): void {
    this.#found.delete(name)
  }

  /** Rejects like the client; `graph.not-found` if there is no such file. */
  async read(
    at: RepositoryFolder,
    name: string,
    range: ByteRange | undefined,
    signal: AbortSignal | undefined,
    memory?: ArrayBuffer,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const found = this.#recent(name) ?? (await this.#look(at, name, signal))
    return await new Download(found, {
      look: () => this.#look(at, name, signal),
      open: (url, headers) => openAddress(at, name, url, headers, signal),
      range,
      memory,
    }).bytes()
  }

  #recent(name: string): Found | undefined {
    const found = this.#found.get(name)
    if (found === undefined || this.#clock.now() - found.askedAt > addressAge) return undefined
    return found
  }

  async #look(at: RepositoryFolder, name: string, signal: AbortSignal | undefined): Promise<Found> {
    const askedAt = this.#clock.now()
    this.#found.delete(name)
    const item = await readFile(at, name, signal)
    const found = { size: item.size ?? 0, eTag: item.eTag, url: item['@microsoft.graph.downloadUrl'], askedAt }
    if (name.startsWith('data/')) this.#found.set(name, found)
    const [oldest] = this.#found.keys()
    if (this.#found.size > mostAddresses && oldest !== undefined) this.#found.delete(oldest)
    return found
  }
}

async function openAddress(
  at: RepositoryFolder,
  name: string,
  url: string | undefined,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<GraphStream> {
  if (url !== undefined)
    return await at.client.stream({ path: url, anonymous: true, headers, pool: contentPool, signal })
  // Not every drive gives an address; the content then redirects to one.
  const path = itemPath(at, name, 'content')
  return await at.client.stream({ path, headers, pool: drivePool, cost: cost.item, signal })
}

interface DownloadOptions {
  readonly look: () => Promise<Found>
  readonly open: (url: string | undefined, headers: Readonly<Record<string, string>>) => Promise<GraphStream>
  readonly range: ByteRange | undefined
  readonly memory: ArrayBuffer | undefined
}

/** One range of one file. After a break it goes on behind the last byte that came, while the file is the same. */
class Download {
  readonly #options: DownloadOptions
  #file: Found
  #target = new Uint8Array(0)
  #offset = 0
  #filled = 0

  constructor(file: Found, options: DownloadOptions) {
    this.#options = options
    this.#file = file
    this.#begin()
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    let breaks = 0
    let isFresh = false
    while (this.#filled < this.#target.length) {
      const before = this.#filled
      try {
        await this.#take(await this.#open())
        isFresh = false
      } catch (error) {
        const isRefused = isRefusal(error)
        if (isRefused ? isFresh : !isPassing(error)) throw error
        breaks = this.#filled - before >= progressBytes ? 0 : breaks + 1
        if (breaks === mostBreaks) throw error
        isFresh = isRefused
        await this.#refresh()
      }
    }
    return this.#target
  }

  #begin(): void {
    const { range, memory } = this.#options
    const { size } = this.#file
    this.#offset = Math.min(range?.offset ?? 0, size)
    const length = Math.min(range?.length ?? size, size - this.#offset)
    const room = memory !== undefined && memory.byteLength >= length ? memory : new ArrayBuffer(length)
    this.#target = new Uint8Array(room, 0, length)
    this.#filled = 0
  }

  async #open(): Promise<GraphStream> {
    const from = this.#offset + this.#filled
    const end = this.#offset + this.#target.length
    const isAll = from === 0 && end === this.#file.size
    return await this.#options.open(this.#file.url, isAll ? {} : { range: `bytes=${from}-${end - 1}` })
  }

  /** A new address. Of a file that is another one by now, nothing of what came can be used. */
  async #refresh(): Promise<void> {
    const { eTag, size } = this.#file
    this.#file = await this.#options.look()
    if (eTag !== this.#file.eTag || size !== this.#file.size) this.#begin()
  }

  async #take(stream: GraphStream): Promise<void> {
    // A server may answer a range with everything.
    let skip = stream.status === 206 ? 0 : this.#offset + this.#filled
    try {
      for await (const chunk of stream.body) {
        const rest = chunk.subarray(skip)
        skip -= chunk.length - rest.length
        const taken = rest.subarray(0, this.#target.length - this.#filled)
        this.#target.set(taken, this.#filled)
        this.#filled += taken.length
        if (this.#filled === this.#target.length) return
      }
    } finally {
      stream.cancel()
    }
    throw new EngineError('graph.service-failed', { retry: 'later', context: { fault: 'content-incomplete' } })
  }
}

/** Such an address is asked for anew, once. 416: the file is shorter than it was. */
function isRefusal(error: unknown): boolean {
  if (!isEngineError(error) || error.context.graphCode === 'malwareDetected') return false
  return refusals.has(Number(error.context.status)) || error.context.status === 416
}

function isPassing(error: unknown): boolean {
  return isEngineError(error) && error.retry === 'later' && error.code !== 'graph.throttled'
}
