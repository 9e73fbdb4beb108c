import { systemClock } from '../../graph/client/system-clock.ts'
import { takeProfileLock } from '../../settings/profile-lock.ts'
import type { Output } from './output.ts'

/** A lock is refreshed more often than others take it for abandoned. */
const REFRESH_MS = 5 * 60_000

/** Takes a lock file of the profile and keeps it until the function that it gives is called. Rejects like takeProfileLock. */
export async function holdProfileLock(path: string, output: Output): Promise<() => Promise<void>> {
  const lock = await takeProfileLock(path, { now: () => systemClock.now() })
  const refreshing = setInterval(() => {
    lock.refresh().catch((error: unknown) => output.detail(`lock of the profile: ${String(error)}`))
  }, REFRESH_MS)
  refreshing.unref()
  return async () => {
    clearInterval(refreshing)
    await lock.release()
  }
}
