import { randomBytes } from 'node:crypto'
import { link, lstat, open, rename, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { errnoOf } from '../../destinations/local-folder/store-errors.ts'

/** A file in the making. */
export interface GrowingFile {
  append(bytes: Uint8Array): Promise<void>
  /** Takes back what stands behind the first `length` bytes. */
  cut(length: number): Promise<void>
}

/**
 * Makes a file that only its owner may read. It gets its name when it is whole: `name` is given the way to take one in the
 * folder, which says false if something of that name is there. Rejects with the file system's error, or that of `fill`:
 * then nothing of it is left.
 */
export async function writeNewFile<T>(
  folder: string,
  fill: (file: GrowingFile) => Promise<void>,
  name: (take: (name: string) => Promise<boolean>) => Promise<T>,
): Promise<T> {
  const path = join(folder, `.holdfast-${String(process.pid)}-${randomBytes(6).toString('hex')}.part`)
  try {
    await filled(path, fill)
    return await name((taken) => placed(path, join(folder, taken)))
  } finally {
    // The first error is what matters.
    await rm(path, { force: true }).catch(() => undefined)
  }
}

async function filled(path: string, fill: (file: GrowingFile) => Promise<void>): Promise<void> {
  const handle = await open(path, 'wx', 0o600)
  try {
    await fill(growing(handle))
  } finally {
    await handle.close()
  }
}

/** Written by position: after a cut, the handle's own would leave a hole. */
function growing(handle: FileHandle): GrowingFile {
  let length = 0
  return {
    append: async (bytes) => {
      for (let at = 0; at < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, length)
        at += bytesWritten
        length += bytesWritten
      }
    },
    cut: async (to) => {
      await handle.truncate(to)
      length = to
    },
  }
}

/** Never replaces what is there, as a rename would. */
async function placed(path: string, place: string): Promise<boolean> {
  try {
    await link(path, place)
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
  }
  // FAT and some network drives have no second names for a file.
  if (await isThere(place)) return false
  await rename(path, place)
  return true
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false
    throw error
  }
}
