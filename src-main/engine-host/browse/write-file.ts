import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { withPlace } from '../../commands/parts/error-place.ts'
import { toStoreError } from '../../destinations/local-folder/store-errors.ts'

/**
 * Writes a file that is there whole or not at all; one of that name is replaced. Rejects with `store.*`, or with what the
 * pieces reject with.
 */
export async function writeFileWhole(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const draft = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomBytes(6).toString('hex')}.part`)
  try {
    await fill(draft, pieces, signal)
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    signal.throwIfAborted()
    throw withPlace(toStoreError(error), dirname(path))
  }
}

async function fill(path: string, pieces: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
  const handle = await open(path, 'wx', 0o600)
  try {
    for await (const piece of pieces) {
      signal.throwIfAborted()
      await handle.appendFile(piece)
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
}
