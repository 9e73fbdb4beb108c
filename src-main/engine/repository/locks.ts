import type { Sealer } from '../crypto/seal.ts'
import { EngineError, isEngineError } from '../model/errors.ts'
import type { HexId } from '../model/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { DestinationStore } from '../ports/destination-store.ts'
import { isStale, listLocks, lockName, newLock, thisProcess, type LockOwner, type StoredLock } from './lock-files.ts'
import { LockWatch, type HeldLock } from './lock-watch.ts'

export interface LockOptions {
  readonly store: DestinationStore
  readonly sealer: Sealer
  readonly clock: Clock
  /** Exclusive: nobody else may hold a lock. Otherwise nobody may hold an exclusive one. */
  readonly exclusive: boolean
  /** Milliseconds for which to try again while somebody else holds a lock. Default 0. */
  readonly retryFor?: number
  /** Told before each pause, with the error that would be thrown if there were no time left. */
  readonly onBlocked?: (blocked: EngineError) => void
  readonly owner?: LockOwner
  readonly signal?: AbortSignal
}

/** How long a lock that was written at the same time may take to show up. */
const SETTLE = 200
const FIRST_PAUSE = 5_000
const LONGEST_PAUSE = 60_000

/**
 * Locks the repository until `release`. Locks that nobody holds any more are removed on the way. Rejects with
 * repository.locked (retry later; context: hostname, pid, exclusive, ageMinutes), repository.lock-damaged if a lock
 * cannot be read, `cancelled`, or the store's error; then no lock is left behind.
 */
export async function acquireLock(options: LockOptions): Promise<HeldLock> {
  const { clock, retryFor = 0, signal, onBlocked } = options
  ignoreHangUp()
  const deadline = clock.now() + retryFor
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      return await tryOnce(options)
    } catch (error) {
      const left = deadline - clock.now()
      if (!isEngineError(error, 'repository.locked') || left <= 0) throw error
      onBlocked?.(error)
      await wait(clock, Math.min(pause, left), signal)
    }
  }
}

/** As restic does: look, write, wait for those who did the same at the same time, look again. */
async function tryOnce(options: LockOptions): Promise<HeldLock> {
  const { store, sealer, clock, exclusive, owner = thisProcess(), signal } = options
  await requireFree(options, owner)
  const writtenAt = clock.now()
  const { id, bytes } = newLock(sealer, owner, exclusive, writtenAt)
  try {
    await store.put(lockName(id), [bytes], signal)
    await wait(clock, SETTLE, signal)
    await requireFree(options, owner, id)
  } catch (error) {
    // What went wrong before is what matters; a lock that stays is stale as soon as this process ends.
    await store.remove(lockName(id)).catch(() => undefined)
    throw error
  }
  return new LockWatch({ store, clock, id, writtenAt, newLock: (now) => newLock(sealer, owner, exclusive, now) })
}

async function requireFree(options: LockOptions, owner: LockOwner, own?: HexId): Promise<void> {
  const { store, sealer, clock, exclusive, signal } = options
  const { locks, damaged } = await listLocks(store, sealer, signal, new Set(own === undefined ? [] : [own]))
  const now = clock.now()
  let blocking: StoredLock | undefined
  for (const lock of locks) {
    if (isStale(lock, owner, now)) await store.remove(lockName(lock.id), signal)
    else if (exclusive || lock.exclusive) blocking ??= lock
  }
  if (blocking !== undefined) throw locked(blocking, now)
  if (damaged[0] !== undefined) throw damaged[0]
}

function locked({ hostname, pid, exclusive, time }: StoredLock, now: number): EngineError {
  const ageMinutes = Math.max(0, Math.floor((now - time) / 60_000))
  return new EngineError('repository.locked', { retry: 'later', context: { hostname, pid, exclusive, ageMinutes } })
}

async function wait(clock: Clock, milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await clock.wait(milliseconds, signal)
  } catch (error) {
    throw signal?.aborted === true ? new EngineError('cancelled', { cause: error }) : error
  }
}

let ignoring = false

/**
 * `restic unlock` finds out whether the process of a lock is alive by sending it SIGHUP, which would end it. The signal
 * stays ignored after the release: a `restic unlock` that has read the lock may send it a moment later.
 */
function ignoreHangUp(): void {
  if (ignoring) return
  ignoring = true
  process.on('SIGHUP', () => undefined)
}
