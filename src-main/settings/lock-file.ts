import { randomBytes } from 'node:crypto'
import { link, open, stat, unlink, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { errnoOf, readText } from './private-file.ts'
import { processMark, processStart } from './process-start.ts'

/** Who holds a lock. */
export interface LockHolder {
  readonly host: string
  readonly pid: number
  readonly id: string
  /** Of the process, where the system tells one; earlier versions wrote none. */
  readonly mark?: string
  /** ISO 8601. */
  readonly since: string
}

export interface LockTerms {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds without a sign of the holder after which a lock counts as abandoned. */
  readonly staleMs: number
  /** Whether a process of this machine keeps it without a sign, since both may have slept. Default false. */
  readonly maySleep?: boolean
  readonly host?: string
  readonly pid?: number
  /** Whether a process of this machine is running. */
  readonly isAlive?: (pid: number) => boolean
  /** As processMark and processStart. */
  readonly markOf?: (pid: number) => string | undefined
  readonly startOf?: (pid: number) => Promise<number | undefined>
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
const CLOCK_SLACK_MS = 5_000
/** Ids of the locks that this process holds: any other with its number was left, by it or by another one. */
const held = new Set<string>()

/**
 * Takes a lock file if nobody has it, or if who had it is gone: a process of this machine that runs no more, though
 * another one may have its number by now, or a process of another machine that gave no sign of itself for too long.
 * Rejects with the file system's error. The folder has to be there.
 */
export async function tryLockFile(path: string, terms: LockTerms): Promise<LockAttempt> {
  const { now } = terms
  const own = newHolder(terms)
  const holder = await takeOrTell(path, own, terms)
  if (holder !== own) return { holder }
  return {
    lock: {
      refresh: async () => {
        if ((await readHolder(path))?.id !== own.id) return
        await utimes(path, now() / 1000, now() / 1000)
      },
      // Somebody who took us for dead may have it by now.
      release: async () => {
        held.delete(own.id)
        if ((await readHolder(path))?.id === own.id) await unlinkIfThere(path)
      },
    },
  }
}

/** Gives `own` if it has the lock now, otherwise who has. */
async function takeOrTell(path: string, own: LockHolder, terms: LockTerms): Promise<LockHolder | undefined> {
  // Before others of this process can see the file.
  held.add(own.id)
  let isTaken = false
  try {
    for (;;) {
      isTaken = await create(path, JSON.stringify(own))
      if (isTaken) return own
      if (!(await removeStale(path, terms))) return await readHolder(path)
    }
  } finally {
    if (!isTaken) held.delete(own.id)
  }
}

function newHolder({ host = hostname(), pid = process.pid, markOf = processMark, now }: LockTerms): LockHolder {
  const mark = markOf(pid)
  const id = randomBytes(8).toString('hex')
  return { host, pid, id, ...(mark === undefined ? {} : { mark }), since: new Date(now()).toISOString() }
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
  const { now, staleMs, maySleep = false, host = hostname(), isAlive = isRunning } = terms
  const holder = await readHolder(path)
  const isOfHere = holder?.host === host
  if (isOfHere && (!isAlive(holder.pid) || isSame(holder, terms) === false)) return true
  if ((await ageOf(path, now())) <= staleMs) return false
  return !(isOfHere && maySleep && (isSame(holder, terms) ?? (await isAsOld(holder, terms))))
}

/** Whether the number is still that of the process which took the lock; undefined where the system tells no marks. */
function isSame({ host, id, pid, mark }: LockHolder, { markOf = processMark }: LockTerms): boolean | undefined {
  if (pid === process.pid && host === hostname()) return held.has(id)
  const found = mark === undefined ? undefined : markOf(pid)
  return found === undefined ? undefined : found === mark
}

/** The same by when the process started; false where nobody can tell. */
async function isAsOld({ pid, since }: LockHolder, { startOf = processStart }: LockTerms): Promise<boolean> {
  const started = await startOf(pid)
  return started !== undefined && started <= Date.parse(since) + CLOCK_SLACK_MS
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

/** Undefined for what is being written by a program without hard links, is damaged, or is not there. */
export async function readHolder(path: string): Promise<LockHolder | undefined> {
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
