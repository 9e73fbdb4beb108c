import { EngineError, isEngineError } from '../model/errors.ts'
import type { HexId } from '../model/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { DestinationStore } from '../ports/destination-store.ts'
import { STALE_AFTER, lockName } from './lock-files.ts'
import type { SealedFile } from './unpacked-file.ts'

/** A lock that is kept fresh until it is released or lost. */
export interface HeldLock {
  /**
   * Fires (reason: repository.lock-lost) when others may take the repository for unlocked: the lock could not be
   * written again in time, or somebody removed it. Whoever holds it must stop writing.
   */
  readonly lost: AbortSignal
  /**
   * Makes sure that the lock is held, also after the machine was suspended: to be awaited before anything is written
   * that refers to what others might have deleted (an index, a snapshot), and before anything is deleted.
   * Rejects with repository.lock-lost, or with the store's error if it cannot be found out.
   */
  confirm(): Promise<void>
  /** Removes the lock. Idempotent. Rejects with the store's error; may then be called again. */
  release(): Promise<void>
}

export interface LockWatchOptions {
  readonly store: DestinationStore
  readonly clock: Clock
  readonly id: HexId
  /** Milliseconds since 1970. */
  readonly writtenAt: number
  readonly newLock: (now: number) => SealedFile
}

const REFRESH_AFTER = 5 * 60_000
/** Well before others take it for stale: their clocks differ. */
const EXPIRES_AFTER = STALE_AFTER - 1.5 * REFRESH_AFTER
/** A machine that wakes up needs a moment until its network does. */
const GRACE = 2 * 60_000
/** Timers stand still while a machine is suspended, so the clock is looked at often. */
const LOOK_EVERY = 10_000
const SETTLE = 200

export class LockWatch implements HeldLock {
  readonly #options: LockWatchOptions
  readonly #lost = new AbortController()
  readonly #closed = new AbortController()
  /** Every file written and not yet removed; the last one is the lock. */
  #files: HexId[]
  #writtenAt: number
  #expiredSince: number | undefined
  #refreshing: Promise<void> | undefined

  constructor(options: LockWatchOptions) {
    this.#options = options
    this.#files = [options.id]
    this.#writtenAt = options.writtenAt
    void this.#watch()
  }

  get lost(): AbortSignal {
    return this.#lost.signal
  }

  async confirm(): Promise<void> {
    this.#lost.signal.throwIfAborted()
    if (this.#closed.signal.aborted)
      throw new EngineError('internal', { context: { what: 'lock', reason: 'released' } })
    if (this.#age() < EXPIRES_AFTER) return
    try {
      await this.#refresh()
    } catch (error) {
      this.#lost.signal.throwIfAborted()
      throw error
    }
  }

  async release(): Promise<void> {
    this.#closed.abort()
    await this.#refreshing?.catch(() => undefined) // what it wrote is in the list of files
    for (let id = this.#files.at(-1); id !== undefined; id = this.#files.at(-1)) {
      await this.#options.store.remove(lockName(id))
      this.#forget(id)
    }
  }

  #isClosed(): boolean {
    return this.#closed.signal.aborted
  }

  #age(): number {
    return this.#options.clock.now() - this.#writtenAt
  }

  async #watch(): Promise<void> {
    while (!this.#isClosed()) {
      // A clock that cannot wait would leave a lock that nobody keeps.
      await this.#options.clock.wait(LOOK_EVERY, this.#closed.signal).catch(() => {
        if (!this.#isClosed()) this.#lose('clock')
      })
      if (!this.#isClosed()) this.#look()
    }
  }

  #look(): void {
    const age = this.#age()
    if (age < REFRESH_AFTER) return
    if (age >= EXPIRES_AFTER) {
      const now = this.#options.clock.now()
      this.#expiredSince ??= now
      if (now - this.#expiredSince >= GRACE) {
        this.#lose('not refreshed')
        return
      }
    }
    this.#refresh().catch(() => undefined) // tried again at the next look, until the lock is lost
  }

  #refresh(): Promise<void> {
    this.#refreshing ??= this.#renew().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  /** Writes a new lock, then removes the old one. If that had expired, others may have removed it: then it is lost. */
  async #renew(): Promise<void> {
    const { store, clock, newLock } = this.#options
    const { signal } = this.#closed
    const old = this.#files.at(-1)
    if (old === undefined) return
    const expired = this.#age() >= EXPIRES_AFTER
    await this.#requireFile(old)
    const now = clock.now()
    const { id, bytes } = newLock(now)
    this.#files.unshift(id)
    await store.put(lockName(id), [bytes], signal)
    if (expired) {
      await clock.wait(SETTLE, signal)
      await this.#requireFile(old)
    }
    this.#files = [...this.#files.filter((file) => file !== id), id]
    this.#writtenAt = now
    this.#expiredSince = undefined
    for (const file of this.#files.slice(0, -1)) {
      await store.remove(lockName(file), signal)
      this.#forget(file)
    }
  }

  async #requireFile(id: HexId): Promise<void> {
    try {
      await this.#options.store.size(lockName(id), this.#closed.signal)
    } catch (error) {
      if (isEngineError(error, 'store.not-found')) this.#lose('removed')
      throw error
    }
  }

  #forget(id: HexId): void {
    this.#files = this.#files.filter((file) => file !== id)
  }

  #lose(reason: string): void {
    this.#lost.abort(new EngineError('repository.lock-lost', { context: { reason } }))
    this.#closed.abort()
  }
}
