import { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Change, ChangePage, ChangeStart } from '../../engine/ports/data-type.ts'
import { isObject, text } from '../item/fields.ts'
import { listItemId } from './ids.ts'
import { hasFiles, listedProperties } from './list-item.ts'
import { withReferences } from './resolved-references.ts'
import type { SourceList } from './resolved-references.ts'
import { cost, itemPath, listPath, sitePool } from './site.ts'

const pageSize = 1_000

/**
 * Where a listing stands: Graph's link, and whether it went past files that could not be read for want of a token.
 * Once there is one, everything is listed again.
 */
interface Place {
  readonly lacksFiles: boolean
  readonly link: string
}

/**
 * Changes of one list by delta, with all fields: an unchanged list costs one request.
 * https://learn.microsoft.com/graph/api/listitem-delta
 */
export async function* itemChanges(
  source: SourceList,
  start: ChangeStart,
  files: boolean,
): AsyncGenerator<ChangePage, void, undefined> {
  const { client, root, signal } = source.site
  const from = placeIn(start.next ?? start.cursor)
  if (from?.lacksFiles === true && files) throw new EngineError('graph.cursor-lost', { context: { fault: 'files' } })
  const path = `${listPath(root.id, source.list)}/items/delta`
  const request =
    from === undefined
      ? { path, query: { $expand: 'fields', $top: pageSize }, cost: cost.list }
      : { path: from.link, cost: cost.item }
  // Containers that were read before are asked all at once.
  const together = from === undefined ? undefined : root.id
  let lacksFiles = from?.lacksFiles ?? false
  for await (const page of client.pages<JsonObject>(
    { ...request, pool: sitePool, signal, together },
    { prefetch: 1 },
  )) {
    const entries = latest(page.value)
    lacksFiles ||= !files && entries.some(hasFiles)
    const at = (link: string | undefined): string | undefined => link && placeText({ lacksFiles, link })
    yield { changes: await changesOf(source, entries, files), next: at(page.nextLink), cursor: at(page.deltaLink) }
  }
}

function placeIn(text: string | undefined): Place | undefined {
  if (text === undefined) return undefined
  const space = text.indexOf(' ')
  return { lacksFiles: text.slice(0, space) === 'lacking', link: text.slice(space + 1) }
}

function placeText({ lacksFiles, link }: Place): string {
  return `${lacksFiles ? 'lacking' : 'whole'} ${link}`
}

/** "The same item might appear more than once in a delta feed ... use the last occurrence you see." */
function latest(entries: readonly JsonObject[]): readonly JsonObject[] {
  return [...new Map(entries.map((entry) => [text(entry, 'id') ?? '', entry])).values()]
}

async function changesOf(
  source: SourceList,
  entries: readonly JsonObject[],
  files: boolean,
): Promise<readonly Change[]> {
  const id = (entry: JsonObject): string => listItemId(source.list, text(entry, 'id') ?? '')
  const present = entries.filter((entry) => !isObject(entry.deleted))
  const resolved = await withReferences(source, present)
  return [
    ...entries.filter((entry) => isObject(entry.deleted)).map((entry) => ({ kind: 'gone', id: id(entry) }) as const),
    ...resolved.map((entry) => {
      const properties = listedProperties(entry, source.list, files)
      return { kind: 'put', id: id(entry), properties, partial: false } as const
    }),
  ]
}

/** One item as listings give it. */
export async function readItem(source: SourceList, item: string, files: boolean): Promise<JsonObject> {
  const { client, root, signal } = source.site
  const path = itemPath(root.id, source.list, item)
  const entry = await client.json<JsonObject>({
    path,
    query: { $expand: 'fields' },
    pool: sitePool,
    cost: cost.item,
    signal,
  })
  const [whole = entry] = await withReferences(source, [entry])
  return listedProperties(whole, source.list, files)
}
