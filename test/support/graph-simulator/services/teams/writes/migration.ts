import { GraphError } from '../../../http/errors.ts'
import { emptyReply, type Reply } from '../../../http/exchange.ts'
import type { RouteCall } from '../../../routes/context.ts'
import type { StoredChannel } from '../stored.ts'
import { bodyWith, channelIn, forbidden, invalid, momentIn, openTeamIn } from './lookup.ts'

/** Milliseconds since 1970 that imported messages must be later than, by channel. */
const floors = new WeakMap<StoredChannel, number>()

/**
 * POST teams/{team}/channels/{channel}/startMigration: the time given must be older than the channel, and becomes its time
 * of creation. "If not provided, the current date and time is used": then nothing older can be imported.
 * Source: https://learn.microsoft.com/graph/api/channel-startmigration
 */
export function startMigration(call: RouteCall): Reply {
  const channel = channelIn(call)
  if (channel.migrationMode === 'inProgress') throw invalid('The channel is in migration mode already.')
  if (channel.isArchived) throw forbidden('The channel is archived.')
  const body = call.request.body.length === 0 ? {} : bodyWith(call, ['conversationCreationDateTime'])
  const asked = body.conversationCreationDateTime
  if (asked === undefined || asked === null) {
    open(call, channel, call.now)
    return emptyReply(204)
  }
  const moment = momentIn(asked, 'conversationCreationDateTime')
  if (moment >= Date.parse(channel.createdDateTime)) {
    throw invalid('conversationCreationDateTime must be older than the createdDateTime of the channel.')
  }
  channel.originalCreatedDateTime ??= channel.createdDateTime
  channel.createdDateTime = new Date(moment).toISOString()
  open(call, channel, moment)
  return emptyReply(204)
}

export function open(call: RouteCall, channel: StoredChannel, floor: number): void {
  channel.migrationMode = 'inProgress'
  channel.migratedBy = call.context.app.clientId
  floors.set(channel, floor)
}

/**
 * POST teams/{team}/channels/{channel}/completeMigration. "The application that calls completeMigration must be the same."
 * Source: https://learn.microsoft.com/graph/api/channel-completemigration
 */
export function completeMigration(call: RouteCall): Reply {
  const channel = channelIn(call)
  if (call.request.body.length > 0) throw invalid('No body is expected.')
  if (channel.migrationMode !== 'inProgress') throw invalid('The channel is not in migration mode.')
  requireOwner(call, channel)
  channel.migrationMode = 'completed'
  floors.delete(channel)
  return emptyReply(204)
}

/** POST teams/{team}/completeMigration, after all of its channels. Source: https://learn.microsoft.com/graph/api/team-completemigration */
export function completeTeamMigration(call: RouteCall): Reply {
  const team = openTeamIn(call)
  if (call.request.body.length > 0) throw invalid('No body is expected.')
  if (team.migrationMode !== 'inProgress') throw invalid('The team is not in migration mode.')
  if (team.channels.some(({ migrationMode }) => migrationMode === 'inProgress')) {
    throw invalid('A channel of the team is still in migration mode.')
  }
  team.migrationMode = null
  return emptyReply(204)
}

/** An application may write into a channel in migration mode alone, and only the one that opened it. */
export function requireMigration(call: RouteCall, channel: StoredChannel): void {
  if (channel.migrationMode !== 'inProgress') {
    throw forbidden('Application permissions are only supported for migration: the channel is not in migration mode.')
  }
  requireOwner(call, channel)
}

function requireOwner(call: RouteCall, channel: StoredChannel): void {
  if (channel.migratedBy !== call.context.app.clientId) throw forbidden('Another application owns the migration.')
}

/** The time of an imported message, checked. Source: https://learn.microsoft.com/graph/teams-import-messages */
export function importTime(call: RouteCall, channel: StoredChannel, value: unknown): string {
  const moment = momentIn(value, 'createdDateTime')
  if (moment > call.now) throw invalid('createdDateTime must not be in the future.')
  if (moment <= (floors.get(channel) ?? Infinity))
    throw invalid('createdDateTime must be later than that of the channel.')
  const id = String(moment)
  const taken = channel.messages.some((message) => message.id === id || message.replies.some((one) => one.id === id))
  if (taken) throw new GraphError(409, 'Conflict', 'A message with the same createdDateTime exists.')
  return new Date(moment).toISOString()
}
