import { GraphError, itemNotFound } from '../http/errors.ts'
import type { StoredFolder, StoredMessage } from '../state/stored.ts'
import { folderByIdOrName, messageById } from '../state/references.ts'
import type { MailboxCall, RouteCall } from './context.ts'

/** The call with its user's mailbox, or the error Graph answers for users that are unknown or have none. */
export function withMailbox(call: RouteCall): MailboxCall {
  const name = call.parameters.user ?? ''
  const user = call.context.tenant.findUser(name)
  if (user === undefined) throw new GraphError(404, 'ErrorInvalidUser', `The requested user '${name}' is invalid.`)
  if (user.mailbox === undefined) {
    throw new GraphError(
      404,
      'MailboxNotEnabledForRESTAPI',
      'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
    )
  }
  return { ...call, user, mailbox: user.mailbox }
}

/** The folder the path names; in a path through childFolders it must really be a child of the one before. */
export function folderOf(call: MailboxCall): StoredFolder {
  const { folder = '', parentFolder } = call.parameters
  const found = folderByIdOrName(call.mailbox, folder, call.user.userPrincipalName)
  if (parentFolder !== undefined) {
    const parent = folderByIdOrName(call.mailbox, parentFolder, call.user.userPrincipalName)
    if (found.parent !== parent) throw itemNotFound()
  }
  return found
}

/** The message the path names; in a path through a folder it must lie there. */
export function messageOf(call: MailboxCall): StoredMessage {
  const message = messageById(call.mailbox, call.parameters.message ?? '', call.user.userPrincipalName)
  if (call.parameters.folder !== undefined && folderOf(call) !== message.folder) throw itemNotFound()
  return message
}
