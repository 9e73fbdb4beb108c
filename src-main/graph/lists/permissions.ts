import { need, type TypePermissions } from '../item/permissions.ts'

const read = ['Sites.Read.All', 'Sites.ReadWrite.All']

export const listsPermissions: TypePermissions = {
  backUp: [need('read lists and their items', read)],
  restore: [
    need('create list items', ['Sites.ReadWrite.All']),
    need('create lists and their columns', ['Sites.Manage.All', 'Sites.FullControl.All']),
  ],
}
