import type { Service, ServiceRoute } from '../../service.ts'
import { createTab, installApp } from './apps.ts'
import { addChannelMember, createChannel, updateChannel } from './channels.ts'
import { importMessage, importReply } from './messages.ts'
import { completeMigration, completeTeamMigration, startMigration } from './migration.ts'
import { getOperation } from './operations.ts'
import { createTeam, provideTeam, updateTeam } from './teams.ts'

const route = (permission: string, run: ServiceRoute['run']): ServiceRoute => ({ permission, pool: 'teams', run })

/** Roles by operation, from permissions.json; consent to single resources (`*.Group`) is not simulated. */
export const writePermissions: Service['permissions'] = {
  createTeam: ['Team.Create', 'Teamwork.Migrate.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  provideTeam: ['Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  updateTeam: ['TeamSettings.ReadWrite.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  createChannel: ['Channel.Create', 'Teamwork.Migrate.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  updateChannel: ['ChannelSettings.ReadWrite.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  addChannelMembers: ['ChannelMember.ReadWrite.All'],
  migrateTeams: ['Teamwork.Migrate.All'],
  createTeamTab: [
    'TeamsTab.Create',
    'TeamsTab.ReadWrite.All',
    'TeamsTab.ReadWriteForTeam.All',
    'TeamsTab.ReadWriteSelfForTeam.All',
    'Group.ReadWrite.All',
    'Directory.ReadWrite.All',
  ],
  installTeamApp: [
    'TeamsAppInstallation.ReadWriteSelfForTeam.All',
    'TeamsAppInstallation.ReadWriteForTeam.All',
    'TeamsAppInstallation.ManageSelectedForTeam.All',
    'TeamsAppInstallation.ReadWriteAndConsentForTeam.All',
    'TeamsAppInstallation.ReadWriteAndConsentSelfForTeam.All',
    'Group.ReadWrite.All',
    'Directory.ReadWrite.All',
  ],
}

export const writeGranted: readonly string[] = [
  'Teamwork.Migrate.All',
  'Channel.Create',
  'ChannelSettings.ReadWrite.All',
  'ChannelMember.ReadWrite.All',
  'TeamsTab.Create',
  'TeamsAppInstallation.ReadWriteForTeam.All',
  'TeamSettings.ReadWrite.All',
  'Team.Create',
  'Group.ReadWrite.All',
]

/** Besides those of the readings: `teams`, `channels`, `messages`, `replies`, `groups`. */
export const writeCollections: Service['collections'] = { operations: 'operation' }

const team = 'teams/{team}'
const channel = `${team}/channels/{channel}`

/** Everything that changes teams. */
export const writeRoutes: Service['routes'] = {
  'POST teams': route('createTeam', createTeam),
  'PUT groups/{group}/team': route('provideTeam', provideTeam),
  [`PATCH ${team}`]: route('updateTeam', updateTeam),
  [`POST ${team}/completeMigration`]: route('migrateTeams', completeTeamMigration),
  [`GET ${team}/operations/{operation}`]: route('createTeam', getOperation),
  [`POST ${team}/installedApps`]: route('installTeamApp', installApp),
  [`POST ${team}/channels`]: route('createChannel', createChannel),
  [`PATCH ${channel}`]: route('updateChannel', updateChannel),
  [`POST ${channel}/members`]: route('addChannelMembers', addChannelMember),
  [`POST ${channel}/startMigration`]: route('migrateTeams', startMigration),
  [`POST ${channel}/completeMigration`]: route('migrateTeams', completeMigration),
  [`POST ${channel}/messages`]: route('migrateTeams', importMessage),
  [`POST ${channel}/messages/{message}/replies`]: route('migrateTeams', importReply),
  [`POST ${channel}/tabs`]: route('createTeamTab', createTab),
}
