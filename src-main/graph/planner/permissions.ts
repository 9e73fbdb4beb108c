import { need, type TypePermissions } from '../item/permissions.ts'

export const plannerPermissions: TypePermissions = {
  backUp: [
    need(
      'read plans and their tasks',
      ['Tasks.Read.All', 'Tasks.ReadWrite.All'],
      ['Tasks.Read', 'Group.Read.All', 'Tasks.ReadWrite', 'Group.ReadWrite.All'],
    ),
  ],
  restore: [
    need('create plans, buckets and tasks', ['Tasks.ReadWrite.All'], ['Tasks.ReadWrite', 'Group.ReadWrite.All']),
  ],
}
