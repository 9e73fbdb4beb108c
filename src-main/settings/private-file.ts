import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { EngineError, type ErrorCode } from '../engine/model/errors.ts'

const CODES: Readonly<Record<string, ErrorCode>> = {
  EACCES: 'store.permission',
  EPERM: 'store.permission',
  ENOSPC: 'store.full',
  EDQUOT: 'store.full',
  EROFS: 'store.read-only',
}

/** File systems that cannot flush, or not a folder (SMB, FUSE). https://man7.org/linux/man-pages/man2/fsync.2.html */
const CANNOT_FLUSH: ReadonlySet<string | undefined> = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'ENOTTY'])

/** Does something with files of the profile; what the file system throws becomes a `store.*` error that names the place. */
export async function inPlace<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof EngineError) throw error
    const errno = errnoOf(error)
    const context = { place, ...(errno === undefined ? {} : { errno }) }
    throw new EngineError(CODES[errno ?? ''] ?? 'store.failed', { context, cause: error })
  }
}

/** The system's name for the error ("ENOENT"). */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** A folder that only its owner may look into. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
}

/** The text of a file; undefined if it is not there. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** At any moment the file has the old text or the new one, also after a power cut. Only its owner may read it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await makeFolder(dirname(path))
  const draft = join(dirname(path), `.${randomBytes(6).toString('hex')}.part`)
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync().catch(ignoreIfUnable)
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await unlink(draft).catch(() => undefined) // the first error is what matters
    throw error
  }
  await flushFolder(dirname(path))
}

/** Windows does so itself, and cannot open folders. */
async function flushFolder(path: string): Promise<void> {
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
