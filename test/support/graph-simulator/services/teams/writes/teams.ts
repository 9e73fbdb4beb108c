import { GraphError } from '../../../http/errors.ts'
import { emptyReply, jsonReply, type Reply } from '../../../http/exchange.ts'
import type { RouteCall } from '../../../routes/context.ts'
import { listValue, optionalText } from '../../../routes/message-values.ts'
import { isObject, jsonObject } from '../../../routes/request-json.ts'
import type { JsonObject } from '../../../routes/request-json.ts'
import { groupDirectory, type StoredGroup } from '../../groups/state.ts'
import type { StoredTeam } from '../stored.ts'
import {
  bodyWith,
  boundId,
  directoryOf,
  invalid,
  memberIn,
  momentIn,
  notFound,
  onlyKnown,
  openTeamIn,
  type AskedMember,
} from './lookup.ts'
import { open } from './migration.ts'
import { addOperation } from './operations.ts'
import { shownTeam } from './shown.ts'

/** Settings and their parts. Source: https://learn.microsoft.com/graph/api/resources/team */
const settings: Readonly<Record<string, readonly string[]>> = {
  memberSettings: [
    'allowCreateUpdateChannels',
    'allowCreatePrivateChannels',
    'allowDeleteChannels',
    'allowAddRemoveApps',
    'allowCreateUpdateRemoveTabs',
    'allowCreateUpdateRemoveConnectors',
  ],
  guestSettings: ['allowCreateUpdateChannels', 'allowDeleteChannels'],
  messagingSettings: [
    'allowUserEditMessages',
    'allowUserDeleteMessages',
    'allowOwnerDeleteMessages',
    'allowTeamMentions',
    'allowChannelMentions',
  ],
  funSettings: ['allowGiphy', 'giphyContentRating', 'allowStickersAndMemes', 'allowCustomMemes'],
}

/** PATCH teams/{team}. Source: https://learn.microsoft.com/graph/api/team-update */
export function updateTeam(call: RouteCall): Reply {
  const team = openTeamIn(call)
  change(team, bodyWith(call, Object.keys(settings)))
  return emptyReply(204)
}

function change(team: StoredTeam, body: JsonObject): void {
  for (const [name, parts] of Object.entries(settings)) {
    const value = body[name]
    if (value === undefined) continue
    if (!isObject(value)) throw invalid(`'${name}' has to be an object.`)
    onlyKnown(value, parts)
    team.settings[name] = { ...(team.settings[name] as JsonObject | undefined), ...value }
  }
}

/**
 * PUT groups/{group}/team: "the group must have at least one owner".
 * Source: https://learn.microsoft.com/graph/api/team-put-teams
 */
export function provideTeam(call: RouteCall): Reply {
  const { group: id = '' } = call.parameters
  const team = teamOfGroup(call, id, bodyWith(call, Object.keys(settings)))
  return jsonReply(201, shownTeam(call, team))
}

function groupIn(call: RouteCall, id: string): StoredGroup {
  const group = groupDirectory(call.context.tenant).get(id)
  if (group === undefined) throw notFound('The group')
  return group
}

function teamOfGroup(call: RouteCall, id: string, body: JsonObject): StoredTeam {
  const group = groupIn(call, id)
  if (!group.groupTypes.includes('Unified')) throw invalid('Only Microsoft 365 groups can have a team.')
  if (group.owners.size === 0) throw invalid('The group must have at least one owner.')
  const directory = directoryOf(call)
  if (directory.get(id) !== undefined) throw new GraphError(409, 'Conflict', 'The group has a team already.')
  const team = directory.provide(id)
  change(team, body)
  return team
}

const creatable = [
  'template@odata.bind',
  'group@odata.bind',
  'displayName',
  'description',
  'visibility',
  'members',
  'createdDateTime',
  '@microsoft.graph.teamCreationMode',
  ...Object.keys(settings),
]

/** POST teams, from the standard template, for a new group or one that is there. Source: https://learn.microsoft.com/graph/api/team-post */
export function createTeam(call: RouteCall): Reply {
  const body = jsonObject(call.request)
  const migratedFrom = creationMode(call, body)
  const members = (listValue(body, 'members') ?? []).map((value) => memberIn(call, value))
  const of = body['group@odata.bind'] === undefined ? undefined : boundId(body['group@odata.bind'], 'groups')
  if (of === undefined && migratedFrom === undefined && members[0]?.roles.includes('owner') !== true) {
    throw invalid('Without a signed-in user, a team needs an owner.')
  }
  if (boundId(body['template@odata.bind'], 'teamsTemplates') !== 'standard') throw invalid('There is no such template.')
  if (of !== undefined) groupIn(call, of)
  onlyKnown(body, creatable)
  if (members.length > 1) throw invalid('A team is created with one member at most, its owner.')
  const team = of === undefined ? newTeam(call, body, members) : teamOfGroup(call, of, body)
  if (migratedFrom !== undefined) {
    team.migrationMode = 'inProgress'
    for (const channel of team.channels) open(call, channel, migratedFrom)
  }
  return emptyReply(202, addOperation(call, team.id, 'createTeam', team.id))
}

function newTeam(call: RouteCall, body: JsonObject, [owner]: readonly AskedMember[]): StoredTeam {
  const displayName = optionalText(body, 'displayName') ?? ''
  if (displayName === '' || displayName.length > 256) throw invalid("The property 'displayName' is required.")
  const people = owner === undefined ? {} : { owners: [owner.user.id], members: [owner.user.id] }
  const group = groupDirectory(call.context.tenant).add({ displayName, team: true, ...people })
  const team = directoryOf(call).team(group.id)
  change(team, body)
  return team
}

function creationMode(call: RouteCall, body: JsonObject): number | undefined {
  const mode = body['@microsoft.graph.teamCreationMode']
  const at = body.createdDateTime
  if (mode === undefined) {
    if (at !== undefined) throw invalid('createdDateTime is taken with teamCreationMode alone.')
    return undefined
  }
  if (mode !== 'migration') throw invalid('teamCreationMode can be migration.')
  const moment = momentIn(at, 'createdDateTime')
  if (moment > call.now) throw invalid('createdDateTime must not be in the future.')
  return moment
}
