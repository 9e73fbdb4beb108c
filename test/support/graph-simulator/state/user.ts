import { guidFrom } from '../random.ts'
import { mailboxKey } from './ids.ts'
import { Mailbox } from './mailbox.ts'
import { displayNameOf, initialFolders, recoverableDeletions } from './well-known.ts'
import type { MailboxLanguage } from './well-known.ts'

/** What a new user is made from. */
export interface NewUser {
  readonly userPrincipalName: string
  readonly displayName?: string
  /** GUID; made from the name when absent. */
  readonly id?: string
  readonly mail?: string | null
  readonly givenName?: string
  readonly surname?: string
  readonly jobTitle?: string
  readonly accountEnabled?: boolean
  /** False for a user without a mailbox, a language for localized folder names. */
  readonly mailbox?: boolean | { readonly language: MailboxLanguage }
}

/** A user of the tenant, with the mailbox that may belong to it. */
export interface StoredUser {
  readonly id: string
  readonly userPrincipalName: string
  readonly displayName: string
  readonly mail: string | null
  readonly givenName: string | null
  readonly surname: string | null
  readonly jobTitle: string | null
  readonly accountEnabled: boolean
  readonly createdDateTime: string
  mailbox: Mailbox | undefined
}

export function makeUser(more: NewUser, createdAt: number): StoredUser {
  const id = more.id ?? guidFrom(more.userPrincipalName.toLowerCase())
  const wantsMailbox = more.mailbox ?? true
  const language = typeof wantsMailbox === 'object' ? wantsMailbox.language : 'en'
  return {
    id,
    userPrincipalName: more.userPrincipalName,
    displayName: more.displayName ?? more.userPrincipalName.split('@')[0] ?? more.userPrincipalName,
    mail: more.mail === undefined ? (wantsMailbox === false ? null : more.userPrincipalName) : more.mail,
    givenName: more.givenName ?? null,
    surname: more.surname ?? null,
    jobTitle: more.jobTitle ?? null,
    accountEnabled: more.accountEnabled ?? true,
    createdDateTime: new Date(createdAt).toISOString().slice(0, 19) + 'Z',
    mailbox: wantsMailbox === false ? undefined : makeMailbox(id, language),
  }
}

export function makeMailbox(userId: string, language: MailboxLanguage): Mailbox {
  const mailbox = new Mailbox(mailboxKey(userId))
  for (const [index, wellKnownName] of initialFolders.entries()) {
    mailbox.addFolder(mailbox.root, displayNameOf(index, language), { wellKnownName })
  }
  mailbox.addFolder(mailbox.recoverableRoot, 'Deletions', { wellKnownName: recoverableDeletions, isHidden: true })
  return mailbox
}
