import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { EngineError } from '../../engine/model/errors.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import { writeDurably } from '../local-folder/durable-write.ts'
import { errnoOf, toStoreError } from '../local-folder/store-errors.ts'
import type { PendingUpload, UploadSessionStore } from './upload-sessions.ts'

export interface SessionFileOptions {
  /** In a folder of the profile, which is made if it is not there. */
  readonly path: string
  /** 32 bytes that nobody else knows. */
  readonly key: Uint8Array
  readonly clock: Clock
}

interface Entry extends PendingUpload {
  /** Clock time. */
  readonly at: number
}

const magic = Buffer.from('HFUS\u0001')
const nonceBytes = 12
const tagBytes = 16
const keyBytes = 32
const cipher = 'aes-256-gcm'
/** No session lives as long. Milliseconds. */
const longestLife = 14 * 24 * 3_600_000

/**
 * Uploads that were begun, in a file that is encrypted with the given key: their addresses let anybody write. A file that
 * cannot be decrypted (another key, damaged) counts as none, and is replaced; what is lost by that is that an upload
 * begins anew. Methods reject with `store.*` if the file cannot be read or written.
 */
export function createSessionFile(options: SessionFileOptions): UploadSessionStore {
  if (options.key.length !== keyBytes)
    throw new EngineError('internal', { context: { what: 'key of the session file' } })
  return new SessionFile(options)
}

class SessionFile implements UploadSessionStore {
  readonly #options: SessionFileOptions
  #entries: Promise<Map<string, Entry>> | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(options: SessionFileOptions) {
    this.#options = options
  }

  async get(name: string): Promise<PendingUpload | undefined> {
    const entry = (await this.#load()).get(name)
    if (entry === undefined) return undefined
    const { url, size, digest } = entry
    return { url, size, digest }
  }

  async set(name: string, upload: PendingUpload): Promise<void> {
    const { url, size, digest } = upload
    const entries = await this.#load()
    entries.set(name, { url, size, digest, at: this.#options.clock.now() })
    await this.#save(entries)
  }

  async delete(name: string): Promise<void> {
    const entries = await this.#load()
    if (entries.delete(name)) await this.#save(entries)
  }

  async #load(): Promise<Map<string, Entry>> {
    this.#entries ??= this.#read()
    try {
      return await this.#entries
    } catch (error) {
      this.#entries = undefined
      throw toStoreError(error)
    }
  }

  async #read(): Promise<Map<string, Entry>> {
    const { path, key, clock } = this.#options
    try {
      const oldest = clock.now() - longestLife
      const entries = parsed(decrypted(await readFile(path), key))
      return new Map([...entries].filter(([, { at }]) => at > oldest))
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return new Map()
      throw error
    }
  }

  /** One after the other, each with all that is known by then. */
  async #save(entries: ReadonlyMap<string, Entry>): Promise<void> {
    const saved = this.#writing.then(() => this.#write(entries))
    this.#writing = saved.catch(() => undefined) // whoever asked for it is told
    try {
      await saved
    } catch (error) {
      throw toStoreError(error)
    }
  }

  async #write(entries: ReadonlyMap<string, Entry>): Promise<void> {
    const { path, key } = this.#options
    await makeFolder(dirname(path))
    await writeDurably(path, [encrypted(JSON.stringify([...entries]), key)], undefined)
  }
}

/** One level: what is above has to be there. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, 0o700)
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error
  }
}

function encrypted(text: string, key: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes)
  const sealing = createCipheriv(cipher, key, nonce).setAAD(magic)
  const body = Buffer.concat([sealing.update(text, 'utf8'), sealing.final()])
  return Buffer.concat([magic, nonce, sealing.getAuthTag(), body])
}

/** Undefined for what was not encrypted with this key. */
function decrypted(file: Buffer, key: Uint8Array): string | undefined {
  const head = magic.length + nonceBytes + tagBytes
  if (file.length < head || !file.subarray(0, magic.length).equals(magic)) return undefined
  const nonce = file.subarray(magic.length, magic.length + nonceBytes)
  const opening = createDecipheriv(cipher, key, nonce).setAAD(magic)
  opening.setAuthTag(file.subarray(magic.length + nonceBytes, head))
  try {
    return Buffer.concat([opening.update(file.subarray(head)), opening.final()]).toString('utf8')
  } catch {
    // The tag does not fit; Node says no more than that.
    return undefined
  }
}

/** What was encrypted is our own, so it has its form. */
function parsed(text: string | undefined): readonly (readonly [string, Entry])[] {
  return text === undefined ? [] : (JSON.parse(text) as readonly (readonly [string, Entry])[])
}
