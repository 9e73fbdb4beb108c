import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { graphPath } from '../client/graph-url.ts'
import type { GraphStream } from '../client/types.ts'
import { text } from '../item/fields.ts'
import { contentHash } from './content-hash.ts'
import { downloadUrlName, has, listedName, sizeOf } from './drive-item.ts'
import { readItem, type DriveAccess } from './drive-requests.ts'
import { rangeFrom, resumedDownload } from './resumed-download.ts'
import { sameState } from './same-content.ts'
import { cost, drivePool } from './target-requests.ts'

/** A download address lives for an hour; one this old is not tried any more. Milliseconds. */
const addressAge = 50 * 60_000

/** What an address answers that has expired; each of them may also mean what it says. */
const refusals: ReadonlySet<number> = new Set([401, 403, 404, 410])

/**
 * - `same`: size and hash are what Graph says;
 * - `differs`: they are not, although nobody changed the file and all of it came;
 * - `changed`: the file is another one by now.
 */
export type Verdict = 'same' | 'differs' | 'changed'

/** One attempt at the content of a file, with the state of the file that it belongs to. */
export class FileDownload {
  readonly #access: DriveAccess
  readonly #item: string
  #properties: JsonObject
  #received = 0
  /** What the server said would come. */
  #announced: number | undefined
  readonly #hash: ReturnType<typeof contentHash>

  constructor(access: DriveAccess, properties: JsonObject) {
    checkReadable(properties)
    this.#access = access
    this.#item = text(properties, 'id') ?? ''
    this.#properties = properties
    this.#hash = contentHash(properties)
  }

  /** The file as it was last seen. */
  get properties(): JsonObject {
    return this.#properties
  }

  /** Read once. Rejects with graph.service-failed (later) if the file changes meanwhile. */
  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    const source = { open: (from: number) => this.#open(from), recheck: () => this.#refresh() }
    for await (const chunk of resumedDownload(source)) {
      this.#received += chunk.length
      this.#hash.update(chunk)
      yield chunk
    }
  }

  /** After the last chunk. Only a mismatch takes a request: has the file changed since it was listed? */
  async verdict(): Promise<Verdict> {
    const size = sizeOf(this.#properties)
    if ((size === undefined || size === this.#received) && this.#hash.matches()) return 'same'
    if (await this.#hasChanged()) return 'changed'
    if (this.#announced !== this.#received) throw incomplete()
    return 'differs'
  }

  async #open(from: number): Promise<GraphStream> {
    if (this.#isOld()) await this.#refresh()
    for (let isNew = false; ; isNew = true) {
      try {
        return this.#noted(await this.#request(from), from)
      } catch (error) {
        const refused = isEngineError(error) && refusals.has(Number(error.context.status)) ? error : undefined
        if (refused === undefined) throw error
        if (refused.context.graphCode === 'malwareDetected') throw infected()
        if (isNew) throw refused.context.status === 403 ? refused : unreadable('no-content', refused)
      }
      await this.#refresh()
    }
  }

  #noted(stream: GraphStream, from: number): GraphStream {
    if (stream.size !== undefined) this.#announced = stream.size + (stream.status === 206 ? from : 0)
    return stream
  }

  async #request(from: number): Promise<GraphStream> {
    const { client, drive, signal } = this.#access
    const headers = rangeFrom(from)
    const url = text(this.#properties, downloadUrlName)
    if (url !== undefined) {
      return await client.stream({ path: url, anonymous: true, headers, pool: { kind: 'content' }, signal })
    }
    const path = graphPath`/drives/${drive}/items/${this.#item}/content`
    return await client.stream({ path, headers, pool: drivePool, cost: cost.item, signal })
  }

  #isOld(): boolean {
    const listed = this.#properties[listedName]
    return typeof listed !== 'number' || this.#access.now() - listed > addressAge
  }

  /** A new address for the same content: an old one may live on while what is behind it is replaced. */
  async #refresh(): Promise<void> {
    if (await this.#hasChanged()) throw changed()
  }

  /** Asks for the file; its new state takes the place of the old one. */
  async #hasChanged(): Promise<boolean> {
    const { [downloadUrlName]: _old, ...before } = this.#properties
    const now = await readItem(this.#access, this.#item)
    checkReadable(now)
    this.#properties = { ...before, ...now }
    return !sameState(before, now)
  }
}

function checkReadable(item: JsonObject): void {
  if (has(item, 'malware')) throw infected()
}

export function infected(): EngineError {
  return new EngineError('graph.item-infected')
}

function unreadable(reason: string, cause?: unknown): EngineError {
  return new EngineError('graph.item-unreadable', { context: { reason }, cause })
}

function changed(): EngineError {
  return new EngineError('graph.service-failed', { retry: 'later', context: { fault: contentChanged } })
}

function incomplete(): EngineError {
  return new EngineError('graph.service-failed', { retry: 'later', context: { fault: 'content-incomplete' } })
}

const contentChanged = 'content-changed'

/** Somebody replaced the file while it was read. */
export function isContentChanged(error: unknown): boolean {
  return isEngineError(error, 'graph.service-failed') && error.context.fault === contentChanged
}
