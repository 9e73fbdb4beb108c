import { need, type TypePermissions } from '../item/permissions.ts'

export const mailboxSettingsPermissions: TypePermissions = {
  backUp: [
    // Graph takes no other permission for them, not even the one to write.
    need('read rules and categories', ['MailboxSettings.Read']),
    need('read settings', ['MailboxSettings.Read', 'MailboxSettings.ReadWrite']),
    need(
      'name the folders of rules',
      ['Mail.ReadBasic.All', 'Mail.Read', 'Mail.ReadWrite'],
      ['Mail.ReadBasic', 'Mail.Read', 'Mail.ReadWrite'],
    ),
  ],
  restore: [need('create rules and categories, change settings', ['MailboxSettings.ReadWrite'])],
}
