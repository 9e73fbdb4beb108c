import { need, type TypePermissions } from '../item/permissions.ts'

export const profilePermissions: TypePermissions = {
  backUp: [need('read profiles and photos', ['User.Read.All', 'User.ReadWrite.All'], ['User.Read', 'User.Read.All'])],
  restore: [need('change profiles and photos', ['User.ReadWrite.All'], ['User.ReadWrite', 'User.ReadWrite.All'])],
}
