import { need, type TypePermissions } from '../item/permissions.ts'

export const drivePermissions: TypePermissions = {
  backUp: [
    need(
      'read files',
      ['Files.Read.All', 'Sites.Read.All', 'Files.ReadWrite.All', 'Sites.ReadWrite.All'],
      ['Files.Read', 'Files.Read.All', 'Files.ReadWrite', 'Files.ReadWrite.All'],
    ),
  ],
  restore: [
    need(
      'create files and folders',
      ['Sites.ReadWrite.All', 'Files.ReadWrite.All'],
      ['Files.ReadWrite', 'Files.ReadWrite.All'],
    ),
  ],
}

/** The libraries of a site: those that are missing are made. */
export const librariesPermissions: TypePermissions = {
  backUp: drivePermissions.backUp,
  restore: [...drivePermissions.restore, need('create libraries', ['Sites.Manage.All', 'Sites.ReadWrite.All'])],
}
