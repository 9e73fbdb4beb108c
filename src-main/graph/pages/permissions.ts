import { need, type TypePermissions } from '../item/permissions.ts'

export const pagePermissions: TypePermissions = {
  backUp: [need('read pages of sites', ['Sites.Read.All', 'Sites.ReadWrite.All'])],
  restore: [need('create pages in sites', ['Sites.ReadWrite.All'])],
}
