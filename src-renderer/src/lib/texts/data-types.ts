import type { DirectoryRoot } from '../../../../src-shared/ipc/index.ts'

const kinds: Readonly<Record<DirectoryRoot['kind'], string>> = { user: 'Users', group: 'Groups', site: 'Sites' }
const kind: Readonly<Record<DirectoryRoot['kind'], string>> = { user: 'User', group: 'Group', site: 'Site' }

/** Data types by what filters call them. */
const types: Readonly<Record<string, string>> = {
  mail: 'Mail',
  'mailbox-settings': 'Mailbox rules and settings',
  calendar: 'Calendars',
  contacts: 'Contacts',
  files: 'Files',
  onedrive: 'OneDrive files',
  libraries: 'Document libraries',
  tasks: 'To Do tasks',
  planner: 'Planner',
  notes: 'OneNote',
  chats: 'Chats',
  profile: 'Profile',
  group: 'Members and settings of groups',
  conversations: 'Group conversations',
  teams: 'Teams and channels',
  site: 'Settings of sites',
  lists: 'Lists',
  pages: 'Site pages',
}

export const dataTypeTexts = {
  kinds,
  kind,
  type: (word: string) => types[word] ?? word,
}
