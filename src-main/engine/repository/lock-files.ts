import { hostname } from 'node:os'
import type { Sealer } from '../crypto/seal.ts'
import { EngineError, isEngineError } from '../model/errors.ts'
import { isHexId, type HexId } from '../model/ids.ts'
import type { DestinationStore } from '../ports/destination-store.ts'
import { systemUser } from '../system-user.ts'
import { goTime } from './rfc3339.ts'
import { damagedFile, loadUnpacked, sealUnpacked, type SealedFile } from './unpacked-file.ts'

/**
 * Lock files. A shared lock says "do not delete what I may refer to", an exclusive one "do not write at all".
 * https://restic.readthedocs.io/en/stable/100_references.html#locks
 */
export interface StoredLock {
  readonly id: HexId
  /** Milliseconds since 1970: when it was written. A living process writes a new one every few minutes. */
  readonly time: number
  readonly exclusive: boolean
  readonly hostname: string
  readonly username: string
  readonly pid: number
}

/** The process that locks. */
export interface LockOwner {
  readonly hostname: string
  readonly username: string
  readonly pid: number
  readonly uid: number
  readonly gid: number
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** Whether a process of that id is running on this host. */
  isRunning(pid: number): boolean
}

/** A lock that was not written again for so long is nobody's. */
export const STALE_AFTER = 30 * 60_000
const FOLDER = 'locks'
const CLOCK_SLACK = 5_000
// Taken once: what a suspended machine does to the two clocks afterwards must not move it.
const PROCESS_STARTED = Date.now() - process.uptime() * 1000

export function lockName(id: HexId): string {
  return `${FOLDER}/${id}`
}

export function thisProcess(): LockOwner {
  const { username, uid, gid } = systemUser()
  return { hostname: hostname(), username, pid: process.pid, uid, gid, startedAt: PROCESS_STARTED, isRunning }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return true // would mean a group of processes: nothing is known about it
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** A lock file that is to be stored; its name is known before it is. */
export function newLock(sealer: Sealer, owner: LockOwner, exclusive: boolean, now: number): SealedFile {
  const { hostname, username, pid, uid, gid } = owner
  const time = goTime(new Date(now).toISOString())
  return sealUnpacked(sealer, JSON.stringify({ time, exclusive, hostname, username, pid, uid, gid }))
}

/**
 * Whether nobody holds the lock any more: it is old, or its process on this host has ended. A lock with the number of
 * this process that is older than this process was left by another one (in a container every run has the same number).
 */
export function isStale(lock: StoredLock, owner: LockOwner, now: number): boolean {
  if (now - lock.time > STALE_AFTER) return true
  if (lock.hostname !== owner.hostname) return false
  if (lock.pid === owner.pid) return lock.time < owner.startedAt - CLOCK_SLACK
  return !owner.isRunning(lock.pid)
}

export interface LockList {
  readonly locks: readonly StoredLock[]
  /** The damage of those that cannot be read (context: file). */
  readonly damaged: readonly EngineError[]
}

/** All locks but `own`. Empty files, which a store that does not write atomically may leave, are no locks. */
export async function listLocks(
  store: DestinationStore,
  sealer: Sealer,
  signal?: AbortSignal,
  own: ReadonlySet<HexId> = new Set(),
): Promise<LockList> {
  const locks: StoredLock[] = []
  const damaged: EngineError[] = []
  for await (const { name, size } of store.list(FOLDER, signal)) {
    const id = name.slice(name.lastIndexOf('/') + 1)
    if (!isHexId(id) || size === 0 || own.has(id)) continue
    try {
      locks.push(readLock(id, await loadUnpacked(store, sealer, name, signal)))
    } catch (error) {
      if (isEngineError(error, 'repository.lock-damaged')) damaged.push(error)
      else if (!isEngineError(error, 'store.not-found')) throw error // released meanwhile
    }
  }
  return { locks, damaged }
}

/** Removes the locks that nobody holds any more, or all of them, even unreadable ones; gives how many. */
export async function removeLocks(
  store: DestinationStore,
  sealer: Sealer,
  options: { readonly all: boolean; readonly now: number; readonly owner?: LockOwner; readonly signal?: AbortSignal },
): Promise<number> {
  const { all, now, owner = thisProcess(), signal } = options
  const names: string[] = []
  if (all) for await (const { name } of store.list(FOLDER, signal)) names.push(name)
  else {
    const { locks } = await listLocks(store, sealer, signal)
    names.push(...locks.filter((lock) => isStale(lock, owner, now)).map(({ id }) => lockName(id)))
  }
  for (const name of names) await store.remove(name, signal)
  return names.length
}

function readLock(id: HexId, value: unknown): StoredLock {
  const fields = value as Readonly<Record<string, unknown>>
  const { time, exclusive = false, hostname = '', username = '', pid } = fields
  if (typeof time !== 'string' || goTime(time) === undefined) throw damagedFile(lockName(id), 'time')
  if (typeof exclusive !== 'boolean' || typeof pid !== 'number') throw damagedFile(lockName(id), 'content')
  if (typeof hostname !== 'string' || typeof username !== 'string') throw damagedFile(lockName(id), 'names')
  return { id, time: Date.parse(time), exclusive, hostname, username, pid }
}
