/** How an item is named in messages and reports: never by its subject. */
export interface ItemReference {
  readonly folder: string
  /** Short form of the Graph id, as at the end of file names; undefined for what is no item of ours. */
  readonly id?: string
}

const ITEM = /^(?:(.*)\/)?[^/]* ?~([a-z2-7]{10})(?:\.[a-z]+)?$/s
/** The folder of the month says nothing that the id does not. */
const MONTH = /\/\d{4}-\d{2}$/

/** The reference for a path in a snapshot, with or without an extension. */
export function itemReference(path: string): ItemReference {
  const [, folder = '', id] = ITEM.exec(path) ?? []
  return id === undefined ? { folder: path } : { folder: folder.replace(MONTH, ''), id }
}

/** The same as text: "users/ada@contoso.example/mailbox/Inbox ~abcdefghij". */
export function referenceText({ folder, id }: ItemReference): string {
  return id === undefined ? folder : `${folder} ~${id}`
}
