import { dirname } from 'node:path'
import { EngineError } from '../engine/model/errors.ts'
import { isLockFileHeld, tryLockFile, type LockTerms } from './lock-file.ts'
import { inPlace, makeFolder } from './private-file.ts'

export interface ProfileLock {
  /** Says that the holder is still there. To be called more often than every half hour, as restic does for its locks. */
  refresh(): Promise<void>
  /** Idempotent. */
  release(): Promise<void>
}

export type LockPlace = Omit<LockTerms, 'staleMs'>

const STALE_MS = 30 * 60_000

/**
 * Takes a lock file: one process at a time. A lock is taken over when its process on this machine is gone, or when nobody
 * has refreshed it for half an hour. Rejects with `settings.busy` (context: pid, hostname) or `store.*`.
 */
export async function takeProfileLock(path: string, place: LockPlace): Promise<ProfileLock> {
  return inPlace(path, async () => {
    await makeFolder(dirname(path))
    const attempt = await tryLockFile(path, { ...place, staleMs: STALE_MS })
    if (!('lock' in attempt)) {
      const { holder } = attempt
      const context = holder === undefined ? {} : { pid: holder.pid, hostname: holder.host }
      throw new EngineError('settings.busy', { retry: 'later', context })
    }
    const { lock } = attempt
    return {
      refresh: () => inPlace(path, () => lock.refresh()),
      release: () => inPlace(path, () => lock.release()),
    }
  })
}

/** Whether a lock is held by a process that is there. */
export function isLocked(path: string, place: LockPlace): Promise<boolean> {
  return inPlace(path, () => isLockFileHeld(path, { ...place, staleMs: STALE_MS }))
}
