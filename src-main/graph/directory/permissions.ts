import { need, type Need } from '../item/permissions.ts'

/** To find the users that are read. */
export const directoryNeeds: readonly Need[] = [
  need('list users', ['User.ReadBasic.All', 'User.Read.All', 'Directory.Read.All', 'User.ReadWrite.All']),
]

/** To find the groups that are read. */
export const groupDirectoryNeeds: readonly Need[] = [
  need('list groups', ['Group.Read.All', 'GroupMember.Read.All', 'Directory.Read.All', 'Group.ReadWrite.All']),
]

/** To find the sites that are read. */
export const siteDirectoryNeeds: readonly Need[] = [need('list sites', ['Sites.Read.All', 'Sites.ReadWrite.All'])]
