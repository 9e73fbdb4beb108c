import { createCipheriv, createHash } from 'node:crypto'
import { randomSealingKey } from '../../../../src-main/engine/crypto/seal.ts'
import type { HexId } from '../../../../src-main/engine/model/ids.ts'
import type { DestinationStore } from '../../../../src-main/engine/ports/destination-store.ts'
import { newConfig } from '../../../../src-main/engine/repository/config.ts'
import { OpenRepository } from '../../../../src-main/engine/repository/repository.ts'
import { RepositoryWriter } from '../../../../src-main/engine/repository/writer.ts'
import { createMemoryStore, type MemoryStore } from '../../../support/memory-store.ts'

export const MIB = 1 << 20

export interface Scene {
  /** What is behind the store that the repository sees. */
  readonly memory: MemoryStore
  readonly repository: OpenRepository
  /** As another process would open it; index loaded. */
  reopen(): Promise<OpenRepository>
}

/** An empty repository in memory; `wrap` puts something between it and the memory. */
export function makeScene(wrap: (store: MemoryStore) => DestinationStore = (store) => store): Scene {
  const memory = createMemoryStore()
  const key = randomSealingKey()
  // Always the same, so that contents are always cut at the same places.
  const config = { ...newConfig(), chunkerPolynomial: '3da3358b4dc173' }
  const repository = new OpenRepository(wrap(memory), key, config)
  return {
    memory,
    repository,
    reopen: async () => {
      const opened = new OpenRepository(memory, key, config)
      await opened.loadIndex()
      return opened
    },
  }
}

/** Runs the work with a writer of two threads and closes it, whatever happens. */
export async function withWriter<T>(
  repository: OpenRepository,
  work: (writer: RepositoryWriter) => Promise<T>,
  options: ConstructorParameters<typeof RepositoryWriter>[1] = {},
): Promise<T> {
  const writer = new RepositoryWriter(repository, options, 2)
  try {
    return await work(writer)
  } finally {
    await writer.close()
  }
}

/** Bytes without any pattern, the same for the same seed. */
export function noise(length: number, seed: string): Buffer<ArrayBuffer> {
  const key = createHash('sha256').update(seed).digest()
  return Buffer.from(createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length)))
}

/** The content in parts whose sizes follow each other round and round. */
export async function* inParts(content: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < content.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    yield await Promise.resolve(content.subarray(at, at + size))
    at += size
  }
}

/** Names of stored files in a folder. */
export function filesIn(store: MemoryStore, folder: string): string[] {
  return [...store.files.keys()].filter((name) => name.startsWith(`${folder}/`))
}

export function sha256(bytes: Uint8Array): HexId {
  return createHash('sha256').update(bytes).digest('hex') as HexId
}
