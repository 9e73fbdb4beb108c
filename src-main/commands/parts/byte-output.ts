import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { toStoreError } from '../../destinations/local-folder/store-errors.ts'
import { withPlace } from './error-place.ts'

/** Writes parts to standard output, at its reader's pace. */
export async function writeToOutput(parts: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
  for await (const part of parts) {
    signal.throwIfAborted()
    if (!process.stdout.write(part)) await once(process.stdout, 'drain', { signal })
  }
}

/** Writes parts to a new file that only its owner may read; rejects with `store.failed` if there is one of that name. */
export async function writeToFile(path: string, parts: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await pipeline(parts, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw withPlace(toStoreError(error), path)
  }
}
