import { statfs } from 'node:fs/promises'
import { folderPath } from '../../commands/parts/destination.ts'
import { signInAccount } from '../../commands/parts/sign-in.ts'
import { findDrive } from '../../destinations/graph-drive/find-drive.ts'
import { isGraphDestination, parseGraphDestination } from '../../destinations/graph-drive/urls.ts'
import { isEngineError } from '../../engine/index.ts'
import { errnoOf } from '../../settings/private-file.ts'
import type { HostServices } from '../services.ts'
import { withSession } from '../with-session.ts'

interface Room {
  readonly free: number
  readonly total: number
}

/** Remembers how much room a destination has left. Where that cannot be found out, the next time will do. */
export async function noteRoomAfter(services: HostServices, place: string): Promise<void> {
  const room = await roomAt(services, place).catch((error: unknown) => {
    if (isEngineError(error) || errnoOf(error) !== undefined) return undefined
    throw error
  })
  if (room !== undefined) await services.state.notePlace(place, { free: room.free, total: room.total })
}

async function roomAt(services: HostServices, place: string): Promise<Room | undefined> {
  if (!isGraphDestination(place)) {
    const { bavail, blocks, bsize } = await statfs(folderPath(place, 'The destination'))
    return { free: bavail * bsize, total: blocks * bsize }
  }
  const { authid, place: drive } = parseGraphDestination(place)
  if (authid === undefined) return undefined
  const { signal } = new AbortController()
  return await withSession(services, { signal }, async (session) => {
    const { client } = await signInAccount(session, authid, 'authid')
    const { quota } = await findDrive(client, drive, signal)
    return quota === undefined ? undefined : { free: quota.remaining, total: quota.total }
  })
}
