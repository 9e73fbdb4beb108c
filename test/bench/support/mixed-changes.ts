import type { MessageInfo, SpawnedSimulator } from '../../support/graph-simulator/index.ts'
import { readRealMail, realMailFiles } from '../../support/real-mails.ts'

export interface ChangeCounts {
  readonly added: number
  readonly moved: number
  readonly deleted: number
  readonly flagged: number
  readonly read: number
  readonly categorised: number
}

/** What people do in a day, spread over the folders. Every message is changed once at most. */
export async function changeMailbox(simulator: SpawnedSimulator, user: string, counts: ChangeCounts): Promise<number> {
  const { tenant } = simulator
  const messages = await tenant.messages(user)
  const folders = [...new Set(messages.map(({ parentFolderId }) => parentFolderId))]
  // A step that shares no factor with the number of folders walks through all of them.
  const step = Math.max(1, Math.floor(messages.length / 100)) | 1
  let taken = 0
  const next = (): MessageInfo => {
    const message = messages[(taken++ * step) % messages.length]
    if (message === undefined) throw new Error('too few messages to change')
    return message
  }
  const actions: readonly (readonly [number, (index: number) => Promise<unknown>])[] = [
    [counts.added, (index) => tenant.addMessage(user, folders[index % folders.length] ?? 'inbox', newMail(index))],
    [counts.moved, (index) => tenant.moveMessage(user, next().id, otherFolder(folders, index))],
    [counts.deleted, (index) => tenant.deleteMessage(user, next().id, { permanent: index % 2 === 0 })],
    [counts.flagged, () => tenant.flagMessage(user, next().id, { flagStatus: 'flagged' })],
    [counts.read, () => toggleRead(simulator, user, next())],
    [counts.categorised, (index) => tenant.setCategories(user, next().id, [`Category ${index}`])],
  ]
  for (const [count, act] of actions) for (let index = 0; index < count; index++) await act(index)
  return actions.reduce((sum, [count]) => sum + count, 0)
}

function toggleRead({ tenant }: SpawnedSimulator, user: string, { id, isRead }: MessageInfo): Promise<void> {
  return tenant.setRead(user, id, !isRead)
}

function otherFolder(folders: readonly string[], index: number): string {
  return folders[(index * 7 + 3) % folders.length] ?? 'archive'
}

function newMail(index: number): Buffer {
  const file = realMailFiles().at(-1 - index)
  if (file === undefined) throw new Error('too few real mails')
  return readRealMail(file)
}
