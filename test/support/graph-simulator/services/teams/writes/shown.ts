import type { RouteCall } from '../../../routes/context.ts'
import { groupDirectory } from '../../groups/state.ts'
import { contextOf, withTeams } from '../calls.ts'
import { renderChannel, renderMember, renderMessage, renderTab, renderTeam } from '../render.ts'
import type {
  Json,
  StoredChannel,
  StoredChannelMember,
  StoredChannelMessage,
  StoredTab,
  StoredTeam,
} from '../stored.ts'

/** What was made, as the answer to its request shows it. */

export function shownTeam(call: RouteCall, team: StoredTeam): Json {
  const group = groupDirectory(call.context.tenant).get(team.id)
  const { displayName, visibility, more } = group ?? { displayName: '', visibility: 'Public', more: {} }
  return renderTeam(withTeams(call), team, { ...more, displayName, visibility })
}

export function shownChannel(call: RouteCall, channel: StoredChannel): Json {
  const context = contextOf(withTeams(call), `teams('${channel.teamId}')/channels/$entity`)
  return { '@odata.context': context, ...renderChannel(withTeams(call), channel) }
}

export function shownMember(call: RouteCall, member: StoredChannelMember): Json {
  return renderMember(withTeams(call), member)
}

export function shownMessage(call: RouteCall, channel: StoredChannel, message: StoredChannelMessage): Json {
  return renderMessage(withTeams(call), channel, message)
}

export function shownTab(call: RouteCall, channel: StoredChannel, tab: StoredTab): Json {
  return renderTab(withTeams(call), channel, tab, false)
}
