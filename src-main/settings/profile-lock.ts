import { randomBytes } from 'node:crypto'
import { link, open, stat, unlink, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { EngineError } from '../engine/model/errors.ts'
import { errnoOf, inPlace, makeFolder, readText } from './private-file.ts'

/** Who holds a lock. */
interface Holder {
  readonly host: string
  readonly pid: number
  readonly id: string
  /** ISO 8601. */
  readonly since: string
}

export interface ProfileLock {
  /** Says that the holder is still there. To be called more often than every half hour, as restic does for its locks. */
  refresh(): Promise<void>
  /** Idempotent. */
  release(): Promise<void>
}

export interface LockPlace {
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly host?: string
  readonly pid?: number
  /** Whether a process of this machine is running. */
  readonly isAlive?: (pid: number) => boolean
}

const STALE_MS = 30 * 60_000
const REMOVING_MS = 30_000

/**
 * Takes a lock file: one process at a time. A lock is taken over when its process on this machine is gone, or when nobody
 * has refreshed it for half an hour. Rejects with `settings.busy` (context: pid, hostname) or `store.*`.
 */
export async function takeProfileLock(path: string, place: LockPlace): Promise<ProfileLock> {
  const { host = hostname(), pid = process.pid } = place
  const own: Holder = { host, pid, id: randomBytes(8).toString('hex'), since: new Date(place.now()).toISOString() }
  return inPlace(path, async () => {
    await makeFolder(dirname(path))
    while (!(await create(path, JSON.stringify(own)))) await takeAway(path, { ...place, host })
    return {
      refresh: () =>
        inPlace(path, async () => {
          if ((await readHolder(path))?.id !== own.id) return
          const now = place.now() / 1000
          await utimes(path, now, now)
        }),
      // Somebody who took us for dead may have it by now.
      release: () =>
        inPlace(path, async () => {
          if ((await readHolder(path))?.id === own.id) await unlinkIfThere(path)
        }),
    }
  })
}

/** Whether a lock is held by a process that is there. */
export function isLocked(path: string, place: LockPlace): Promise<boolean> {
  return inPlace(path, async () => (await readText(path)) !== undefined && !(await isStale(path, place)))
}

/** Whole or not at all: the content is there before the name is. */
async function create(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, content, { flag: 'wx', mode: 0o600 })
  try {
    await link(draft, path)
    return true
  } catch (error) {
    const errno = errnoOf(error) ?? ''
    if (errno === 'EEXIST') return false
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(errno)) throw error
    return await createPlainly(path, content) // file systems without hard links
  } finally {
    await unlinkIfThere(draft)
  }
}

async function createPlainly(path: string, content: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(content)
    await file.close()
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw error
  }
}

/**
 * Removes a lock that is stale. Two that find it so must not remove each other's new one: whoever removes holds a second
 * lock for that moment, and looks again.
 */
async function takeAway(path: string, place: LockPlace): Promise<void> {
  if (!(await isStale(path, place))) throw await busy(path)
  const guard = `${path}.remove`
  if (!(await create(guard, ''))) {
    if ((await ageOf(guard, place.now())) > REMOVING_MS) await unlinkIfThere(guard)
    throw await busy(path)
  }
  try {
    if (await isStale(path, place)) await unlinkIfThere(path)
  } finally {
    await unlinkIfThere(guard)
  }
}

async function busy(path: string): Promise<EngineError> {
  const holder = await readHolder(path)
  const context = holder === undefined ? {} : { pid: holder.pid, hostname: holder.host }
  return new EngineError('settings.busy', { retry: 'later', context })
}

async function isStale(path: string, { now, host = hostname(), isAlive = isRunning }: LockPlace): Promise<boolean> {
  const holder = await readHolder(path)
  if (holder?.host === host && !isAlive(holder.pid)) return true
  return (await ageOf(path, now())) > STALE_MS
}

/** Milliseconds; negative if it is not there any more. */
async function ageOf(path: string, now: number): Promise<number> {
  try {
    return now - (await stat(path)).mtimeMs
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return -1
    throw error
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse((await readText(path)) ?? '') as Holder
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errnoOf(error) === 'EPERM'
  }
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
  }
}
