import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { HexId } from '../../model/ids.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import { plainLength } from '../stored/stored-file.ts'

/**
 * Whether a file on disk holds exactly these blobs, by their hashes: a blob's id is the SHA-256 of its bytes. Rejects with
 * the file system's error. https://restic.readthedocs.io/en/stable/100_references.html#terminology
 */
export async function holdsBlobs(
  repository: OpenRepository,
  path: string | Buffer,
  blobs: readonly HexId[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const lengths = blobs.map((id) => plainLength(repository, id) ?? -1)
  const handle = await open(path, 'r')
  try {
    if ((await handle.stat()).size !== lengths.reduce((sum, length) => sum + length, 0)) return false
    let position = 0
    for (const [at, id] of blobs.entries()) {
      signal?.throwIfAborted()
      const part = Buffer.alloc(lengths[at] ?? 0)
      const { bytesRead } = await handle.read(part, 0, part.length, position)
      if (bytesRead !== part.length || createHash('sha256').update(part).digest('hex') !== id) return false
      position += part.length
    }
    return true
  } finally {
    await handle.close()
  }
}
