import { setTimeout as delay } from 'node:timers/promises'
import { EngineError } from '../engine/model/errors.ts'
import { tryLockFile, type LockFile } from '../settings/lock-file.ts'

/** A lock is held for a moment; one that is this old was left by a program that died, or by another machine that did. */
const staleMs = 30_000
const firstWaitMs = 5
const longestWaitMs = 200
const longestMs = 60_000

/**
 * Does `work` while no other process changes the vault: a file beside it says who is at it. Rejects with
 * `secrets.vault-busy` when that lasts for a minute.
 */
export async function withLock<T>(vault: string, work: () => Promise<T>): Promise<T> {
  const lock = await take(`${vault}.lock`)
  try {
    return await work()
  } finally {
    await lock.release()
  }
}

async function take(path: string): Promise<LockFile> {
  const until = performance.now() + longestMs
  for (let wait = firstWaitMs; ; wait = Math.min(wait * 2, longestWaitMs)) {
    const attempt = await tryLockFile(path, { now: () => Date.now(), staleMs })
    if ('lock' in attempt) return attempt.lock
    if (performance.now() > until) throw new EngineError('secrets.vault-busy', { retry: 'later' })
    await delay(wait)
  }
}
