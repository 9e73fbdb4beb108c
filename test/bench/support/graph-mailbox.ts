import type { InlineMessage, InlineSeed } from '../../support/graph-simulator/index.ts'
import { readRealMail, realMailFiles } from '../../support/real-mails.ts'

/** Folders that every mailbox of the simulator is born with, and those of them that hold mail here. */
const BORN_WITH = 8
const USUAL = ['inbox', 'sentitems', 'deleteditems', 'archive']

/** Every so many folders one lies inside the one before it. */
const NESTED_EVERY = 4

export interface RealMailboxOptions {
  readonly user: string
  readonly messages: number
  /** In all, with those that a mailbox always has. */
  readonly folders: number
  /** So many of the real mails are left for others. */
  readonly skip?: number
}

/** A user's mailbox of real mails, spread over its folders. */
export function realMailbox({ user, messages, folders, skip = 0 }: RealMailboxOptions): InlineSeed {
  const own = Array.from({ length: folders - BORN_WITH }, (_, index) => ownFolder(index))
  const places = [...USUAL, ...own.map(({ path }) => path)]
  const files = realMailFiles().slice(skip, skip + messages)
  const mails = files.map((file, index): InlineMessage => ({
    folder: places[index % places.length] ?? 'inbox',
    mime: { base64: readRealMail(file).toString('base64') },
    isRead: index % 3 !== 0,
  }))
  const made = own.map(({ displayName, parent }) => ({ displayName, ...(parent === undefined ? {} : { parent }) }))
  return { kind: 'inline', users: [{ userPrincipalName: user, folders: made, messages: mails }] }
}

function ownFolder(index: number): { displayName: string; parent: string | undefined; path: string } {
  const displayName = `Folder ${index + 1}`
  const parent = index % NESTED_EVERY === 1 ? `Folder ${index}` : undefined
  return { displayName, parent, path: parent === undefined ? displayName : `${parent}/${displayName}` }
}
