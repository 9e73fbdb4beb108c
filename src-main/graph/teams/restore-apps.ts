import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { graphPath } from '../client/graph-url.ts'
import { filledText, record, text } from '../item/fields.ts'
import { teamsPool } from '../messages/access.ts'
import type { TeamsCalls } from './restore-calls.ts'
import type { TargetTeam } from './restore-team.ts'

/** Tabs that Teams has by itself: they need no installation. https://learn.microsoft.com/graph/teams-configuring-builtin-tabs */
const builtIn = 'com.microsoft.teamspace.tab.'

/** What became of an app in this restore: the last two are words of remarks. */
export type AppEnd = 'installed' | 'there' | 'app-not-in-catalog' | 'app-refused'

/** The apps of the target: what its catalog has, and what the team has of it. */
export class TargetApps {
  readonly #team: TargetTeam
  readonly #dryRun: boolean
  #installed: Promise<Set<string>> | undefined
  /** Those that this restore installed, for a tab or for the team: in whatever order they are asked for. */
  readonly #added = new Set<string>()
  /** Ids in the target's catalog, by app of the source. */
  readonly #found = new Map<string, Promise<string | undefined>>()

  constructor(team: TargetTeam, dryRun: boolean) {
    this.#team = team
    this.#dryRun = dryRun
  }

  /** Installs the app in the team unless it is there; in a dry run it only looks. */
  async install(calls: TeamsCalls, app: JsonObject): Promise<AppEnd> {
    const id = await this.idOf(calls, app)
    if (id === undefined) return 'app-not-in-catalog'
    const installed = await this.#apps(calls)
    if (id.startsWith(builtIn) || installed.has(id)) return this.#added.has(id) ? 'installed' : 'there'
    installed.add(id)
    this.#added.add(id)
    if (this.#dryRun) return 'installed'
    try {
      const path = graphPath`/teams/${this.#team.id}/installedApps`
      const body = { 'teamsApp@odata.bind': this.reference(id) }
      // Installed twice, it is a conflict.
      await calls.client.json({ method: 'POST', path, body, pool: teamsPool, signal: calls.signal, idempotent: true })
      return 'installed'
    } catch (error) {
      this.#added.delete(id)
      if (isEngineError(error, 'graph.conflict')) return 'there'
      installed.delete(id)
      if (isRefusal(error)) return 'app-refused'
      throw error
    }
  }

  /** The app's id in the target's catalog: the same in the store, by its manifest's for an organization's own. */
  async idOf(calls: TeamsCalls, app: JsonObject): Promise<string | undefined> {
    const id = filledText(app, 'id') ?? ''
    if (id === '' || id.startsWith(builtIn)) return id === '' ? undefined : id
    const known = this.#found.get(id)
    if (known !== undefined) return await known
    const found = findApp(calls, id, filledText(app, 'externalId'))
    this.#found.set(id, found)
    found.catch(() => this.#found.delete(id))
    return await found
  }

  reference(id: string): string {
    return `${this.#team.base}/appCatalogs/teamsApps/${encodeURIComponent(id)}`
  }

  #apps(calls: TeamsCalls): Promise<Set<string>> {
    this.#installed ??= installedIn(calls, this.#team.id)
    this.#installed.catch(() => (this.#installed = undefined))
    return this.#installed
  }
}

async function installedIn({ client, signal }: TeamsCalls, team: string): Promise<Set<string>> {
  const path = graphPath`/teams/${team}/installedApps`
  const ids = new Set<string>()
  const request = { path, query: { $expand: 'teamsApp' }, pool: teamsPool, signal }
  for await (const page of client.pages<JsonObject>(request))
    for (const app of page.value) ids.add(text(record(app, 'teamsApp') ?? {}, 'id') ?? '')
  return ids
}

/** https://learn.microsoft.com/graph/api/appcatalogs-list-teamsapps */
async function findApp(calls: TeamsCalls, id: string, externalId: string | undefined): Promise<string | undefined> {
  const same = await appWhere(calls, 'id', id)
  if (same !== undefined || externalId === undefined) return same
  return await appWhere(calls, 'externalId', externalId)
}

async function appWhere({ client, signal }: TeamsCalls, name: string, value: string): Promise<string | undefined> {
  const query = { $filter: `${name} eq '${value.replaceAll("'", "''")}'` }
  const request = { path: '/appCatalogs/teamsApps', query, pool: teamsPool, signal }
  try {
    for await (const page of client.pages<JsonObject>(request)) {
      const [app] = page.value
      if (app !== undefined) return text(app, 'id')
    }
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
  return undefined
}

/** Graph understood and does not want it, from this application or at all. */
export function isRefusal(error: unknown): boolean {
  return ['graph.forbidden', 'graph.request-refused', 'graph.not-found'].some((code) =>
    isEngineError(error, code as never),
  )
}
