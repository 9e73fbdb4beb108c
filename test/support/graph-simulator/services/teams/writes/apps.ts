import { GraphError } from '../../../http/errors.ts'
import { emptyReply, jsonReply, type Reply } from '../../../http/exchange.ts'
import type { RouteCall } from '../../../routes/context.ts'
import { optionalText } from '../../../routes/message-values.ts'
import { isObject } from '../../../routes/request-json.ts'
import type { JsonObject } from '../../../routes/request-json.ts'
import type { CatalogApp, Json } from '../stored.ts'
import { bodyWith, boundId, channelIn, directoryOf, invalid, notFound, onlyKnown, openTeamIn } from './lookup.ts'
import { shownTab } from './shown.ts'

/** POST teams/{team}/installedApps. Source: https://learn.microsoft.com/graph/api/team-post-installedapps */
export function installApp(call: RouteCall): Reply {
  const team = openTeamIn(call)
  const app = boundApp(call, bodyWith(call, ['teamsApp@odata.bind']))
  if (team.apps.some(({ teamsAppId }) => teamsAppId === app.id)) {
    throw new GraphError(409, 'Conflict', 'App is already installed in the team scope.')
  }
  directoryOf(call).install(team.id, app.id)
  return emptyReply(200)
}

function boundApp(call: RouteCall, body: JsonObject): CatalogApp {
  const app = directoryOf(call).catalog.get(boundId(body['teamsApp@odata.bind'], 'teamsApps'))
  if (app === undefined) throw notFound('The app')
  return app
}

/** Tabs that Teams has by itself need no installation. */
const builtIn = 'com.microsoft.teamspace.tab.'

/**
 * POST teams/{team}/channels/{channel}/tabs: the app must be installed in the team.
 * Source: https://learn.microsoft.com/graph/api/channel-post-tabs
 */
export function createTab(call: RouteCall): Reply {
  const channel = channelIn(call)
  const team = openTeamIn(call)
  const body = bodyWith(call, ['displayName', 'teamsApp@odata.bind', 'configuration'])
  const displayName = optionalText(body, 'displayName') ?? ''
  if (displayName === '' || displayName.length > 128) throw invalid('The name of a tab has 1 to 128 characters.')
  const app = boundApp(call, body)
  if (!app.id.startsWith(builtIn) && !team.apps.some(({ teamsAppId }) => teamsAppId === app.id)) {
    throw invalid('The app is not installed in the team.')
  }
  const tab = directoryOf(call).addTab(channel, {
    displayName,
    teamsAppId: app.id,
    configuration: configurationIn(body.configuration),
  })
  return jsonReply(201, shownTab(call, channel, tab))
}

function configurationIn(value: unknown): Json | null {
  if (value === undefined || value === null) return null
  if (!isObject(value)) throw invalid("'configuration' has to be an object.")
  onlyKnown(value, ['entityId', 'contentUrl', 'websiteUrl', 'removeUrl'])
  const entries = ['entityId', 'contentUrl', 'websiteUrl', 'removeUrl'].map((name) => {
    const text = optionalText(value, name)
    if (text !== undefined && name.endsWith('Url') && !text.startsWith('https://'))
      throw invalid(`'${name}' is no address.`)
    return [name, text ?? null] as const
  })
  return Object.fromEntries(entries)
}
