import { readRealMail, realMailFiles } from '../support/real-mails.ts'
import type { MessageInfo, SpawnedSimulator } from '../support/graph-simulator/index.ts'

export const OWNER = 'adele.vance@contoso.example'
const OTHER = 'bruno.meier@contoso.example'

/** The folder that a person deletes by mistake, below the inbox. */
export const LOST_FOLDER = 'Mailing lists'

export interface Changes {
  readonly created: number
  readonly moved: number
  readonly deleted: number
  readonly flagged: number
  readonly read: number
  /** What was in the folder that was deleted, folders below it included. */
  readonly lost: readonly MessageInfo[]
}

/** What people do in a day: mail comes in, is moved, flagged, read, deleted; and a folder goes by mistake. */
export async function changeMailboxes({ tenant }: SpawnedSimulator): Promise<Changes> {
  const inbox = await tenant.messages(OWNER, 'inbox')
  const sent = await tenant.messages(OTHER, 'inbox')
  const files = realMailFiles().slice(100, 112)
  for (const [i, file] of files.entries()) {
    const id = Buffer.from(`Message-ID: <demo-${String(i)}@contoso.example>\r\n`)
    await tenant.addMessage(OWNER, 'inbox', Buffer.concat([id, readRealMail(file)]), {
      receivedDateTime: `2026-11-${String(i + 1).padStart(2, '0')}T09:30:00Z`,
    })
  }
  for (const { id } of inbox.slice(0, 20)) await tenant.moveMessage(OWNER, id, 'archive')
  for (const { id } of sent.slice(0, 9)) await tenant.deleteMessage(OTHER, id, { permanent: true })
  for (const { id } of inbox.slice(30, 45)) await tenant.flagMessage(OWNER, id, { flagStatus: 'flagged' })
  for (const { id, isRead } of sent.slice(20, 40)) await tenant.setRead(OTHER, id, !isRead)
  const folder = (await tenant.folders(OWNER)).find(({ path }) => path.at(-1) === LOST_FOLDER)
  if (folder === undefined) throw new Error(`the demo mailbox has no folder ${LOST_FOLDER}`)
  const lost = (await tenant.messages(OWNER)).filter(({ folderPath }) => isWithin(folderPath, folder.path))
  await tenant.deleteFolder(OWNER, folder.path, { permanent: true })
  return { created: files.length, moved: 20, deleted: 9 + lost.length, flagged: 15, read: 20, lost }
}

export function isWithin(path: readonly string[], folder: readonly string[]): boolean {
  return folder.every((name, depth) => path[depth] === name)
}
