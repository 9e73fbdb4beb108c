import { need, type TypePermissions } from '../item/permissions.ts'

/** https://learn.microsoft.com/graph/permissions-reference#calendars-permissions */
export const calendarPermissions: TypePermissions = {
  backUp: [need('read calendars and events', ['Calendars.Read', 'Calendars.ReadWrite'])],
  restore: [need('create calendars and events', ['Calendars.ReadWrite'])],
}

/** Of groups. Graph lists the events of a group for people only, but shows applications what is within a window of time. */
export const groupCalendarPermissions: TypePermissions = {
  backUp: [
    need(
      'read the calendar of a group',
      ['Calendars.Read', 'Calendars.ReadWrite'],
      ['Group.Read.All', 'Group.ReadWrite.All'],
    ),
    need('read attachments of events', ['Calendars.Read', 'Calendars.ReadWrite']),
  ],
  restore: [
    need('create events in the calendar of a group', [], ['Group.ReadWrite.All']),
    need('create attachments of events', ['Calendars.ReadWrite']),
  ],
}
