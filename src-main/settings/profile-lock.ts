import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { EngineError } from '../engine/model/errors.ts'
import { isLockFileHeld, readHolder, tryLockFile, type LockHolder, type LockTerms } from './lock-file.ts'
import { inPlace, makeFolder } from './private-file.ts'

export interface ProfileLock {
  /** Tells other machines that the holder is still there. To be called more often than every half hour, as restic does. */
  refresh(): Promise<void>
  /** Idempotent. */
  release(): Promise<void>
}

export type LockPlace = Omit<LockTerms, 'staleMs' | 'maySleep'>

/** A run may last for hours, and the machine sleep meanwhile. */
const terms = { staleMs: 30 * 60_000, maySleep: true }

/**
 * Takes a lock file: one process at a time. A lock is taken over when its process on this machine is gone, or when
 * nobody of another machine has refreshed it for half an hour. A process that is there keeps it, however long the
 * machine slept. Rejects with `settings.busy` (context: pid, hostname) or `store.*`.
 */
export async function takeProfileLock(path: string, place: LockPlace): Promise<ProfileLock> {
  return inPlace(path, async () => {
    await makeFolder(dirname(path))
    const attempt = await tryLockFile(path, { ...place, ...terms })
    if (!('lock' in attempt)) throw busy(attempt.holder)
    const { lock } = attempt
    return {
      refresh: () => inPlace(path, () => lock.refresh()),
      release: () => inPlace(path, () => lock.release()),
    }
  })
}

/** Whether a lock is held by a process that is there. */
export function isLocked(path: string, place: LockPlace): Promise<boolean> {
  return inPlace(path, () => isLockFileHeld(path, { ...place, ...terms }))
}

/** Rejects with `settings.busy` (context: pid, hostname) while a process other than this one holds a lock. Takes nothing. */
export function refuseIfHeldElsewhere(path: string, place: LockPlace): Promise<void> {
  const { host = hostname(), pid = process.pid } = place
  return inPlace(path, async () => {
    const holder = await readHolder(path)
    if (holder?.host === host && holder.pid === pid) return
    if (await isLockFileHeld(path, { ...place, ...terms })) throw busy(holder)
  })
}

function busy(holder: LockHolder | undefined): EngineError {
  const context = holder === undefined ? {} : { pid: holder.pid, hostname: holder.host }
  return new EngineError('settings.busy', { retry: 'later', context })
}
