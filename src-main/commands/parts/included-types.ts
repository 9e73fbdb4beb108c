/** What of users is read: words of --office365-included-user-types. */
export const userTypes = [
  'Profile',
  'Mailbox',
  'Calendar',
  'Contacts',
  'Files',
  'Planner',
  'Chats',
  'Tasks',
  'Notes',
] as const

/** What of groups is read, beside their members, owners and settings: words of --office365-included-group-types. */
export const groupTypes = ['Mailbox', 'Files', 'Planner', 'Teams', 'Calendar', 'Notes'] as const

export type UserType = (typeof userTypes)[number]
export type GroupType = (typeof groupTypes)[number]
