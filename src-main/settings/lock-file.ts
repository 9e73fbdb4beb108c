import { randomBytes } from 'node:crypto'
import { link, open, stat, unlink, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { errnoOf, readText } from './private-file.ts'

/** Who holds a lock. */
export interface LockHolder {
  readonly host: string
  readonly pid: number
  readonly id: string
  /** ISO 8601. */
  readonly since: string
}

export interface LockTerms {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds without a sign of the holder after which a lock counts as abandoned. */
  readonly staleMs: number
  readonly host?: string
  readonly pid?: number
  /** Whether a process of this machine is running. */
  readonly isAlive?: (pid: number) => boolean
}

export interface LockFile {
  /** Says that the holder is still there. */
  refresh(): Promise<void>
  /** Idempotent. */
  release(): Promise<void>
}

/** `holder` is undefined where it cannot be told. */
export type LockAttempt = { readonly lock: LockFile } | { readonly holder: LockHolder | undefined }

const REMOVING_MS = 30_000

/**
 * Takes a lock file if nobody has it, or if who had it is gone: a process of this machine that runs no more, or one that
 * gave no sign of itself for too long. Rejects with the file system's error. The folder has to be there.
 */
export async function tryLockFile(path: string, terms: LockTerms): Promise<LockAttempt> {
  const { host = hostname(), pid = process.pid, now } = terms
  const own: LockHolder = { host, pid, id: randomBytes(8).toString('hex'), since: new Date(now()).toISOString() }
  while (!(await create(path, JSON.stringify(own))))
    if (!(await removeStale(path, terms))) return { holder: await readHolder(path) }
  return {
    lock: {
      refresh: async () => {
        if ((await readHolder(path))?.id !== own.id) return
        await utimes(path, now() / 1000, now() / 1000)
      },
      // Somebody who took us for dead may have it by now.
      release: async () => {
        if ((await readHolder(path))?.id === own.id) await unlinkIfThere(path)
      },
    },
  }
}

/** Whether a lock is held by a process that is there. */
export async function isLockFileHeld(path: string, terms: LockTerms): Promise<boolean> {
  return (await readText(path)) !== undefined && !(await isStale(path, terms))
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
 * Removes a lock that is stale; false if it is none, or somebody else is at it. Two that find it so must not remove each
 * other's new one: whoever removes holds a second lock for that moment, and looks again.
 */
async function removeStale(path: string, terms: LockTerms): Promise<boolean> {
  if (!(await isStale(path, terms))) return false
  const guard = `${path}.remove`
  if (!(await create(guard, ''))) {
    if ((await ageOf(guard, terms.now())) > REMOVING_MS) await unlinkIfThere(guard)
    return false
  }
  try {
    if (await isStale(path, terms)) await unlinkIfThere(path)
    return true
  } finally {
    await unlinkIfThere(guard)
  }
}

async function isStale(path: string, terms: LockTerms): Promise<boolean> {
  const { now, staleMs, host = hostname(), isAlive = isRunning } = terms
  const holder = await readHolder(path)
  if (holder?.host === host && !isAlive(holder.pid)) return true
  return (await ageOf(path, now())) > staleMs
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

/** Undefined for what is being written by a program without hard links, or is damaged. */
async function readHolder(path: string): Promise<LockHolder | undefined> {
  try {
    return JSON.parse((await readText(path)) ?? '') as LockHolder
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
