import type { RepositoryFolder } from './drive-requests.ts'
import type { UploadContent } from './upload-content.ts'

/** An upload that was begun. Its address needs no sign-in, so whoever knows it can write the file: a secret. */
export interface PendingUpload {
  readonly url: string
  /** Bytes of the whole file. */
  readonly size: number
  /** SHA-256 of the whole file, in hexadecimal digits. */
  readonly digest: string
}

/** Remembers uploads that were begun, so that a later process goes on with the same file. */
export interface UploadSessionStore {
  get(name: string): Promise<PendingUpload | undefined>
  set(name: string, upload: PendingUpload): Promise<void>
  delete(name: string): Promise<void>
}

/** The store's memory for one file of a repository; it does nothing for a file that is being written twice at once. */
export interface SessionMemory {
  readonly isKept: boolean
  /** The address of the session in which this very content was begun. */
  recall(content: UploadContent): Promise<string | undefined>
  keep(url: string, content: UploadContent): Promise<void>
  forget(): Promise<void>
  /** To be called at the end. */
  leave(): void
}

const noMemory: SessionMemory = {
  isKept: false,
  recall: () => Promise.resolve(undefined),
  keep: () => Promise.resolve(),
  forget: () => Promise.resolve(),
  leave: () => undefined,
}

/** Makes the memories of a repository's files. */
export class SessionMemories {
  readonly #store: UploadSessionStore | undefined
  readonly #failed: (error: unknown) => void
  readonly #used = new Set<string>()

  /** `failed` is told of what the store rejects with: an upload does not fail for it. */
  constructor(store: UploadSessionStore | undefined, failed: (error: unknown) => void) {
    this.#store = store
    this.#failed = failed
  }

  of({ drive, folder }: RepositoryFolder, name: string): SessionMemory {
    const store = this.#store
    const key = [drive, ...folder, name].join('/')
    if (store === undefined || this.#used.has(key)) return noMemory
    this.#used.add(key)
    return {
      isKept: true,
      recall: async (content) => {
        const known = await this.#try(() => store.get(key))
        return known?.size === content.size && known.digest === content.digest() ? known.url : undefined
      },
      keep: async (url, content) => {
        await this.#try(() => store.set(key, { url, size: content.size, digest: content.digest() }))
      },
      forget: async () => {
        await this.#try(() => store.delete(key))
      },
      leave: () => {
        this.#used.delete(key)
      },
    }
  }

  async #try<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      this.#failed(error)
      return undefined
    }
  }
}
