/**
 * Folders a mailbox is born with. Well-known names stay, display names follow the language of the mailbox.
 * Source: https://learn.microsoft.com/graph/api/resources/mailfolder
 */
export const initialFolders = [
  'inbox',
  'drafts',
  'sentitems',
  'deleteditems',
  'junkemail',
  'outbox',
  'archive',
  'conversationhistory',
] as const

export const recoverableDeletions = 'recoverableitemsdeletions'

/** All names Graph knows; a mailbox need not have every one of them. */
export const wellKnownNames: ReadonlySet<string> = new Set([
  ...initialFolders,
  'msgfolderroot',
  recoverableDeletions,
  'clutter',
  'conflicts',
  'localfailures',
  'scheduled',
  'searchfolders',
  'serverfailures',
  'syncissues',
])

export type MailboxLanguage = 'en' | 'de' | 'fr'

const displayNames: Readonly<Record<MailboxLanguage, readonly string[]>> = {
  en: ['Inbox', 'Drafts', 'Sent Items', 'Deleted Items', 'Junk Email', 'Outbox', 'Archive', 'Conversation History'],
  de: [
    'Posteingang',
    'Entwürfe',
    'Gesendete Elemente',
    'Gelöschte Elemente',
    'Junk-E-Mail',
    'Postausgang',
    'Archiv',
    'Unterhaltungsverlauf',
  ],
  fr: [
    'Boîte de réception',
    'Brouillons',
    'Éléments envoyés',
    'Éléments supprimés',
    'Courrier indésirable',
    "Boîte d'envoi",
    'Archives',
    'Historique des conversations',
  ],
}

export function displayNameOf(index: number, language: MailboxLanguage): string {
  return displayNames[language][index] ?? ''
}
