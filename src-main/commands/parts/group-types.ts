import { groupCalendarPermissions } from '../../graph/calendar/permissions.ts'
import { calendarDescriber, calendarReader } from '../../graph/calendar/reader.ts'
import { calendarRestorer } from '../../graph/calendar/restorer.ts'
import { conversationsPermissions } from '../../graph/conversations/permissions.ts'
import { conversationsDescriber, conversationsReader } from '../../graph/conversations/reader.ts'
import { conversationsRestorer } from '../../graph/conversations/restorer.ts'
import { drivePermissions } from '../../graph/drive/permissions.ts'
import { driveReader, groupFilesDescriber } from '../../graph/drive/reader.ts'
import { driveRestorer } from '../../graph/drive/restorer.ts'
import { groupDriveId, groupDrives } from '../../graph/drive/user-drives.ts'
import { groupPermissions } from '../../graph/group/permissions.ts'
import { groupDescriber, groupReader } from '../../graph/group/reader.ts'
import { groupRestorer } from '../../graph/group/restorer.ts'
import { notesPermissions } from '../../graph/onenote/permissions.ts'
import { onenoteDescriber, onenoteReader } from '../../graph/onenote/reader.ts'
import { onenoteRestorer } from '../../graph/onenote/restorer.ts'
import { plannerPermissions } from '../../graph/planner/permissions.ts'
import { plannerDescriber, plannerReader } from '../../graph/planner/reader.ts'
import { plannerRestorer } from '../../graph/planner/restorer.ts'
import { teamsPermissions } from '../../graph/teams/permissions.ts'
import { teamsDescriber, teamsReader } from '../../graph/teams/reader.ts'
import { teamsRestorer } from '../../graph/teams/restorer.ts'
import type { DataType } from './data-type.ts'
import type { GroupType } from './included-types.ts'

/** What is read of groups, in the order in which it is restored: whoever is assigned to a task is a member before. */
export const groupDataTypes: readonly DataType<GroupType>[] = [
  {
    describer: groupDescriber,
    permissions: groupPermissions,
    reader: ({ client }) => groupReader(client),
    restorer: ({ client }) => groupRestorer(client),
  },
  {
    word: 'Mailbox',
    describer: conversationsDescriber,
    permissions: conversationsPermissions,
    reader: ({ client }) => conversationsReader(client),
    restorer: ({ client }) => conversationsRestorer(client),
  },
  {
    word: 'Calendar',
    describer: calendarDescriber,
    permissions: groupCalendarPermissions,
    reader: ({ client, signedIn }) => calendarReader(client, undefined, signedIn),
    restorer: ({ client, clock, signedIn }) => calendarRestorer(client, clock, signedIn),
  },
  {
    word: 'Files',
    describer: groupFilesDescriber,
    permissions: drivePermissions,
    reader: ({ client, fileVersions }) =>
      driveReader(client, { folder: groupFilesDescriber.folder, drives: groupDrives(client), versions: fileVersions }),
    restorer: ({ client, clock }) =>
      driveRestorer(client, { folder: groupFilesDescriber.folder, drive: groupDriveId(client) }, clock),
  },
  {
    word: 'Teams',
    describer: teamsDescriber,
    permissions: teamsPermissions,
    reader: ({ client }) => teamsReader(client),
    restorer: ({ client, clock, ledger, tenant }) => teamsRestorer(client, { ledger, tenant, clock }),
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
]
