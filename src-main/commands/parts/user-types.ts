import { mailPermissions } from '../../graph/mail/permissions.ts'
import { mailDescriber, mailReader } from '../../graph/mail/reader.ts'
import { mailRestorer } from '../../graph/mail/restorer.ts'
import { calendarPermissions } from '../../graph/calendar/permissions.ts'
import { calendarDescriber, calendarReader } from '../../graph/calendar/reader.ts'
import { calendarRestorer } from '../../graph/calendar/restorer.ts'
import { chatsPermissions } from '../../graph/chats/permissions.ts'
import { chatsDescriber, chatsReader } from '../../graph/chats/reader.ts'
import { chatsRestorer } from '../../graph/chats/restorer.ts'
import { contactsPermissions } from '../../graph/contacts/permissions.ts'
import { contactsDescriber, contactsReader } from '../../graph/contacts/reader.ts'
import { contactsRestorer } from '../../graph/contacts/restorer.ts'
import { drivePermissions } from '../../graph/drive/permissions.ts'
import { driveDescriber, driveReader } from '../../graph/drive/reader.ts'
import { driveRestorer } from '../../graph/drive/restorer.ts'
import { userDriveId, userDrives } from '../../graph/drive/user-drives.ts'
import { mailboxSettingsPermissions } from '../../graph/mailbox-settings/permissions.ts'
import { mailboxSettingsDescriber, mailboxSettingsReader } from '../../graph/mailbox-settings/reader.ts'
import { mailboxSettingsRestorer } from '../../graph/mailbox-settings/restorer.ts'
import { notesPermissions } from '../../graph/onenote/permissions.ts'
import { onenoteDescriber, onenoteReader } from '../../graph/onenote/reader.ts'
import { onenoteRestorer } from '../../graph/onenote/restorer.ts'
import { plannerPermissions } from '../../graph/planner/permissions.ts'
import { plannerDescriber, plannerReader } from '../../graph/planner/reader.ts'
import { plannerRestorer } from '../../graph/planner/restorer.ts'
import { profilePermissions } from '../../graph/profile/permissions.ts'
import { profileDescriber, profileReader } from '../../graph/profile/reader.ts'
import { profileRestorer } from '../../graph/profile/restorer.ts'
import { todoPermissions } from '../../graph/todo/permissions.ts'
import { todoDescriber, todoReader } from '../../graph/todo/reader.ts'
import { todoRestorer } from '../../graph/todo/restorer.ts'
import type { DataType } from './data-type.ts'
import type { UserType } from './included-types.ts'

/** What is read of users, in the order in which it is restored: rules come after the folders that they name. */
export const userDataTypes: readonly DataType<UserType>[] = [
  {
    word: 'Mailbox',
    describer: mailDescriber,
    permissions: mailPermissions,
    reader: ({ client }) => mailReader(client),
    restorer: ({ client, clock }) => mailRestorer(client, clock),
  },
  {
    word: 'Mailbox',
    describer: mailboxSettingsDescriber,
    permissions: mailboxSettingsPermissions,
    reader: ({ client }) => mailboxSettingsReader(client),
    restorer: ({ client }) => mailboxSettingsRestorer(client),
  },
  {
    word: 'Calendar',
    describer: calendarDescriber,
    permissions: calendarPermissions,
    reader: ({ client }) => calendarReader(client),
    restorer: ({ client, clock }) => calendarRestorer(client, clock),
  },
  {
    word: 'Contacts',
    describer: contactsDescriber,
    permissions: contactsPermissions,
    reader: ({ client }) => contactsReader(client),
    restorer: ({ client }) => contactsRestorer(client),
  },
  {
    word: 'Files',
    describer: driveDescriber,
    permissions: drivePermissions,
    reader: ({ client, fileVersions }) =>
      driveReader(client, { folder: driveDescriber.folder, drives: userDrives(client), versions: fileVersions }),
    restorer: ({ client, clock }) =>
      driveRestorer(client, { folder: driveDescriber.folder, drive: userDriveId(client) }, clock),
  },
  {
    word: 'Tasks',
    describer: todoDescriber,
    permissions: todoPermissions,
    reader: ({ client }) => todoReader(client),
    restorer: ({ client, clock }) => todoRestorer(client, clock),
  },
  {
    word: 'Planner',
    describer: plannerDescriber,
    permissions: plannerPermissions,
    reader: ({ client }) => plannerReader(client),
    restorer: ({ client, planGroup }) => plannerRestorer(client, { group: planGroup }),
  },
  {
    word: 'Notes',
    describer: onenoteDescriber,
    permissions: notesPermissions,
    reader: ({ client }) => onenoteReader(client),
    restorer: ({ client, clock }) => onenoteRestorer(client, clock),
  },
  {
    word: 'Chats',
    describer: chatsDescriber,
    permissions: chatsPermissions,
    reader: ({ client }) => chatsReader(client),
    restorer: ({ client }) => chatsRestorer(client),
  },
  {
    word: 'Profile',
    describer: profileDescriber,
    permissions: profilePermissions,
    reader: ({ client }) => profileReader(client),
    restorer: ({ client }) => profileRestorer(client),
  },
]
