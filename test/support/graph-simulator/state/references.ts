import { idMalformed, itemNotFound, wrongMailbox } from '../http/errors.ts'
import type { StoredFolder, StoredMessage } from './stored.ts'
import { parseId } from './ids.ts'
import type { Mailbox } from './mailbox.ts'
import { wellKnownNames } from './well-known.ts'

/** The folder an id or a well-known name stands for, or the error Graph answers. */
export function folderByIdOrName(mailbox: Mailbox, reference: string, owner: string): StoredFolder {
  const name = reference.toLowerCase()
  if (wellKnownNames.has(name)) return mailbox.wellKnownFolder(name)
  const parsed = parseId(reference)
  if (parsed.kind !== 'folder') throw idMalformed()
  if (parsed.mailbox !== mailbox.key) throw wrongMailbox(owner)
  const folder = mailbox.folders.get(parsed.number)
  if (folder === undefined) throw itemNotFound()
  return folder
}

/** The message an id of either family stands for, or the error Graph answers. A regular id dies when its message moves. */
export function messageById(mailbox: Mailbox, id: string, owner: string): StoredMessage {
  const parsed = parseId(id)
  if (parsed.kind !== 'message') throw idMalformed()
  if (parsed.mailbox !== mailbox.key) throw wrongMailbox(owner)
  const message = mailbox.message(parsed.number)
  if (message === undefined || (parsed.moves !== undefined && parsed.moves !== message.moves)) throw itemNotFound()
  return message
}
