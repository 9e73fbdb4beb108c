import type { TeamsCall } from './calls.ts'
import { graphOrigin, installationId } from './ids.ts'
import type {
  CatalogApp,
  Json,
  StoredChannel,
  StoredChannelMember,
  StoredChannelMessage,
  StoredInstallation,
  StoredTab,
  StoredTag,
  StoredTeam,
} from './state.ts'

export function renderTeam({ teams, context }: TeamsCall, team: StoredTeam, group: Json): Json {
  const general = team.channels[0]?.id ?? ''
  return {
    '@odata.context': `${context.origin()}/v1.0/$metadata#teams/$entity`,
    id: team.id,
    createdDateTime: team.createdDateTime,
    displayName: group.displayName,
    description: group.description ?? null,
    internalId: general,
    classification: null,
    specialization: 'none',
    visibility: String(group.visibility).toLowerCase(),
    webUrl: `https://teams.microsoft.com/l/team/${encodeURIComponent(general)}/conversations?groupId=${team.id}&tenantId=${teams.tenantId}`,
    isArchived: team.isArchived,
    tenantId: teams.tenantId,
    ...team.settings,
    summary: null,
  }
}

export const channelProperties = [
  'id',
  'createdDateTime',
  'displayName',
  'description',
  'isFavoriteByDefault',
  'email',
  'tenantId',
  'webUrl',
  'membershipType',
  'isArchived',
  'layoutType',
  'migrationMode',
  'originalCreatedDateTime',
] as const

export function renderChannel({ teams }: TeamsCall, channel: StoredChannel): Json {
  const { id, teamId, displayName } = channel
  const address = `https://teams.microsoft.com/l/channel/${encodeURIComponent(id)}/${encodeURIComponent(displayName)}`
  return {
    id,
    createdDateTime: channel.createdDateTime,
    displayName,
    description: channel.description,
    isFavoriteByDefault: channel.isFavoriteByDefault,
    email: channel.email,
    tenantId: teams.tenantId,
    webUrl: `${address}?groupId=${teamId}&tenantId=${teams.tenantId}`,
    membershipType: channel.membershipType,
    isArchived: channel.isArchived,
    layoutType: channel.layoutType,
    migrationMode: channel.migrationMode,
    originalCreatedDateTime: channel.originalCreatedDateTime,
  }
}

export function renderMember({ teams }: TeamsCall, member: StoredChannelMember): Json {
  return {
    '@odata.type': '#microsoft.graph.aadUserConversationMember',
    ...member,
    visibleHistoryStartDateTime: '0001-01-01T00:00:00Z',
    tenantId: teams.tenantId,
  }
}

export function renderApp({ id, externalId, displayName, distributionMethod }: CatalogApp): Json {
  return { id, externalId, displayName, distributionMethod }
}

export function renderDefinition(app: CatalogApp): Json {
  return {
    id: Buffer.from(`${app.id}##${app.version}##Published`).toString('base64'),
    teamsAppId: app.id,
    displayName: app.displayName,
    version: app.version,
    publishingState: 'published',
    shortDescription: app.displayName,
    description: app.displayName,
    lastModifiedDateTime: null,
    createdBy: null,
    authorization: { clientAppId: null, requiredPermissionSet: { resourceSpecificPermissions: [] } },
  }
}

export function renderInstallation(
  { teams }: TeamsCall,
  { id, teamsAppId }: StoredInstallation,
  expand: ReadonlySet<string>,
): Json {
  const app = teams.catalog.get(teamsAppId)
  if (app === undefined) return { id }
  return {
    id,
    consentedPermissionSet: null,
    ...(expand.has('teamsApp') ? { teamsApp: renderApp(app) } : {}),
    ...(expand.has('teamsAppDefinition') ? { teamsAppDefinition: renderDefinition(app) } : {}),
  }
}

export function renderTab({ teams }: TeamsCall, channel: StoredChannel, tab: StoredTab, withApp: boolean): Json {
  const { id, displayName, configuration, teamsAppId } = tab
  const app = teams.catalog.get(teamsAppId)
  const label = encodeURIComponent(displayName)
  return {
    id,
    displayName,
    webUrl: `https://teams.microsoft.com/l/channel/${encodeURIComponent(channel.id)}/tab%3a%3a${id}?label=${label}`,
    configuration,
    ...(withApp && app !== undefined ? { teamsApp: renderApp(app) } : {}),
  }
}

export function renderTag(team: StoredTeam, { id, displayName, description, members }: StoredTag): Json {
  return {
    '@odata.type': '#microsoft.graph.teamworkTag',
    id,
    teamId: team.id,
    displayName,
    description,
    memberCount: members.size,
    tagType: 'standard',
  }
}

export function renderTagMember({ teams }: TeamsCall, tag: StoredTag, userId: string): Json {
  const { displayName } = teams.user(userId)
  return { id: installationId(tag.id, userId), userId, displayName, tenantId: teams.tenantId }
}

/** Members of an enumeration that came later are shown to those who ask for them. */
function messageType({ request }: TeamsCall, message: StoredChannelMessage): string {
  const wanted = /include-unknown-enum-members/i.test(request.headers.prefer ?? '')
  return message.messageType === 'message' || wanted ? message.messageType : 'unknownFutureValue'
}

/** A message without its replies. */
export function renderMessage(call: TeamsCall, channel: StoredChannel, message: StoredChannelMessage): Json {
  const { hosted: _h, replies: _r, revision: _v, imported: _i, ...shown } = message
  const { tenantId } = call.teams
  const where = `${encodeURIComponent(channel.id)}/${message.id}`
  const query = `groupId=${channel.teamId}&tenantId=${tenantId}&createdTime=${message.id}&parentMessageId=${message.replyToId ?? message.id}`
  return here(call, {
    ...shown,
    messageType: messageType(call, message),
    summary: null,
    chatId: null,
    locale: 'en-us',
    webUrl: `https://teams.microsoft.com/l/message/${where}?${query}`,
    channelIdentity: { teamId: channel.teamId, channelId: channel.id },
    messageHistory: [],
  })
}

/** With addresses that lead to this simulator. */
function here({ context }: TeamsCall, json: Json): Json {
  return JSON.parse(JSON.stringify(json).replaceAll(graphOrigin, context.origin())) as Json
}
