import { lutimes, readlink, symlink } from 'node:fs/promises'
import { EngineError, type ErrorCode } from '../../model/errors.ts'
import type { TreeNode } from '../../model/tree.ts'
import { diskPath, diskTime, errnoOf, fileErrorCode, isUnsupported } from '../../repository/disk-file.ts'
import { timeOf } from './file-batch.ts'

/** Makes a symbolic link; gives the code of what kept it from that. Rejects with store.full or store.read-only. */
export async function restoreLink(place: string, node: TreeNode): Promise<'made' | 'present' | ErrorCode> {
  const path = diskPath(place)
  const target = diskPath(node.linktarget ?? '')
  try {
    await symlink(target, path)
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return (await leadsTo(path, target)) ? 'present' : 'restore.target-exists'
    const code = fileErrorCode(error)
    if (code === 'store.full' || code === 'store.read-only') throw new EngineError(code, { cause: error })
    return code
  }
  try {
    const time = diskTime(timeOf(node))
    await lutimes(path, time, time)
  } catch (error) {
    if (!isUnsupported(error)) return fileErrorCode(error)
  }
  return 'made'
}

/** Whether there is a link with that target. */
export async function leadsTo(path: string | Buffer, target: string | Buffer): Promise<boolean> {
  try {
    return (await readlink(path, 'buffer')).equals(Buffer.from(target))
  } catch {
    return false // no link: what is there stays
  }
}
