import { need, type Need } from '../item/permissions.ts'

/** To find the users that are read. */
export const directoryNeeds: readonly Need[] = [
  need('list users', ['User.ReadBasic.All', 'User.Read.All', 'Directory.Read.All', 'User.ReadWrite.All']),
]
