import { badRequest, GraphError } from '../../../http/errors.ts'
import { emptyReply, jsonReply, type Reply } from '../../../http/exchange.ts'
import type { RouteCall } from '../../../routes/context.ts'
import { listValue, optionalBoolean, optionalText, wordValue } from '../../../routes/message-values.ts'
import type { JsonObject } from '../../../routes/request-json.ts'
import type { MembershipType, StoredChannel, StoredTeam } from '../stored.ts'
import {
  bodyWith,
  channelIn,
  directoryOf,
  forbidden,
  invalid,
  memberIn,
  momentIn,
  openTeamIn,
  type AskedMember,
} from './lookup.ts'
import { open } from './migration.ts'
import { addOperation } from './operations.ts'
import { shownChannel, shownMember } from './shown.ts'
import { toldPeople } from './told.ts'

const longestName = 50
const mostMembers = 200
const mostChannels = 1000
const mostPrivate = 30

const creatable = [
  'displayName',
  'description',
  'membershipType',
  'members',
  'isFavoriteByDefault',
  'layoutType',
  'createdDateTime',
  '@microsoft.graph.channelCreationMode',
]

/** POST teams/{team}/channels. Source: https://learn.microsoft.com/graph/api/channel-post */
export function createChannel(call: RouteCall): Reply {
  const team = openTeamIn(call)
  const body = bodyWith(call, creatable)
  const displayName = channelName(team, body)
  const membershipType = wordValue(
    body.membershipType ?? 'standard',
    ['standard', 'private', 'shared'],
    'membershipType',
  )
  const members = firstMembers(call, team, membershipType, body)
  const migratedFrom = creationMode(call, membershipType, body)
  const layoutType = wordValue(body.layoutType ?? 'post', ['post', 'chat'], 'layoutType')
  const description = optionalText(body, 'description')
  const channel = directoryOf(call).addChannel(team.id, {
    displayName,
    membershipType,
    layoutType,
    ...(description === undefined ? {} : { description }),
    owners: namesOf(members, true),
    members: namesOf(members, false),
    ...(migratedFrom === undefined ? {} : { createdDateTime: new Date(migratedFrom).toISOString() }),
  })
  channel.isFavoriteByDefault = optionalBoolean(body, 'isFavoriteByDefault') ?? false
  if (migratedFrom !== undefined) open(call, channel, migratedFrom)
  if (membershipType !== 'shared') return jsonReply(201, shownChannel(call, channel))
  return emptyReply(202, addOperation(call, team.id, 'createChannel', channel.id))
}

function channelName(team: StoredTeam, body: JsonObject): string {
  const name = optionalText(body, 'displayName')?.trim() ?? ''
  if (name === '' || name.length > longestName) throw invalid('The name of a channel has 1 to 50 characters.')
  // Source: https://learn.microsoft.com/microsoftteams/limits-specifications-teams#teams-and-channels
  if (/[~#%&*{}+/\\:<>?|'"\p{Cc}]|^[_.]|\.$|\.\./u.test(name)) throw invalid('The name of the channel is not allowed.')
  refuseTaken(team, name)
  if (team.channels.length >= mostChannels) throw forbidden('The team has too many channels.')
  return name
}

function refuseTaken({ channels }: StoredTeam, name: string, own?: StoredChannel): void {
  const key = name.toLowerCase()
  const isTaken = channels.some((one) => one !== own && one.displayName.toLowerCase() === key)
  if (isTaken) throw badRequest('Channel name already existed, please use other name', 'NameAlreadyExists')
}

/** Private channels need an owner and take members of the team alone; shared ones begin with one owner and nobody else. */
function firstMembers(
  call: RouteCall,
  team: StoredTeam,
  type: MembershipType,
  body: JsonObject,
): readonly AskedMember[] {
  const members = (listValue(body, 'members') ?? []).map((value) => memberIn(call, value))
  if (type === 'standard') {
    if (members.length > 0) throw invalid('A standard channel has the members of its team.')
    return []
  }
  if (new Set(members.map(({ user }) => user.id)).size < members.length) throw invalid('A member is given twice.')
  if (members.length > mostMembers) throw invalid('A channel can be created with 200 members at most.')
  const owners = members.filter(({ roles }) => roles.includes('owner'))
  if (owners.length === 0) throw invalid('Without a signed-in user, a channel needs an owner among its members.')
  if (type === 'shared' && owners.length > 1) throw invalid('A shared channel is created with one owner.')
  if (type === 'private') {
    for (const { user } of members) requireTeamMember(call, team, user.id)
    if (team.channels.filter(({ membershipType }) => membershipType === 'private').length >= mostPrivate) {
      throw forbidden('The team has too many private channels.')
    }
  }
  return members
}

function requireTeamMember(call: RouteCall, team: StoredTeam, user: string): void {
  const isMember = directoryOf(call)
    .teamMembers(team.id)
    .some(({ userId }) => userId === user)
  if (!isMember) throw invalid('Members of a private channel have to be members of its team.')
}

const namesOf = (members: readonly AskedMember[], owners: boolean): readonly string[] =>
  members.filter(({ roles }) => roles.includes('owner') === owners).map(({ user }) => user.id)

/** Milliseconds since 1970 of a channel that begins in migration mode. */
function creationMode(call: RouteCall, type: MembershipType, body: JsonObject): number | undefined {
  const mode = body['@microsoft.graph.channelCreationMode']
  const at = body.createdDateTime
  if (mode === undefined) {
    if (at !== undefined) throw invalid('createdDateTime is taken with channelCreationMode alone.')
    return undefined
  }
  if (mode !== 'migration') throw invalid('channelCreationMode can be migration.')
  if (type !== 'standard') throw invalid('Only standard channels can be created in migration mode.')
  const moment = momentIn(at, 'createdDateTime')
  if (moment > call.now) throw invalid('createdDateTime must not be in the future.')
  return moment
}

/** PATCH teams/{team}/channels/{channel}. Source: https://learn.microsoft.com/graph/api/channel-patch */
export function updateChannel(call: RouteCall): Reply {
  const channel = channelIn(call)
  const body = bodyWith(call, ['displayName', 'description', 'isFavoriteByDefault'])
  const name = optionalText(body, 'displayName')
  if (name !== undefined) {
    const team = openTeamIn(call)
    if (team.channels[0] === channel) throw invalid('The general channel keeps its name.')
    const others = { ...team, channels: team.channels.filter((one) => one !== channel) }
    channel.displayName = channelName(others, body)
  }
  if ('description' in body) channel.description = optionalText(body, 'description') ?? null
  channel.isFavoriteByDefault = optionalBoolean(body, 'isFavoriteByDefault') ?? channel.isFavoriteByDefault
  return emptyReply(204)
}

/** POST teams/{team}/channels/{channel}/members: Teams tells whoever is added. Source: https://learn.microsoft.com/graph/api/channel-post-members */
export function addChannelMember(call: RouteCall): Reply {
  const channel = channelIn(call)
  const team = openTeamIn(call)
  if (channel.membershipType === 'standard') throw invalid('A standard channel has the members of its team.')
  if (channel.migrationMode === 'inProgress') throw forbidden('The channel is in migration mode.')
  const asked = memberIn(call, bodyWith(call, ['roles', 'user@odata.bind']))
  if (channel.members.some(({ userId }) => userId === asked.user.id)) {
    throw new GraphError(409, 'Conflict', 'The user is a member of the channel already.')
  }
  if (channel.membershipType === 'private') requireTeamMember(call, team, asked.user.id)
  toldPeople(call.context.tenant).added++
  const member = directoryOf(call).addMember(channel, asked.user.id, asked.roles)
  return jsonReply(201, shownMember(call, member))
}
