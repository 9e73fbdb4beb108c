import { need, type TypePermissions } from '../item/permissions.ts'

export const mailPermissions: TypePermissions = {
  backUp: [need('read mail', ['Mail.Read', 'Mail.ReadWrite'])],
  restore: [need('create mail and folders', ['Mail.ReadWrite'])],
}
