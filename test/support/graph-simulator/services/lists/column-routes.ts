import { emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import { isObject, jsonObject } from '../../routes/request-json.ts'
import type { JsonObject } from '../../routes/request-json.ts'
import { invalidRequest, nameAlreadyExists, notFound } from '../sites/errors.ts'
import { listingPage } from '../sites/listing.ts'
import { withList } from './call.ts'
import type { ListCall } from './call.ts'
import { columnProperties, facetIn, internalName, isStandard, makeColumn, renderColumn } from './columns.ts'
import type { FieldView } from './fields.ts'
import { checkShape, selected, shapeOf } from './options.ts'
import type { ColumnKind, StoredColumn } from './stored.ts'

const columnType = 'microsoft.graph.columnDefinition'

/** GET columns: hidden ones only for who selects `hidden`. https://learn.microsoft.com/graph/api/resources/columndefinition */
export function listColumns(call: RouteCall): Reply {
  const { list, site } = withList(call)
  const shape = shapeOf(call)
  checkShape(shape, columnType, columnProperties, [])
  const withHidden = shape.select?.includes('hidden') === true
  const columns = list.columns.filter(({ hidden }) => withHidden || !hidden)
  return listingPage(call, columns, {
    context: `sites('${encodeURIComponent(site.id)}')/lists('${list.id}')/columns`,
    defaultPage: 1_000,
    largestPage: 1_000,
    render: (column) => selected(renderColumn(column), shape),
  })
}

interface ColumnCall extends ListCall {
  readonly column: StoredColumn
}

function withColumn(call: RouteCall): ColumnCall {
  const found = withList(call)
  const wanted = (call.parameters.column ?? '').toLowerCase()
  const column = found.list.columns.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted)
  if (column === undefined) throw notFound()
  return { ...found, column }
}

export function getColumn(call: RouteCall): Reply {
  return jsonReply(200, renderColumn(withColumn(call).column))
}

/** POST columns. Source: https://learn.microsoft.com/graph/api/list-post-columns */
export function createColumn(call: RouteCall): Reply {
  const { view, list, lists } = withList(call)
  const column = addColumn(view, jsonObject(call.request))
  list.touch(lists.now())
  return jsonReply(201, renderColumn(column))
}

const settable = [
  'columnGroup',
  'defaultValue',
  'description',
  'displayName',
  'enforceUniqueValues',
  'hidden',
  'indexed',
  'required',
  'validation',
]

/** Adds a column as a request describes it. */
export function addColumn(view: FieldView, body: JsonObject): StoredColumn {
  const given = facetIn(body)
  if (given === undefined) throw invalidRequest('The type of the column is missing.')
  const { kind, facet } = given
  refuseOthers(body, [...settable, 'name', 'readOnly', kind])
  const { name } = body
  if (typeof name !== 'string' || name.trim() === '' || name.length > 255)
    throw invalidRequest('The column has no name.')
  checkFacet(view, kind, facet)
  const internal = internalName(name)
  if (view.list.columns.some((column) => column.name.toLowerCase() === internal.toLowerCase()))
    throw nameAlreadyExists()
  const displayName = typeof body.displayName === 'string' ? body.displayName : name
  const column = makeColumn(view.list.id, { name: internal, kind, facet, displayName })
  applySettings(column, body)
  view.list.columns.push(column)
  return column
}

function refuseOthers(body: JsonObject, known: readonly string[]): void {
  const other = Object.keys(body).find((name) => !name.startsWith('@') && !known.includes(name) && body[name] !== null)
  if (other !== undefined) throw invalidRequest(`The property '${other}' cannot be set.`)
}

function checkFacet({ directory, site, list }: FieldView, kind: ColumnKind, facet: JsonObject): void {
  if (kind === 'contentApprovalStatus') throw invalidRequest('A column of this type cannot be created.')
  if (kind === 'calculated' && !(typeof facet.formula === 'string' && facet.formula.startsWith('=')))
    throw invalidRequest('The formula is not valid.')
  if (kind === 'term' && !isKnownTermSet(directory.termSets, facet)) throw invalidRequest('The term set was not found.')
  if (kind !== 'lookup') return
  const target = typeof facet.listId === 'string' ? directory.findList(site, facet.listId) : undefined
  if (target === undefined) throw invalidRequest('The list that is to be looked up was not found.')
  if (typeof facet.columnName !== 'string' || target.column(facet.columnName) === undefined)
    throw invalidRequest('The column that is to be looked up was not found.')
  const { primaryLookupColumnId: primary } = facet
  if (typeof primary === 'string' && !list.columns.some(({ id }) => id === primary))
    throw invalidRequest('The primary lookup column was not found.')
}

function isKnownTermSet(known: ReadonlySet<string>, { termSet }: JsonObject): boolean {
  return isObject(termSet) && typeof termSet.id === 'string' && known.has(termSet.id)
}

function applySettings(column: StoredColumn, body: JsonObject): void {
  const flag = (name: string, now: boolean): boolean => (typeof body[name] === 'boolean' ? body[name] : now)
  column.required = flag('required', column.required)
  column.hidden = flag('hidden', column.hidden)
  column.indexed = flag('indexed', column.indexed)
  column.enforceUniqueValues = flag('enforceUniqueValues', column.enforceUniqueValues)
  if (column.enforceUniqueValues && !column.indexed)
    throw invalidRequest('A column whose values are unique must be indexed.')
  if (typeof body.displayName === 'string') column.displayName = body.displayName
  if (typeof body.description === 'string') column.description = body.description
  if (isObject(body.defaultValue)) column.defaultValue = body.defaultValue
}

/** PATCH columns/{column}. Source: https://learn.microsoft.com/graph/api/columndefinition-update */
export function updateColumn(call: RouteCall): Reply {
  const { column, list, lists } = withColumn(call)
  const body = jsonObject(call.request)
  const given = facetIn(body)
  if (given !== undefined && given.kind !== column.kind) throw invalidRequest('The type of a column cannot be changed.')
  refuseOthers(body, [...settable, ...(given === undefined ? [] : [given.kind])])
  applySettings(column, body)
  if (given !== undefined) column.facet = { ...column.facet, ...given.facet }
  list.touch(lists.now())
  return jsonReply(200, renderColumn(column))
}

export function deleteColumn(call: RouteCall): Reply {
  const { column, list, lists } = withColumn(call)
  if (isStandard(column.name)) throw invalidRequest('This column cannot be deleted.')
  list.columns = list.columns.filter((one) => one !== column)
  for (const item of list.items.values()) item.values.delete(column.name)
  list.touch(lists.now())
  return emptyReply(204)
}
