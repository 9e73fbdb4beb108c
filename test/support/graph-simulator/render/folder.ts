import { propertyNames } from '../odata/query.ts'
import { folderId } from '../state/ids.ts'
import type { StoredFolder } from '../state/stored.ts'
import type { Mailbox } from '../state/mailbox.ts'

const names = [
  'displayName',
  'parentFolderId',
  'childFolderCount',
  'unreadItemCount',
  'totalItemCount',
  'isHidden',
] as const

export const folderType = 'microsoft.graph.mailFolder'
export const folderProperties = propertyNames([...names, 'id', 'childFolders', 'messages', 'messageRules'])

/** A folder as JSON: the selected properties, always with its id. */
export function renderFolder(
  mailbox: Mailbox,
  folder: StoredFolder,
  selected: ReadonlySet<string> | undefined,
  includeHidden = false,
): Record<string, unknown> {
  const shown: Record<string, unknown> = { id: folderId(mailbox.key, folder.number) }
  for (const name of names) {
    if (selected?.has(name) === false) continue
    const value = folderProperty(mailbox, folder, name, includeHidden)
    if (value !== undefined) shown[name] = value
  }
  return shown
}

function folderProperty(
  mailbox: Mailbox,
  folder: StoredFolder,
  name: (typeof names)[number],
  includeHidden: boolean,
): unknown {
  switch (name) {
    case 'displayName':
    case 'isHidden':
      return folder[name]
    case 'parentFolderId':
      // The parent of the topmost folder is nothing a client can address; it still has an id.
      return folderId(mailbox.key, folder.parent?.number ?? 0)
    case 'childFolderCount':
      return includeHidden ? folder.children.length : folder.visibleChildren.length
    case 'unreadItemCount':
      return folder.unread
    case 'totalItemCount':
      return folder.members.length
  }
}
