import { accessDenied, badRequest, GraphError } from '../http/errors.ts'
import { emptyReply, jsonReply } from '../http/exchange.ts'
import type { Reply } from '../http/exchange.ts'
import { parseFilter, passes } from '../odata/filter.ts'
import { parseSelect } from '../odata/query.ts'
import { folderProperties, folderType, renderFolder } from '../render/folder.ts'
import type { StoredFolder } from '../state/stored.ts'
import { folderByIdOrName } from '../state/references.ts'
import type { MailboxCall } from './context.ts'
import { collectionPage } from './paging.ts'
import { jsonObject, requiredText } from './request-json.ts'
import { folderOf } from './require-mailbox.ts'
import { selectSuffix } from './users.ts'

const defaultPage = 10
const largestPage = 1000

/** GET mailFolders and GET childFolders. Hidden folders only on request; never more than one level. */
export function listFolders(call: MailboxCall): Reply {
  const { query, mailbox } = call
  const parent = call.parameters.folder === undefined ? mailbox.root : folderOf(call)
  const selected = parseSelect(query.get('$select'), folderProperties, folderType)
  const hidden = query.flag('includeHiddenFolders')
  const folders = filtered(call, hidden ? parent.children : parent.visibleChildren)
  return collectionPage(call, folders, {
    kind: `mailFolders${selectSuffix(selected)}`,
    defaultPage,
    largestPage,
    render: (folder) => renderFolder(mailbox, folder, selected, hidden),
  })
}

function filtered(call: MailboxCall, folders: readonly StoredFolder[]): readonly StoredFolder[] {
  const text = call.query.get('$filter')
  if (text === undefined) return folders
  const node = parseFilter(text)
  return folders.filter((folder) =>
    passes(node, {
      value: (path) => {
        const name = folderProperties.get(path)
        if (name === undefined) throw badRequest(`Invalid filter clause: '${path}'.`, 'ErrorInvalidUrlQueryFilter')
        const value = renderFolder(call.mailbox, folder, undefined)[name]
        return typeof value === 'object' ? null : (value as string | number | boolean | undefined)
      },
      hasProperty: () => false,
    }),
  )
}

/** GET mailFolders/$count and childFolders/$count */
export function countFolders(call: MailboxCall): Reply {
  const parent = call.parameters.folder === undefined ? call.mailbox.root : folderOf(call)
  return plainNumber(parent.visibleChildren.length)
}

export function plainNumber(value: number): Reply {
  return { status: 200, headers: { 'Content-Type': 'text/plain' }, bytes: Buffer.from(String(value)) }
}

/** GET mailFolders/{id | well-known name} */
export function getFolder(call: MailboxCall): Reply {
  const selected = parseSelect(call.query.get('$select'), folderProperties, folderType)
  return folderReply(call, 200, folderOf(call), selected)
}

function folderReply(call: MailboxCall, status: number, folder: StoredFolder, selected?: ReadonlySet<string>): Reply {
  const metadata = `${call.context.origin()}/v1.0/$metadata#users('${call.user.id}')/mailFolders${selectSuffix(selected)}/$entity`
  return jsonReply(status, { '@odata.context': metadata, ...renderFolder(call.mailbox, folder, selected) })
}

/** POST mailFolders and POST childFolders. An equal name on that level is a 409, whatever its case. */
export function createFolder(call: MailboxCall): Reply {
  const parent = call.parameters.folder === undefined ? call.mailbox.root : folderOf(call)
  const body = jsonObject(call.request)
  const displayName = requiredText(body, 'displayName')
  const { isHidden = false } = body
  if (typeof isHidden !== 'boolean')
    throw badRequest("Cannot convert the value of 'isHidden' to Edm.Boolean.", 'RequestBodyRead')
  refuseTakenName(parent, displayName)
  return folderReply(call, 201, call.mailbox.addFolder(parent, displayName, { isHidden }))
}

function refuseTakenName(parent: StoredFolder, displayName: string, self?: StoredFolder): void {
  const wanted = displayName.toLowerCase()
  const taken = parent.children.some((child) => child !== self && child.displayName.toLowerCase() === wanted)
  if (taken) throw new GraphError(409, 'ErrorFolderExists', 'A folder with the specified name already exists.')
}

/** PATCH mailFolders/{id}: a new displayName. */
export function updateFolder(call: MailboxCall): Reply {
  const folder = folderOf(call)
  const displayName = requiredText(jsonObject(call.request), 'displayName')
  if (folder.wellKnownName !== undefined || folder.parent === undefined) throw accessDenied()
  refuseTakenName(folder.parent, displayName, folder)
  call.mailbox.renameFolder(folder, displayName)
  return folderReply(call, 200, folder)
}

/** DELETE mailFolders/{id}: to Deleted Items, or for good when it is there already. */
export function deleteFolder(call: MailboxCall): Reply {
  const folder = folderOf(call)
  refuseDistinguished(folder, 'ErrorDeleteDistinguishedFolder', 'Distinguished folders cannot be deleted.')
  const deletedItems = call.mailbox.wellKnownFolder('deleteditems')
  if (folder.isWithin(deletedItems)) call.mailbox.removeFolder(folder)
  else call.mailbox.moveFolder(folder, deletedItems)
  return emptyReply(204)
}

/** POST mailFolders/{id}/permanentDelete */
export function permanentlyDeleteFolder(call: MailboxCall): Reply {
  const folder = folderOf(call)
  refuseDistinguished(folder, 'ErrorDeleteDistinguishedFolder', 'Distinguished folders cannot be deleted.')
  call.mailbox.removeFolder(folder)
  return emptyReply(204)
}

/** POST mailFolders/{id}/move */
export function moveFolder(call: MailboxCall): Reply {
  const folder = folderOf(call)
  const destination = requiredText(jsonObject(call.request), 'destinationId')
  const target = folderByIdOrName(call.mailbox, destination, call.user.userPrincipalName)
  refuseDistinguished(folder, 'ErrorMoveDistinguishedFolder', 'Distinguished folders cannot be moved.')
  if (target.isWithin(folder)) throw badRequest('The folder cannot be moved into itself.', 'ErrorMoveCopyFailed')
  refuseTakenName(target, folder.displayName, folder)
  call.mailbox.moveFolder(folder, target)
  return folderReply(call, 200, folder)
}

function refuseDistinguished(folder: StoredFolder, code: string, message: string): void {
  if (folder.wellKnownName !== undefined || folder.parent === undefined) throw new GraphError(400, code, message)
}
