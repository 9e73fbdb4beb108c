import { need, type TypePermissions } from '../item/permissions.ts'

export const todoPermissions: TypePermissions = {
  backUp: [need('read tasks', ['Tasks.Read.All', 'Tasks.ReadWrite.All'], ['Tasks.Read', 'Tasks.ReadWrite'])],
  restore: [need('create tasks and lists', ['Tasks.ReadWrite.All'], ['Tasks.ReadWrite'])],
}
