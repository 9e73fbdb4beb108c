import { randomBytes } from 'node:crypto'
import { link, open, readFile, stat, unlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { EngineError } from '../engine/model/errors.ts'

/** A lock is held for a moment; one that is this old was left by a program that died, or by another machine that did. */
const staleMs = 30_000
const firstWaitMs = 5
const longestWaitMs = 200
const longestMs = 60_000

interface Holder {
  readonly host: string
  readonly pid: number
  readonly id: string
}

/**
 * Does `work` while no other process changes the vault: a file beside it says who is at it. Rejects with
 * `secrets.vault-busy` when that lasts for a minute.
 */
export async function withLock<T>(vault: string, work: () => Promise<T>): Promise<T> {
  const path = `${vault}.lock`
  const own: Holder = { host: hostname(), pid: process.pid, id: randomBytes(8).toString('hex') }
  await take(path, own)
  try {
    return await work()
  } finally {
    await release(path, own)
  }
}

async function take(path: string, own: Holder): Promise<void> {
  const until = performance.now() + longestMs
  for (let wait = firstWaitMs; !(await create(path, JSON.stringify(own))); wait = Math.min(wait * 2, longestWaitMs)) {
    await removeIfStale(path)
    if (performance.now() > until) throw new EngineError('secrets.vault-busy', { retry: 'later' })
    await delay(wait)
  }
}

/** Whole or not at all: the content is there before the name is. */
async function create(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, content, { flag: 'wx', mode: 0o600 })
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    if (!hasCode(error, 'EPERM') && !hasCode(error, 'ENOTSUP') && !hasCode(error, 'ENOSYS')) throw error
    return await createPlainly(path, content)
  } finally {
    await unlink(draft)
  }
}

/** File systems without hard links (FAT, some shares). */
async function createPlainly(path: string, content: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(content)
    await file.close()
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

/**
 * Two that find the same lock stale must not remove each other's new one: whoever removes holds a second lock for that
 * moment, and looks again.
 */
async function removeIfStale(path: string): Promise<void> {
  if (!(await isStale(path))) return
  const guard = `${path}.remove`
  if (!(await create(guard, ''))) {
    if (await isOld(guard)) await unlinkIfThere(guard)
    return
  }
  try {
    if (await isStale(path)) await unlinkIfThere(path)
  } finally {
    await unlinkIfThere(guard)
  }
}

async function isStale(path: string): Promise<boolean> {
  const holder = await readHolder(path)
  if (holder?.host === hostname() && !isAlive(holder.pid)) return true
  return await isOld(path)
}

async function isOld(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > staleMs
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder
  } catch (error) {
    if (hasCode(error, 'ENOENT') || error instanceof SyntaxError) return undefined
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return hasCode(error, 'EPERM')
  }
}

/** Somebody who took us for dead may have it by now. */
async function release(path: string, own: Holder): Promise<void> {
  if ((await readHolder(path))?.id === own.id) await unlinkIfThere(path)
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
