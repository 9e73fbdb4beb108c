import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemOutcome, RestoreItem, RestoreRemark } from '../../engine/ports/restore-target.ts'
import { graphPath } from '../client/graph-url.ts'
import { filledText, isObject, list, record } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { teamsPool } from '../messages/access.ts'
import type { TeamsCalls } from './restore-calls.ts'
import type { TeamSession } from './restore-targets.ts'
import { teamKindOf } from './team-items.ts'

/** What can be changed of a team, and what of that. https://learn.microsoft.com/graph/api/team-update */
const settingNames = ['memberSettings', 'guestSettings', 'messagingSettings', 'funSettings'] as const

/**
 * Restores what a team has beside its channels: apps that the target's catalog has, and the settings when they are asked
 * for, or when the team was just made. Undefined for an item that is a conversation.
 */
export async function restoreTeamItem(
  calls: TeamsCalls,
  session: TeamSession,
  item: RestoreItem,
): Promise<ItemOutcome | undefined> {
  const properties = propertiesOf(item.metadata)
  switch (teamKindOf(properties)) {
    case 'team':
      return await restoreSettings(calls, session, properties)
    case 'installedApps':
      return await restoreApps(calls, session, properties)
    case 'tags':
      return { kind: 'skipped', code: 'team-tags-not-restored' }
    case 'incomingChannels':
      return { kind: 'skipped', code: 'channel-of-other-team' }
    case undefined:
      return undefined
  }
}

async function restoreSettings(
  { client, signal }: TeamsCalls,
  { team, options, root }: TeamSession,
  properties: JsonObject,
): Promise<ItemOutcome> {
  const isAsked = options.onRequest.has('group-settings')
  if (team?.isNew === false && !isAsked) return { kind: 'skipped', code: 'only-on-request' }
  if (team === undefined) return { kind: 'created', id: root.id }
  const path = graphPath`/teams/${team.id}`
  const there = await client.json<JsonObject>({ path, pool: teamsPool, signal })
  const body = changedSettings(properties, there)
  if (Object.keys(body).length === 0) return { kind: 'duplicate' }
  if (!options.dryRun) await client.json({ method: 'PATCH', path, body, pool: teamsPool, signal })
  return { kind: 'created', id: team.id }
}

/** Only what differs; values that Graph did not know are none to set. */
function changedSettings(stored: JsonObject, there: JsonObject): JsonObject {
  const groups = settingNames.flatMap((name) => {
    const now = record(there, name) ?? {}
    const values = Object.entries(record(stored, name) ?? {})
    const changed = values.filter(([key, value]) => !key.includes('@') && value !== null && now[key] !== value)
    return changed.length === 0 ? [] : [[name, Object.fromEntries(changed)] as const]
  })
  return Object.fromEntries(groups)
}

async function restoreApps(
  calls: TeamsCalls,
  { apps, root }: TeamSession,
  properties: JsonObject,
): Promise<ItemOutcome> {
  const installed = (list(properties, 'installedApps') ?? []).filter(isObject)
  const remarks: RestoreRemark[] = []
  let added = 0
  for (const { teamsApp } of installed) {
    if (!isObject(teamsApp) || apps === undefined) continue
    const end = await apps.install(calls, teamsApp)
    if (end === 'installed') added += 1
    if (end === 'installed' || end === 'there') continue
    const name = filledText(teamsApp, 'displayName')
    remarks.push({ code: end, ...(name === undefined ? {} : { detail: name }) })
  }
  const said = remarks.length === 0 ? {} : { remarks }
  return added > 0 ? { kind: 'created', id: root.id, ...said } : { kind: 'duplicate', ...said }
}
