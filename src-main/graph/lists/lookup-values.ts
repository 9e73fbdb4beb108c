import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { record, text } from '../item/fields.ts'
import { itemPath, listPath, cost, sitePool } from './site.ts'
import type { Site } from './site.ts'

const pageSize = 1_000

/** Entries of one list that are kept in memory; beyond them only numbers are known. */
const mostEntries = 100_000

/** What one query may name. https://learn.microsoft.com/graph/api/resources/fieldvalueset */
const mostLookups = 12

/** What stands for the items of a list that is looked up, by number. Empty where the list is not to be read. */
export async function readShown(site: Site, list: string, column: string): Promise<ReadonlyMap<number, string>> {
  const shown = new Map<number, string>()
  const { client, root, signal } = site
  const query = { $select: 'id', $expand: `fields($select=${column})`, $top: pageSize }
  const request = { path: `${listPath(root.id, list)}/items`, query, pool: sitePool, cost: cost.list, signal }
  try {
    for await (const page of client.pages<JsonObject>(request, { prefetch: 1 })) {
      for (const entry of page.value) {
        const value = shownText(record(entry, 'fields')?.[column])
        if (value !== undefined) shown.set(Number(text(entry, 'id')), value)
      }
      if (shown.size >= mostEntries) break
    }
  } catch (error) {
    if (!isRefusal(error)) throw error
  }
  return shown
}

/** The same of single items of the list that looks up: by item and column. */
export async function readShownOf(
  site: Site,
  list: string,
  items: readonly string[],
  columns: readonly string[],
): Promise<ReadonlyMap<string, JsonObject>> {
  const groups = Array.from({ length: Math.ceil(columns.length / mostLookups) }, (_, index) =>
    columns.slice(index * mostLookups, (index + 1) * mostLookups),
  )
  const asked = items.flatMap((item) => groups.map((group) => ({ item, group })))
  const members = asked.map(({ item, group }) => ({
    path: itemPath(site.root.id, list, item),
    query: { $select: 'id', $expand: `fields($select=${group.join(',')})` },
    cost: cost.item,
  }))
  const answers = await site.client.batch(members, { pool: sitePool, signal: site.signal })
  const found = new Map<string, JsonObject>()
  for (const [index, answer] of answers.entries()) {
    // What cannot be told keeps its number.
    if (!answer.ok) continue
    const item = asked[index]?.item ?? ''
    const fields = record(answer.body as JsonObject, 'fields') ?? {}
    found.set(item, { ...found.get(item), ...fields })
  }
  return found
}

export function shownText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

function isRefusal(error: unknown): boolean {
  return (
    isEngineError(error, 'graph.not-found') ||
    isEngineError(error, 'graph.forbidden') ||
    isEngineError(error, 'graph.request-refused')
  )
}
