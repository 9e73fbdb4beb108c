import { EngineError, isEngineError, type ErrorCode } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchAnswer, BatchMember, GraphClient } from '../client/types.ts'
import { answerBody, answerEntries } from '../item/batch-answers.ts'
import { filledText, record } from '../item/fields.ts'
import { entryProperties, kinds, permissionProperties, siteProperties } from './site-metadata.ts'
import type { Kind, SiteLibrary } from './site-metadata.ts'

/** One site as the client addresses it. */
export interface Site {
  readonly client: GraphClient
  /** Graph id. */
  readonly id: string
  readonly signal: AbortSignal
}

export interface SiteReaderOptions {
  /** Whether a group's files are read by this run: then the site says that its default library is there. */
  readonly hasGroup?: (id: string) => boolean
}

export const sitePool = { kind: 'drive' } as const

/** Resource units as SharePoint counts them. */
export const cost = { one: 1, many: 2, write: 2, permissions: 5 } as const

/** Graph has it, but not for us, or not for this site: what is stored of it stays. */
const withheld: ReadonlySet<ErrorCode> = new Set(['graph.forbidden', 'graph.not-found', 'graph.request-refused'])

/** The items that Graph gives of a site. */
export interface SiteItems {
  readonly items: readonly JsonObject[]
  /** Graph does not give them to this sign-in. */
  readonly withheld: readonly Kind[]
}

/** Asks for everything at once. Rejects with graph.root-gone if there is no such site. */
export async function readSite(
  site: Site,
  wanted: readonly Kind[],
  options: SiteReaderOptions,
  together?: string,
): Promise<SiteItems> {
  const { client, signal } = site
  const members = [...wanted.map((kind) => memberOf(site.id, kind)), libraryMember(site.id)]
  const answers = await client.batch(members, { pool: sitePool, signal, together })
  const items: JsonObject[] = []
  const denied: Kind[] = []
  for (const [index, kind] of wanted.entries()) {
    const answer = answers[index]
    if (kind === 'site') items.push(siteProperties(siteBody(answer), libraryOf(answers.at(-1), options)))
    else if (isWithheld(answer)) denied.push(kind)
    else items.push(await entriesFrom(site, kind, answer))
  }
  return { items, withheld: denied }
}

function isWithheld(answer: BatchAnswer | undefined): boolean {
  return answer?.ok === false && withheld.has(answer.error.code)
}

/** One of them. Rejects with graph.not-found if there is no such item. */
export async function readSiteItem(site: Site, id: string, options: SiteReaderOptions): Promise<JsonObject> {
  const kind = kinds.find((one) => one === id)
  const { items } = kind === undefined ? { items: [] } : await readSite(site, [kind], options)
  const [item] = items
  if (item === undefined) throw new EngineError('graph.not-found')
  return item
}

function memberOf(id: string, kind: Kind): BatchMember {
  switch (kind) {
    case 'site':
      return { path: graphPath`/sites/${id}`, cost: cost.one }
    case 'columns':
      return { path: graphPath`/sites/${id}/columns`, cost: cost.many }
    case 'contentTypes':
      return { path: graphPath`/sites/${id}/contentTypes`, cost: cost.many }
    case 'permissions':
      return { path: graphPath`/sites/${id}/permissions`, cost: cost.permissions }
  }
}

/** https://learn.microsoft.com/graph/api/drive-get */
function libraryMember(id: string): BatchMember {
  return { path: graphPath`/sites/${id}/drive`, query: { $select: 'id,name,webUrl,owner' }, cost: cost.one }
}

/** Undefined if the site has no library. */
function libraryOf(answer: BatchAnswer | undefined, { hasGroup }: SiteReaderOptions): SiteLibrary | undefined {
  if (isWithheld(answer)) return undefined
  const library = answerBody(answer)
  const group = filledText(record(record(library, 'owner') ?? {}, 'group') ?? {}, 'id')
  return { library, isWithGroup: group !== undefined && hasGroup?.(group) === true }
}

async function entriesFrom(
  site: Site,
  kind: Exclude<Kind, 'site'>,
  answer: BatchAnswer | undefined,
): Promise<JsonObject> {
  const { client, signal } = site
  const entries = await answerEntries(client, answer, { pool: sitePool, signal })
  return kind === 'permissions' ? permissionProperties(entries) : entryProperties(kind, entries)
}

function siteBody(answer: BatchAnswer | undefined): JsonObject {
  if (answer?.ok === false && isEngineError(answer.error, 'graph.not-found'))
    throw new EngineError('graph.root-gone', { context: answer.error.context, cause: answer.error })
  return answerBody(answer)
}
