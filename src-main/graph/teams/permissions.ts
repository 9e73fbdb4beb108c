import { need, type TypePermissions } from '../item/permissions.ts'

export const teamsPermissions: TypePermissions = {
  backUp: [
    need('list channels', ['Channel.ReadBasic.All', 'ChannelSettings.Read.All', 'ChannelSettings.ReadWrite.All']),
    need('read messages of channels', ['ChannelMessage.Read.All', 'Group.Read.All', 'Group.ReadWrite.All']),
    need('read members of private and shared channels', ['ChannelMember.Read.All', 'ChannelMember.ReadWrite.All']),
    need('read settings of teams', ['Team.ReadBasic.All', 'TeamSettings.Read.All', 'TeamSettings.ReadWrite.All']),
    need('read tabs', ['TeamsTab.Read.All', 'TeamsTab.ReadWrite.All']),
    need(
      'read the apps of teams',
      ['TeamsAppInstallation.ReadForTeam.All', 'TeamsAppInstallation.ReadWriteForTeam.All'],
      ['TeamsAppInstallation.ReadForTeam', 'TeamsAppInstallation.ReadWriteForTeam'],
    ),
    need(
      'read the tags of teams',
      ['TeamworkTag.Read.All', 'TeamworkTag.ReadWrite.All'],
      ['TeamworkTag.Read', 'TeamworkTag.ReadWrite'],
    ),
    need('see where files of channels are', ['Files.Read.All', 'Sites.Read.All', 'Group.Read.All']),
  ],
  restore: [
    need('look into channels', ['ChannelMessage.Read.All', 'Group.Read.All']),
    need('make channels', ['Channel.Create', 'Group.ReadWrite.All']),
    need('add members to new channels', ['ChannelMember.ReadWrite.All']),
    // Only an application may write messages of others, and of another time.
    need('import messages', ['Teamwork.Migrate.All'], []),
    need('add tabs', ['TeamsTab.Create', 'TeamsTab.ReadWriteForTeam.All'], ['TeamsTab.Create']),
    need('add apps to teams', ['TeamsAppInstallation.ReadWriteForTeam.All'], ['TeamsAppInstallation.ReadWriteForTeam']),
    need('see who is in the group', ['GroupMember.Read.All', 'Group.Read.All', 'Group.ReadWrite.All']),
    need('restore settings of teams, and make a team', ['TeamSettings.ReadWrite.All', 'Group.ReadWrite.All']),
    need('look into the catalog of apps', ['AppCatalog.Read.All', 'AppCatalog.ReadWrite.All']),
  ],
}
