import { randomBytes } from 'node:crypto'
import { readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'

const OWN = /^\.holdfast-(\d+)-[0-9a-f]{12}\.tmp$/
// restic's local backend writes "<name>-tmp-<number>" and renames it.
const RESTIC = /-tmp-\d+$/
const ABANDONED_AFTER = 24 * 3_600_000

/** Names in use by this process. */
const inUse = new Set<string>()

/** A name for a file that is being written; to be given back with `discardName` when it is gone. */
export function takeName(): string {
  const name = `.holdfast-${String(process.pid)}-${randomBytes(6).toString('hex')}.tmp`
  inUse.add(name)
  return name
}

export function discardName(name: string): void {
  inUse.delete(name)
}

/** Whether a file of that name is not finished. */
export function isTemporary(name: string): boolean {
  return OWN.test(name) || RESTIC.test(name)
}

/**
 * Removes what processes that were killed have left in the folder: own names only, a day old, and of no process that
 * runs here. Never fails: it is about space, and what is in the way of it shows in the write that follows.
 */
export async function removeAbandoned(folder: string): Promise<void> {
  try {
    for (const name of await readdir(folder)) {
      const pid = OWN.exec(name)?.[1]
      if (pid === undefined || inUse.has(name) || isOtherRunning(Number(pid))) continue
      const path = join(folder, name)
      if (Date.now() - (await stat(path)).mtimeMs > ABANDONED_AFTER) await unlink(path)
    }
  } catch {
    // See above.
  }
}

/** A number that is this process's own was another's before: the names in use are known. */
function isOtherRunning(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
