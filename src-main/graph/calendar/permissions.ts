import { need, type TypePermissions } from '../item/permissions.ts'

/** https://learn.microsoft.com/graph/permissions-reference#calendars-permissions */
export const calendarPermissions: TypePermissions = {
  backUp: [need('read calendars and events', ['Calendars.Read', 'Calendars.ReadWrite'])],
  restore: [need('create calendars and events', ['Calendars.ReadWrite'])],
}
