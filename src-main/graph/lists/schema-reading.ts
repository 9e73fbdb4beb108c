import type { JsonObject } from '../../engine/model/json.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchAnswer } from '../client/types.ts'
import { isObject, list, text } from '../item/fields.ts'
import { plainValue } from '../item/listed-value.ts'
import { columnKinds, isStandardColumn, kindOf } from './columns.ts'
import { cost, listPath, sitePool } from './site.ts'
import type { Site } from './site.ts'

/** Columns and content types of a list, as they are stored. */
export interface Schema {
  readonly columns: readonly JsonObject[]
  readonly contentTypes: readonly JsonObject[]
}

const query = { $select: 'id', $expand: 'columns,contentTypes' }

/**
 * The schemas of lists, in their order: one round trip, and a second one if there are columns of which lists do not
 * tell the kind (links, terms, pictures): content types do. Undefined for a list whose schema cannot be read now.
 * `known`: kinds that were found out before, by list.
 */
export async function readSchemas(
  site: Site,
  lists: readonly string[],
  known: (list: string) => readonly JsonObject[],
): Promise<readonly (Schema | undefined)[]> {
  if (lists.length === 0) return []
  const members = lists.map((id) => ({ path: listPath(site.root.id, id), query, cost: cost.item }))
  const answers = await site.client.batch(members, { pool: sitePool, signal: site.signal })
  const read = answers.map((answer, index) => {
    const schema = schemaIn(answer)
    return schema && { ...schema, columns: withKinds(schema.columns, known(lists[index] ?? '')) }
  })
  return await completed(site, lists, read)
}

/** The schema of one list. Rejects if it cannot be read. */
export async function readSchema(site: Site, id: string): Promise<Schema> {
  const { client, root, signal } = site
  const request = { path: listPath(root.id, id), query, pool: sitePool, cost: cost.item, signal }
  const schema = asSchema(await client.json<JsonObject>(request))
  const [whole = schema] = await completed(site, [id], [schema])
  return whole
}

function schemaIn(answer: BatchAnswer | undefined): Schema | undefined {
  return answer?.ok === true && isObject(answer.body) ? asSchema(answer.body) : undefined
}

function asSchema(body: JsonObject): Schema {
  const plain = (name: string): readonly JsonObject[] =>
    (list(body, name) ?? []).filter(isObject).map((one) => plainValue(one) as JsonObject)
  return { columns: plain('columns'), contentTypes: plain('contentTypes') }
}

async function completed(
  site: Site,
  lists: readonly string[],
  schemas: readonly (Schema | undefined)[],
): Promise<readonly (Schema | undefined)[]> {
  const asked = schemas.flatMap((schema, index) => {
    if (!schema?.columns.some(isUnclear)) return []
    return typesOf(schema).map((type) => ({ index, type }))
  })
  if (asked.length === 0) return schemas
  const members = asked.map(({ index, type }) => ({
    path: `${listPath(site.root.id, lists[index] ?? '')}${graphPath`/contentTypes/${type}/columns`}`,
    cost: cost.list,
  }))
  const answers = await site.client.batch(members, { pool: sitePool, signal: site.signal })
  return schemas.map((schema, index) => {
    const told = answers.flatMap((answer, at) => (asked[at]?.index === index ? columnsIn(answer) : []))
    return schema && { ...schema, columns: withKinds(schema.columns, told) }
  })
}

/** Somebody's column of which the list does not say what it holds. */
function isUnclear(column: JsonObject): boolean {
  return column.readOnly !== true && kindOf(column) === undefined && !isStandardColumn(text(column, 'name') ?? '')
}

/** Content types of items; those of folders have no columns of interest. */
function typesOf({ contentTypes }: Schema): readonly string[] {
  return contentTypes.flatMap((type) => text(type, 'id') ?? []).filter((id) => !id.startsWith('0x0120'))
}

function columnsIn(answer: BatchAnswer): readonly JsonObject[] {
  // Without it the columns stay as the list told them.
  if (!answer.ok || !isObject(answer.body)) return []
  return (list(answer.body, 'value') ?? []).filter(isObject).map((one) => plainValue(one) as JsonObject)
}

/** The columns with the kinds that others of the same name are known to have. */
function withKinds(columns: readonly JsonObject[], told: readonly JsonObject[]): readonly JsonObject[] {
  const byName = new Map(told.map((column) => [text(column, 'name'), column]))
  return columns.map((column) => {
    if (!isUnclear(column)) return column
    const other = byName.get(text(column, 'name'))
    const kind = other === undefined ? undefined : columnKinds.find((one) => isObject(other[one]))
    return kind === undefined || other === undefined ? column : { ...column, [kind]: other[kind] ?? {} }
  })
}
