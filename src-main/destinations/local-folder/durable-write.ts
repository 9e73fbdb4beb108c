import { open, rename, unlink, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errnoOf, requireGoing } from './store-errors.ts'
import { discardName, takeName } from './temporary-files.ts'

const FILE_MODE = 0o600
/** Between two looks at the signal. */
const WRITE_SIZE = 8 << 20
/** File systems that cannot flush, or not a folder (SMB, FUSE). https://man7.org/linux/man-pages/man2/fsync.2.html */
const CANNOT_FLUSH: ReadonlySet<string | undefined> = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'ENOTTY'])

/**
 * Writes a file beside its place, flushes it, renames it and flushes the folder: at any moment the place has the old
 * content or the new one. Rejects with the file system's error or `cancelled`; then nothing of it is left.
 */
export async function writeDurably(
  path: string,
  parts: readonly Uint8Array[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const name = takeName()
  const temporary = join(dirname(path), name)
  try {
    await writeFlushed(temporary, parts, signal)
    requireGoing(signal)
    await rename(temporary, path)
  } catch (error) {
    // The first error is what matters; a file that cannot be removed is taken for abandoned later.
    await unlink(temporary).catch(() => undefined)
    throw error
  } finally {
    discardName(name)
  }
  await flushFolder(dirname(path))
}

async function writeFlushed(
  path: string,
  parts: readonly Uint8Array[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const file = await open(path, 'wx', FILE_MODE)
  try {
    for (const part of parts) await writePart(file, part, signal)
    await file.sync().catch(ignoreIfUnable)
  } finally {
    await file.close()
  }
}

async function writePart(file: FileHandle, part: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
  for (let at = 0; at < part.length;) {
    requireGoing(signal)
    const { bytesWritten } = await file.write(part, at, Math.min(WRITE_SIZE, part.length - at))
    at += bytesWritten
  }
}

/** Makes a folder's entries survive a power cut. Windows does so itself and cannot open folders. */
export async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync().catch(ignoreIfUnable)
  } finally {
    await folder.close()
  }
}

function ignoreIfUnable(error: unknown): void {
  if (!CANNOT_FLUSH.has(errnoOf(error))) throw error
}
