import { randomBytes } from 'node:crypto'
import { open, readdir, stat, statfs, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { EngineError } from '../../engine/index.ts'
import { toStoreError } from '../../destinations/local-folder/store-errors.ts'
import { errnoOf } from '../../settings/private-file.ts'
import { stateOf, type PlaceState } from './place-state.ts'

const refused: ReadonlySet<string | undefined> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT'])

/** Looks at a folder of this machine, whether it is there or not, and writes and removes a file on its disk. */
export async function testFolder(path: string): Promise<PlaceState> {
  const folder = resolve(path)
  try {
    const names = await namesIn(folder)
    const there = names === undefined ? await nearest(folder) : folder
    const { bavail, blocks, bsize } = await statfs(there)
    return { state: stateOf(names), writable: await takesFiles(there), free: bavail * bsize, total: blocks * bsize }
  } catch (error) {
    throw error instanceof EngineError ? error : toStoreError(error)
  }
}

/** Undefined if there is no such folder. */
async function namesIn(folder: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** The folder above that is there. */
async function nearest(folder: string): Promise<string> {
  for (let at = dirname(folder); ; at = dirname(at)) {
    const found = await stat(at).catch((error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return undefined
      throw error
    })
    if (found?.isDirectory() === true) return at
    if (found !== undefined || at === dirname(at))
      throw new EngineError('store.not-found', { context: { place: folder } })
  }
}

async function takesFiles(folder: string): Promise<boolean> {
  const path = join(folder, `.holdfast-${randomBytes(6).toString('hex')}`)
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile('holdfast')
      await file.sync()
    } finally {
      await file.close()
      await unlink(path)
    }
    return true
  } catch (error) {
    if (refused.has(errnoOf(error))) return false
    throw error
  }
}
