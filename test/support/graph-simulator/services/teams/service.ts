import type { Reply } from '../../http/exchange.ts'
import type { Service, ServiceRoute } from '../service.ts'
import { withTeams, type TeamsCall } from './calls.ts'
import { deadDelta, messagesDelta, repliesDelta } from './delta.ts'
import {
  getChannel,
  getFilesFolder,
  getPrimaryChannel,
  getTeam,
  listAllChannels,
  listAllMembers,
  listCatalog,
  listChannelMembers,
  listChannels,
  listIncoming,
  listInstalled,
  listTabs,
  listTagMembers,
  listTags,
  listTeamMembers,
} from './listings.ts'
import { getHostedValue, getMessage, listHosted, listMessages, listReplies } from './messages.ts'
import { writeCollections, writeGranted, writePermissions, writeRoutes } from './writes/routes.ts'

type Handler = (call: TeamsCall) => Reply

const route = (permission: string, run: Handler, content = false): ServiceRoute => ({
  permission,
  pool: 'teams',
  content,
  run: (call) => run(withTeams(call)),
})

const delta = (run: Handler): ServiceRoute => ({
  ...route('readChannelMessages', run),
  deadCursor: (call, code) => deadDelta(withTeams(call), code),
})

const team = 'teams/{team}'
const channel = `${team}/channels/{channel}`
const message = `${channel}/messages/{message}`
const reply = `${message}/replies/{reply}`

const directory = ['Directory.Read.All', 'Directory.ReadWrite.All']
const groups = ['Group.Read.All', 'Group.ReadWrite.All']
const channelReaders = ['Channel.ReadBasic.All', 'ChannelSettings.Read.All', 'ChannelSettings.ReadWrite.All']
const appWriters = ['TeamsAppInstallation.ReadWriteForTeam.All', 'TeamsAppInstallation.ReadWriteAndConsentForTeam.All']

/** Teams and their channels. Source: https://learn.microsoft.com/graph/api/resources/teams-api-overview */
export const teamsService: Service = {
  collections: {
    teams: 'team',
    channels: 'channel',
    members: 'member',
    replies: 'reply',
    hostedContents: 'hostedContent',
    tabs: 'tab',
    installedApps: 'installedApp',
    tags: 'tag',
    teamsApps: 'teamsApp',
    ...writeCollections,
  },
  operations: ['allChannels', 'incomingChannels', 'primaryChannel', 'allMembers', 'filesFolder', 'appCatalogs', 'team'],
  permissions: {
    readTeams: ['Team.ReadBasic.All', 'TeamSettings.Read.All', 'TeamSettings.ReadWrite.All', ...groups, ...directory],
    readGroupTeam: ['Group.Read.All'],
    readChannels: [...channelReaders, ...groups, ...directory],
    readAllChannels: channelReaders,
    readChannelMembers: ['ChannelMember.Read.All', 'ChannelMember.ReadWrite.All'],
    readTeamMembers: ['TeamMember.Read.All', 'TeamMember.ReadWrite.All'],
    readChannelMessages: ['ChannelMessage.Read.All', ...groups],
    readTabs: [
      'TeamsTab.Read.All',
      'TeamsTab.ReadWrite.All',
      'TeamsTab.ReadWriteForTeam.All',
      'TeamsTab.ReadWriteSelfForTeam.All',
      ...groups,
      ...directory,
    ],
    readTeamApps: [
      'TeamsAppInstallation.Read.All',
      'TeamsAppInstallation.ReadForTeam.All',
      'TeamsAppInstallation.ReadWriteSelfForTeam.All',
      ...appWriters,
      ...groups,
      ...directory,
    ],
    readFilesFolder: ['Files.Read.All', 'Sites.Read.All', 'Files.ReadWrite.All', 'Sites.ReadWrite.All', ...groups],
    readTags: ['TeamworkTag.Read.All', 'TeamworkTag.ReadWrite.All'],
    readCatalog: ['AppCatalog.Read.All', 'AppCatalog.ReadWrite.All'],
    ...writePermissions,
  },
  granted: [
    'Team.ReadBasic.All',
    'TeamSettings.Read.All',
    'Channel.ReadBasic.All',
    'TeamMember.Read.All',
    'ChannelMember.Read.All',
    'ChannelMessage.Read.All',
    'TeamsTab.Read.All',
    'TeamsAppInstallation.ReadForTeam.All',
    'TeamworkTag.Read.All',
    'AppCatalog.Read.All',
    ...writeGranted,
  ],
  routes: {
    [`GET ${team}`]: route('readTeams', getTeam),
    'GET groups/{group}/team': route('readGroupTeam', getTeam),
    [`GET ${team}/channels`]: route('readChannels', listChannels),
    [`GET ${team}/allChannels`]: route('readAllChannels', listAllChannels),
    [`GET ${team}/incomingChannels`]: route('readAllChannels', listIncoming),
    [`GET ${team}/primaryChannel`]: route('readAllChannels', getPrimaryChannel),
    [`GET ${team}/members`]: route('readTeamMembers', listTeamMembers),
    [`GET ${team}/installedApps`]: route('readTeamApps', listInstalled),
    [`GET ${team}/tags`]: route('readTags', listTags),
    [`GET ${team}/tags/{tag}/members`]: route('readTags', listTagMembers),
    [`GET ${channel}`]: route('readChannels', getChannel),
    [`GET ${channel}/members`]: route('readChannelMembers', listChannelMembers),
    [`GET ${channel}/allMembers`]: route('readChannelMembers', listAllMembers),
    [`GET ${channel}/tabs`]: route('readTabs', listTabs),
    [`GET ${channel}/filesFolder`]: route('readFilesFolder', getFilesFolder),
    [`GET ${channel}/messages`]: route('readChannelMessages', listMessages),
    [`GET ${channel}/messages/delta`]: delta(messagesDelta),
    [`GET ${message}`]: route('readChannelMessages', getMessage),
    [`GET ${message}/replies`]: route('readChannelMessages', listReplies),
    [`GET ${message}/replies/delta`]: delta(repliesDelta),
    [`GET ${reply}`]: route('readChannelMessages', getMessage),
    [`GET ${message}/hostedContents`]: route('readChannelMessages', listHosted),
    [`GET ${message}/hostedContents/{hostedContent}/$value`]: route('readChannelMessages', getHostedValue, true),
    [`GET ${reply}/hostedContents`]: route('readChannelMessages', listHosted),
    [`GET ${reply}/hostedContents/{hostedContent}/$value`]: route('readChannelMessages', getHostedValue, true),
    'GET appCatalogs/teamsApps': route('readCatalog', listCatalog),
    ...writeRoutes,
  },
}
