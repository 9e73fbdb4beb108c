import { need, type TypePermissions } from '../item/permissions.ts'

/** Applications by themselves lost access on 2025-03-31. https://learn.microsoft.com/graph/api/resources/onenote-api-overview */
export const notesPermissions: TypePermissions = {
  backUp: [need('read notebooks', [], ['Notes.Read', 'Notes.ReadWrite', 'Notes.Read.All', 'Notes.ReadWrite.All'])],
  restore: [need('create notebooks and pages', [], ['Notes.ReadWrite', 'Notes.ReadWrite.All'])],
}
