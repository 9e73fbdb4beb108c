import type { NewUser } from '../state/user.ts'

/** A folder to make (or a well-known one to use), how many shares of the mails it gets, and what lies below it. */
export interface FolderPlan {
  readonly name?: string
  readonly wellKnown?: string
  readonly hidden?: boolean
  readonly share?: number
  readonly children?: readonly FolderPlan[]
}

export interface CorpusUser {
  readonly user: NewUser
  readonly folders: readonly FolderPlan[]
}

/** Names on one level may be equal, differ only in case, or be awkward for file systems. */
const adele: CorpusUser = {
  user: {
    userPrincipalName: 'adele.vance@contoso.example',
    displayName: 'Adele Vance',
    givenName: 'Adele',
    surname: 'Vance',
    jobTitle: 'Retail Manager',
  },
  folders: [
    {
      wellKnown: 'inbox',
      share: 8,
      children: [
        {
          name: 'Projects',
          share: 3,
          children: [{ name: '2002', share: 2, children: [{ name: 'Q3', share: 2 }, { name: 'Q4' }] }],
        },
        { name: 'Mailing lists', share: 4, children: [{ name: 'ILUG' }, { name: 'ilug' }, { name: 'exmh-workers' }] },
      ],
    },
    { wellKnown: 'sentitems', share: 2 },
    { wellKnown: 'drafts' },
    { wellKnown: 'archive', share: 2 },
    { wellKnown: 'junkemail', share: 2 },
    { name: 'Duplicate', share: 2 },
    { name: 'Duplicate', share: 1, children: [{ name: 'Below the second' }] },
    { name: 'Hidden rules', hidden: true, children: [{ name: 'Below hidden' }] },
    { name: 'CON' },
    { name: 'Ends with a dot.' },
    { name: 'a/b: c*d?', children: [{ name: 'empty', share: 0 }] },
  ],
}

const bruno: CorpusUser = {
  user: {
    userPrincipalName: 'bruno.meier@contoso.example',
    displayName: 'Bruno Meier',
    givenName: 'Bruno',
    surname: 'Meier',
    mailbox: { language: 'de' },
  },
  folders: [
    { wellKnown: 'inbox', share: 6, children: [{ name: 'Rechnungen', share: 2, children: [{ name: 'Überfällig' }] }] },
    { wellKnown: 'sentitems', share: 2 },
    { wellKnown: 'deleteditems', share: 2, children: [{ name: 'Alte Ablage' }] },
    { wellKnown: 'junkemail', share: 3 },
    // Composed and decomposed form of the same name.
    { name: 'Caf\u00e9', children: [] },
    { name: 'Cafe\u0301' },
  ],
}

const chloe: CorpusUser = {
  user: {
    userPrincipalName: 'chloe.martin@contoso.example',
    displayName: 'Chloé Martin',
    givenName: 'Chloé',
    surname: 'Martin',
    mailbox: { language: 'fr' },
  },
  folders: [
    { wellKnown: 'inbox', share: 5, children: [{ name: 'Réunions' }, { name: 'À lire plus tard' }] },
    { wellKnown: 'sentitems' },
    { wellKnown: 'archive', share: 2 },
    { name: '日本語フォルダー', children: [{ name: '🎉 Feste' }] },
  ],
}

const emptyOne: CorpusUser = {
  user: { userPrincipalName: 'dora.empty@contoso.example', displayName: 'Dora Empty' },
  folders: [],
}

const withoutMailbox: CorpusUser = {
  user: { userPrincipalName: 'emil.nomail@contoso.example', displayName: 'Emil Nomail', mailbox: false },
  folders: [],
}

/** Three users with mail, one with an empty mailbox, one without a mailbox. */
export const corpusUsers: readonly CorpusUser[] = [adele, bruno, chloe, emptyOne, withoutMailbox]
