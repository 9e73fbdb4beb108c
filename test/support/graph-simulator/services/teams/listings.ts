import { guidFrom } from '../../random.ts'
import { jsonReply, type Reply } from '../../http/exchange.ts'
import { groupDirectory } from '../groups/state.ts'
import {
  channelOf,
  collectionReply,
  contextOf,
  equalityFilter,
  expansions,
  notFound,
  selected,
  teamOf,
  type TeamsCall,
} from './calls.ts'
import {
  channelProperties,
  renderApp,
  renderChannel,
  renderDefinition,
  renderInstallation,
  renderMember,
  renderTab,
  renderTag,
  renderTagMember,
  renderTeam,
} from './render.ts'
import type { CatalogApp, ForeignChannel, Json, StoredChannel, StoredInstallation, StoredTab } from './state.ts'

/** GET teams/{team} */
export function getTeam(call: TeamsCall): Reply {
  const team = teamOf(call)
  const group = groupDirectory(call.context.tenant).get(team.id)
  const { displayName, visibility, more } = group ?? { displayName: '', visibility: 'Public', more: {} }
  return jsonReply(200, renderTeam(call, team, { ...more, displayName, visibility }))
}

type AnyChannel = StoredChannel | ForeignChannel

const channelFilter = {
  id: ({ id }: AnyChannel) => id,
  displayname: ({ displayName }: AnyChannel) => displayName,
  membershiptype: (channel: AnyChannel) => ('membershipType' in channel ? channel.membershipType : 'shared'),
}

/** GET teams/{team}/channels: the team's own. https://learn.microsoft.com/graph/api/channel-list */
export function listChannels(call: TeamsCall): Reply {
  const team = teamOf(call)
  const only = selected(call, channelProperties, 'microsoft.graph.channel')
  const value = team.channels.filter(equalityFilter(call, channelFilter)).map((one) => only(renderChannel(call, one)))
  return collectionReply(call, `teams('${team.id}')/channels`, value)
}

/** GET teams/{team}/allChannels: the team's own and those shared with it. https://learn.microsoft.com/graph/api/team-list-allchannels */
export function listAllChannels(call: TeamsCall): Reply {
  const { id, channels } = teamOf(call)
  return channelsWithAddress(call, 'allChannels', channels, id)
}

/** GET teams/{team}/incomingChannels */
export function listIncoming(call: TeamsCall): Reply {
  return channelsWithAddress(call, 'incomingChannels', [], teamOf(call).id)
}

function channelsWithAddress(call: TeamsCall, name: string, own: readonly StoredChannel[], team: string): Reply {
  const only = selected(call, channelProperties, 'microsoft.graph.channel')
  const passes = equalityFilter<AnyChannel>(call, channelFilter)
  const { foreignChannels } = call.teams.team(team)
  const here = [...own, ...call.teams.sharedWith(team)].filter(passes)
  const value = [
    ...here.map((one) => ({
      '@odata.id': addressOf(call, one, call.teams.tenantId),
      ...only(renderChannel(call, one)),
    })),
    ...foreignChannels
      .filter(passes)
      .map((one) => ({ '@odata.id': addressOf(call, one, one.tenantId), ...only(renderForeign(one)) })),
  ]
  return collectionReply(call, `teams('${team}')/${name}`, value)
}

function addressOf({ context }: TeamsCall, { id, teamId }: AnyChannel, tenant: string): string {
  return `${context.origin()}/v1.0/tenants/${tenant}/teams/${teamId}/channels/${id}`
}

function renderForeign({ teamId: _, ...shown }: ForeignChannel): Json {
  return { ...shown, description: null, membershipType: 'shared', isArchived: false }
}

/** GET teams/{team}/channels/{channel} */
export function getChannel(call: TeamsCall): Reply {
  const channel = channelOf(call)
  const only = selected(call, channelProperties, 'microsoft.graph.channel')
  const context = contextOf(call, `teams('${channel.teamId}')/channels/$entity`)
  return jsonReply(200, { '@odata.context': context, ...only(renderChannel(call, channel)) })
}

/** GET teams/{team}/primaryChannel: the one called General at first. */
export function getPrimaryChannel(call: TeamsCall): Reply {
  const { id, channels } = teamOf(call)
  const [general] = channels
  if (general === undefined) throw notFound('The channel was not found.')
  const context = contextOf(call, `teams('${id}')/primaryChannel/$entity`)
  const only = selected(call, channelProperties, 'microsoft.graph.channel')
  return jsonReply(200, { '@odata.context': context, ...only(renderChannel(call, general)) })
}

/** GET teams/{team}/channels/{channel}/members; `allMembers` has those of teams that it is shared with, too. */
export function listChannelMembers(call: TeamsCall): Reply {
  const channel = channelOf(call)
  const value = call.teams.membersOf(channel).map((member) => renderMember(call, member))
  return collectionReply(call, `${channelContext(channel)}/members`, value)
}

export function listAllMembers(call: TeamsCall): Reply {
  const channel = channelOf(call)
  const guests = [...channel.sharedWith].flatMap((team) => call.teams.teamMembers(team))
  const all = new Map([...guests, ...call.teams.membersOf(channel)].map((member) => [member.userId, member]))
  const value = [...all.values()].map((member) => renderMember(call, member))
  return collectionReply(call, `${channelContext(channel)}/allMembers`, value)
}

/** GET teams/{team}/members */
export function listTeamMembers(call: TeamsCall): Reply {
  const { id } = teamOf(call)
  const value = call.teams.teamMembers(id).map((member) => renderMember(call, member))
  return collectionReply(call, `teams('${id}')/members`, value)
}

/** GET teams/{team}/channels/{channel}/tabs. https://learn.microsoft.com/graph/api/channel-list-tabs */
export function listTabs(call: TeamsCall): Reply {
  const channel = channelOf(call)
  const expand = expansions(call, ['teamsApp'])
  const passes = equalityFilter(call, { 'teamsapp/id': (tab: StoredTab) => tab.teamsAppId })
  const value = channel.tabs.filter(passes).map((tab) => renderTab(call, channel, tab, expand.has('teamsApp')))
  return collectionReply(call, `${channelContext(channel)}/tabs`, value)
}

/** GET teams/{team}/installedApps. https://learn.microsoft.com/graph/api/team-list-installedapps */
export function listInstalled(call: TeamsCall): Reply {
  const { id, apps } = teamOf(call)
  const expand = expansions(call, ['teamsApp', 'teamsAppDefinition'])
  const app = (one: StoredInstallation): CatalogApp | undefined => call.teams.catalog.get(one.teamsAppId)
  const passes = equalityFilter<StoredInstallation>(call, {
    'teamsapp/id': (one) => one.teamsAppId,
    'teamsapp/externalid': (one) => app(one)?.externalId,
    'teamsapp/displayname': (one) => app(one)?.displayName,
    'teamsappdefinition/displayname': (one) => app(one)?.displayName,
  })
  const value = apps.filter(passes).map((one) => renderInstallation(call, one, expand))
  return collectionReply(call, `teams('${id}')/installedApps`, value)
}

/** GET teams/{team}/channels/{channel}/filesFolder. Its library is the team's, or of a site that the channel has for itself. */
export function getFilesFolder(call: TeamsCall): Reply {
  const channel = channelOf(call)
  const library = channel.membershipType === 'standard' ? channel.teamId : channel.id
  const { createdDateTime } = channel
  return jsonReply(200, {
    '@odata.context': contextOf(call, `${channelContext(channel)}/filesFolder/$entity`),
    id: `01${guidFrom(`folder ${channel.id}`).replaceAll('-', '').slice(0, 32).toUpperCase()}`,
    createdDateTime: '0001-01-01T00:00:00Z',
    lastModifiedDateTime: createdDateTime,
    name: channel.displayName,
    webUrl: `https://contoso.sharepoint.example/sites/team/Shared%20Documents/${encodeURIComponent(channel.displayName)}`,
    size: 0,
    parentReference: {
      driveId: `b!${Buffer.from(guidFrom(`library ${library}`)).toString('base64url')}`,
      driveType: 'documentLibrary',
    },
    fileSystemInfo: { createdDateTime, lastModifiedDateTime: createdDateTime },
    folder: { childCount: 0 },
  })
}

/** GET teams/{team}/tags and their members */
export function listTags(call: TeamsCall): Reply {
  const team = teamOf(call)
  const value = team.tags.map((tag) => renderTag(team, tag))
  return collectionReply(call, `teams('${team.id}')/tags`, value)
}

export function listTagMembers(call: TeamsCall): Reply {
  const team = teamOf(call)
  const tag = team.tags.find(({ id }) => id === call.parameters.tag)
  if (tag === undefined) throw notFound('The tag was not found.')
  const value = [...tag.members].map((user) => renderTagMember(call, tag, user))
  return collectionReply(call, `teams('${team.id}')/tags('${tag.id}')/members`, value)
}

/** GET appCatalogs/teamsApps. https://learn.microsoft.com/graph/api/appcatalogs-list-teamsapps */
export function listCatalog(call: TeamsCall): Reply {
  const expand = expansions(call, ['appDefinitions'])
  const only = selected(call, ['id', 'externalId', 'displayName', 'distributionMethod'], 'microsoft.graph.teamsApp')
  const passes = equalityFilter<CatalogApp>(call, {
    id: ({ id }) => id,
    externalid: ({ externalId }) => externalId,
    displayname: ({ displayName }) => displayName,
    distributionmethod: ({ distributionMethod }) => distributionMethod,
  })
  const apps = [...call.teams.catalog.values()].filter(passes)
  const value = apps.map((app) => ({
    ...only(renderApp(app)),
    ...(expand.has('appDefinitions') ? { appDefinitions: [renderDefinition(app)] } : {}),
  }))
  return collectionReply(call, 'appCatalogs/teamsApps', value)
}

export function channelContext({ teamId, id }: StoredChannel): string {
  return `teams('${teamId}')/channels('${encodeURIComponent(id)}')`
}
