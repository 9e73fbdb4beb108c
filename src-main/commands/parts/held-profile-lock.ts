import { systemClock } from '../../graph/client/system-clock.ts'
import { takeProfileLock } from '../../settings/profile-lock.ts'
import type { Output } from './output.ts'

/** A lock is refreshed more often than others take it for abandoned. */
const REFRESH_MS = 5 * 60_000
/** Timers stand still while a machine is suspended, so the clock is looked at often. */
const LOOK_MS = 10_000

/** Takes a lock file of the profile and keeps it until the function that it gives is called. Rejects like takeProfileLock. */
export async function holdProfileLock(path: string, output: Output): Promise<() => Promise<void>> {
  const lock = await takeProfileLock(path, { now: () => systemClock.now() })
  let refreshed = systemClock.now()
  const refreshing = setInterval(() => {
    const now = systemClock.now()
    if (now - refreshed < REFRESH_MS) return
    lock.refresh().then(
      () => (refreshed = now),
      (error: unknown) => output.detail(`lock of the profile: ${String(error)}`),
    )
  }, LOOK_MS)
  refreshing.unref()
  return async () => {
    clearInterval(refreshing)
    await lock.release()
  }
}
