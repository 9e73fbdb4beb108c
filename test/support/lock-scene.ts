import { createSealer, randomSealingKey } from '../../src-main/engine/crypto/seal.ts'
import { newLock, type LockOwner } from '../../src-main/engine/repository/lock-files.ts'
import type { HeldLock } from '../../src-main/engine/repository/lock-watch.ts'
import { acquireLock, type LockOptions } from '../../src-main/engine/repository/locks.ts'
import { createFaultyStore, type FaultyStore } from './faulty-store.ts'
import { createManualClock, type ManualClock } from './manual-clock.ts'
import { createMemoryStore, type MemoryStore } from './memory-store.ts'

export const MINUTE = 60_000
export const sealer = createSealer(randomSealingKey())

/** A repository's locks, in a store with faults, under a clock that stands still, for a process of the host "desk". */
export interface LockScene {
  readonly memory: MemoryStore
  readonly store: FaultyStore
  readonly clock: ManualClock
  readonly owner: LockOwner
  options(changes?: Partial<LockOptions>): LockOptions
  /** Acquires a lock while time passes. */
  acquire(changes?: Partial<LockOptions>): Promise<HeldLock>
  /** Puts there what somebody else left or holds; gives the file's name. */
  plant(changes?: Partial<LockOwner> & { exclusive?: boolean; age?: number }): Promise<string>
  /** The names of all files. */
  files(): string[]
  /** Has a lock released at the end that was not acquired by `acquire`. */
  keep(lock: HeldLock): void
  /** Releases what was acquired. */
  end(): Promise<void>
}

export function createLockScene(): LockScene {
  const memory = createMemoryStore()
  const store = createFaultyStore(memory)
  const clock = createManualClock()
  const held: HeldLock[] = []
  const owner: LockOwner = {
    hostname: 'desk',
    username: 'anna',
    pid: 100,
    uid: 1000,
    gid: 1000,
    startedAt: clock.now() - MINUTE,
    isRunning: (pid) => pid < 1000,
  }
  const options = (changes: Partial<LockOptions> = {}): LockOptions => {
    return { store, sealer, clock, owner, exclusive: false, ...changes }
  }
  return {
    memory,
    store,
    clock,
    owner,
    options,
    async acquire(changes = {}) {
      const acquiring = acquireLock(options(changes))
      acquiring.catch(() => undefined) // awaited below, when time has passed
      await clock.advance(1_000)
      const lock = await acquiring
      held.push(lock)
      return lock
    },
    async plant({ exclusive = false, age = 0, ...others } = {}) {
      const other = { ...owner, hostname: 'elsewhere', pid: 200, ...others }
      const { id, bytes } = newLock(sealer, other, exclusive, clock.now() - age)
      await memory.put(`locks/${id}`, [bytes])
      return `locks/${id}`
    },
    files: () => [...memory.files.keys()],
    keep: (lock) => held.push(lock),
    async end() {
      store.follow(() => undefined)
      for (const lock of held) await lock.release()
    },
  }
}
