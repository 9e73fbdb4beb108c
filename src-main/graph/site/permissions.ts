import { need, type TypePermissions } from '../item/permissions.ts'

export const sitePermissions: TypePermissions = {
  backUp: [
    need('read sites', ['Sites.Read.All', 'Sites.ReadWrite.All']),
    need('read which applications have access to a site', ['Sites.FullControl.All']),
  ],
  restore: [need('give applications access to a site', ['Sites.FullControl.All'], [])],
}
