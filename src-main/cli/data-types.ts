import type { Clock } from '../engine/ports/clock.ts'
import type { DataTypeReader, ItemDescriber } from '../engine/ports/data-type.ts'
import type { DataTypeRestorer } from '../engine/ports/restore-target.ts'
import type { GraphClient } from '../graph/client/types.ts'
import type { TypePermissions } from '../graph/item/permissions.ts'
import { mailPermissions } from '../graph/mail/permissions.ts'
import { mailDescriber, mailReader } from '../graph/mail/reader.ts'
import { mailRestorer } from '../graph/mail/restorer.ts'
import { calendarPermissions } from '../graph/calendar/permissions.ts'
import { calendarDescriber, calendarReader } from '../graph/calendar/reader.ts'
import { calendarRestorer } from '../graph/calendar/restorer.ts'
import { chatsPermissions } from '../graph/chats/permissions.ts'
import { chatsDescriber, chatsReader } from '../graph/chats/reader.ts'
import { chatsRestorer } from '../graph/chats/restorer.ts'
import { contactsPermissions } from '../graph/contacts/permissions.ts'
import { contactsDescriber, contactsReader } from '../graph/contacts/reader.ts'
import { contactsRestorer } from '../graph/contacts/restorer.ts'
import { drivePermissions } from '../graph/drive/permissions.ts'
import { driveDescriber, driveReader } from '../graph/drive/reader.ts'
import { driveRestorer } from '../graph/drive/restorer.ts'
import { userDriveId, userDrives } from '../graph/drive/user-drives.ts'
import { mailboxSettingsPermissions } from '../graph/mailbox-settings/permissions.ts'
import { mailboxSettingsDescriber, mailboxSettingsReader } from '../graph/mailbox-settings/reader.ts'
import { mailboxSettingsRestorer } from '../graph/mailbox-settings/restorer.ts'
import { notesPermissions } from '../graph/onenote/permissions.ts'
import { onenoteDescriber, onenoteReader } from '../graph/onenote/reader.ts'
import { onenoteRestorer } from '../graph/onenote/restorer.ts'
import { plannerPermissions } from '../graph/planner/permissions.ts'
import { plannerDescriber, plannerReader } from '../graph/planner/reader.ts'
import { plannerRestorer } from '../graph/planner/restorer.ts'
import { profilePermissions } from '../graph/profile/permissions.ts'
import { profileDescriber, profileReader } from '../graph/profile/reader.ts'
import { profileRestorer } from '../graph/profile/restorer.ts'
import { todoPermissions } from '../graph/todo/permissions.ts'
import { todoDescriber, todoReader } from '../graph/todo/reader.ts'
import { todoRestorer } from '../graph/todo/restorer.ts'
import { UsageError } from './usage-error.ts'

/** What readers need beside their own kind. */
export interface ReaderParts {
  readonly client: GraphClient
  /** Earlier versions of each file to keep. */
  readonly fileVersions: number
}

/** What restorers need beside their own kind. */
export interface RestoreSettings {
  /** Graph id of the group that takes plans which have to be made. */
  readonly planGroup?: string | undefined
}

/** A data type that is backed up and restored. */
interface DataType {
  /** As in --office365-included-user-types. */
  readonly userType: string
  readonly describer: ItemDescriber
  readonly permissions: TypePermissions
  readonly reader: (parts: ReaderParts) => DataTypeReader
  readonly restorer: (client: GraphClient, clock: Clock, settings: RestoreSettings) => DataTypeRestorer
}

/** In the order in which they are restored: rules come after the folders that they name. */
const dataTypes: readonly DataType[] = [
  {
    userType: 'Mailbox',
    describer: mailDescriber,
    permissions: mailPermissions,
    reader: ({ client }) => mailReader(client),
    restorer: mailRestorer,
  },
  {
    userType: 'Mailbox',
    describer: mailboxSettingsDescriber,
    permissions: mailboxSettingsPermissions,
    reader: ({ client }) => mailboxSettingsReader(client),
    restorer: mailboxSettingsRestorer,
  },
  {
    userType: 'Calendar',
    describer: calendarDescriber,
    permissions: calendarPermissions,
    reader: ({ client }) => calendarReader(client),
    restorer: calendarRestorer,
  },
  {
    userType: 'Contacts',
    describer: contactsDescriber,
    permissions: contactsPermissions,
    reader: ({ client }) => contactsReader(client),
    restorer: contactsRestorer,
  },
  {
    userType: 'Files',
    describer: driveDescriber,
    permissions: drivePermissions,
    reader: ({ client, fileVersions }) =>
      driveReader(client, { folder: driveDescriber.folder, drives: userDrives(client), versions: fileVersions }),
    restorer: (client, clock) =>
      driveRestorer(client, { folder: driveDescriber.folder, drive: userDriveId(client) }, clock),
  },
  {
    userType: 'Tasks',
    describer: todoDescriber,
    permissions: todoPermissions,
    reader: ({ client }) => todoReader(client),
    restorer: todoRestorer,
  },
  {
    userType: 'Planner',
    describer: plannerDescriber,
    permissions: plannerPermissions,
    reader: ({ client }) => plannerReader(client),
    restorer: (client, _clock, { planGroup }) => plannerRestorer(client, { group: planGroup }),
  },
  {
    userType: 'Notes',
    describer: onenoteDescriber,
    permissions: notesPermissions,
    reader: ({ client }) => onenoteReader(client),
    restorer: onenoteRestorer,
  },
  {
    userType: 'Chats',
    describer: chatsDescriber,
    permissions: chatsPermissions,
    reader: ({ client }) => chatsReader(client),
    restorer: chatsRestorer,
  },
  {
    userType: 'Profile',
    describer: profileDescriber,
    permissions: profilePermissions,
    reader: ({ client }) => profileReader(client),
    restorer: profileRestorer,
  },
]

/** All names for --office365-included-user-types. */
export const userTypes: readonly string[] = [...new Set(dataTypes.map(({ userType }) => userType))]

export const describers: readonly ItemDescriber[] = dataTypes.map(({ describer }) => describer)

/** Data types by their names in the snapshot's layout. */
export function readersOf(types: readonly string[], parts: ReaderParts): readonly DataTypeReader[] {
  return dataTypes.filter(({ describer }) => types.includes(describer.folder)).map(({ reader }) => reader(parts))
}

export function restorersOf(client: GraphClient, clock: Clock, settings: RestoreSettings): readonly DataTypeRestorer[] {
  return dataTypes.map(({ restorer }) => restorer(client, clock, settings))
}

/** What the data types need, by what people call them. */
export function permissionsOf(
  types: readonly string[],
): readonly { readonly type: string; readonly permissions: TypePermissions }[] {
  return dataTypes
    .filter(({ describer }) => types.includes(describer.folder))
    .map(({ describer: { type }, permissions }) => ({ type, permissions }))
}

/** Folders of the data types that are read: by --office365-included-user-types, and by type: of the filters. */
export function chosenTypes(
  userTypes: readonly string[],
  {
    includedTypes,
    excludedTypes,
  }: { readonly includedTypes: readonly string[]; readonly excludedTypes: readonly string[] },
): readonly string[] {
  const included = new Set(includedTypes.map((text) => typeFolder(text, 'include')))
  const excluded = new Set(excludedTypes.map((text) => typeFolder(text, 'exclude')))
  const chosen = dataTypes
    .filter(({ userType }) => userTypes.includes(userType))
    .map(({ describer }) => describer.folder)
    .filter((folder) => (included.size === 0 || included.has(folder)) && !excluded.has(folder))
  if (chosen.length === 0) throw new UsageError('No data type is left to read: correct --include and --exclude.')
  return chosen
}

/** The folder of a type that a person names: "mail", "mailbox" or "Mailbox". Throws UsageError. */
export function typeFolder(text: string, option = 'type'): string {
  const word = text.toLowerCase()
  const found =
    dataTypes.find(({ describer: { type, folder } }) => [type, folder].some((name) => name.toLowerCase() === word)) ??
    dataTypes.find(({ userType }) => userType.toLowerCase() === word)
  if (found === undefined)
    throw new UsageError(
      `--${option}: "${text}" is no type; there is ${describers.map(({ type }) => type).join(', ')}.`,
    )
  return found.describer.folder
}
