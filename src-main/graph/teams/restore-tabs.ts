import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { RestoreRemark } from '../../engine/ports/restore-target.ts'
import { filledText, record, text } from '../item/fields.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { teamsPool } from '../messages/access.ts'
import { isRefusal, type TargetApps } from './restore-apps.ts'
import { channelPath, type ChannelCalls } from './restore-calls.ts'

/** Times that a tab is made whose creation has an unknown outcome, looking in between. */
const attempts = 3

const addresses = ['contentUrl', 'websiteUrl', 'removeUrl'] as const

/** A tab of the target channel. */
interface ExistingTab {
  readonly name: string
  readonly app: string
}

export interface TabSettings {
  readonly apps: TargetApps
  readonly dryRun: boolean
  /** Graph ids of the team and tenant that the tabs come from; tabs stay as they are in the same team. */
  readonly source: readonly string[]
}

/**
 * Makes the tabs that the channel does not have yet, in their order. Their content is not theirs: what they show of the
 * source's site, plan or notebook is still that. Gives remarks, each with the tab's app.
 * https://learn.microsoft.com/graph/api/channel-post-tabs
 */
export async function restoreTabs(
  calls: ChannelCalls,
  tabs: readonly JsonObject[],
  settings: TabSettings,
): Promise<readonly RestoreRemark[]> {
  if (tabs.length === 0) return []
  const there = [...(await tabsOf(calls))]
  const remarks: RestoreRemark[] = []
  for (const tab of inOrder(tabs)) {
    const app = record(tab, 'teamsApp') ?? {}
    const remark = (code: string): void => {
      const detail = filledText(app, 'displayName')
      remarks.push({ code, ...(detail === undefined ? {} : { detail }) })
    }
    const id = await settings.apps.idOf(calls, app)
    const name = filledText(tab, 'displayName') ?? filledText(app, 'displayName') ?? 'Tab'
    if (id === undefined) remark('tab-app-not-in-catalog')
    else if (!there.some((one) => one.name === name && one.app === id)) {
      const code = settings.dryRun ? undefined : await makeTab(calls, settings.apps, { name, app: id, tab })
      if (code !== undefined) remark(code)
      else if (showsSource(tab, settings.source)) remark('tab-shows-source')
      there.push({ name, app: id })
    }
  }
  return remarks
}

interface NewTab extends ExistingTab {
  readonly tab: JsonObject
}

/** Gives the code of why it could not be made. */
async function makeTab(calls: ChannelCalls, apps: TargetApps, { name, app, tab }: NewTab): Promise<string | undefined> {
  const end = await apps.install(calls, record(tab, 'teamsApp') ?? {})
  if (end === 'app-not-in-catalog' || end === 'app-refused') return end
  const configuration = configurationOf(tab)
  const body = {
    displayName: name,
    'teamsApp@odata.bind': apps.reference(app),
    ...(configuration === undefined ? {} : { configuration }),
  }
  for (let left = attempts; ; left -= 1) {
    try {
      const path = `${channelPath(calls)}/tabs`
      await calls.client.json({ method: 'POST', path, body, pool: teamsPool, signal: calls.signal })
      return undefined
    } catch (error) {
      if (isRefusal(error) || isEngineError(error, 'graph.conflict')) return 'tab-refused'
      if (!hasUnknownOutcome(error)) throw error
      if ((await tabsOf(calls)).some((one) => one.name === name && one.app === app)) return undefined
      if (left <= 1) throw error
    }
  }
}

async function tabsOf(calls: ChannelCalls): Promise<readonly ExistingTab[]> {
  const tabs: ExistingTab[] = []
  const request = { path: `${channelPath(calls)}/tabs`, query: { $expand: 'teamsApp' }, pool: teamsPool }
  for await (const page of calls.client.pages<JsonObject>({ ...request, signal: calls.signal })) {
    for (const tab of page.value)
      tabs.push({ name: text(tab, 'displayName') ?? '', app: text(record(tab, 'teamsApp') ?? {}, 'id') ?? '' })
  }
  return tabs
}

/** Only what a tab is made with; empty addresses are refused. */
function configurationOf(tab: JsonObject): JsonObject | undefined {
  const stored = record(tab, 'configuration')
  if (stored === undefined) return undefined
  const entries = ['entityId', ...addresses].flatMap((name) => {
    const value = filledText(stored, name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

/** Whether what the tab shows belongs to where it comes from; other pages of the web are the same everywhere. */
function showsSource(tab: JsonObject, source: readonly string[]): boolean {
  const stored = record(tab, 'configuration') ?? {}
  return addresses.some((name) => {
    const address = (filledText(stored, name) ?? '').toLowerCase()
    const isMicrosofts = /^https:\/\/[^/]*(\.sharepoint\.|tasks\.office\.|planner\.|onenote\.)/.test(address)
    return isMicrosofts || source.some((id) => id !== '' && address.includes(id.toLowerCase()))
  })
}

/** Graph gives places as texts of digits, "10100" before "20". */
function inOrder(tabs: readonly JsonObject[]): readonly JsonObject[] {
  const place = (tab: JsonObject): string => text(tab, 'sortOrderIndex') ?? ''
  return tabs.toSorted((one, other) => (place(one) < place(other) ? -1 : Number(place(one) > place(other))))
}
