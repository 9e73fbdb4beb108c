import { need, type TypePermissions } from '../item/permissions.ts'

export const contactsPermissions: TypePermissions = {
  backUp: [need('read contacts', ['Contacts.Read', 'Contacts.ReadWrite'])],
  restore: [need('create contacts and folders', ['Contacts.ReadWrite'])],
}
