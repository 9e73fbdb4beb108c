import { jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import type { RouteCall } from '../../routes/context.ts'
import { notFound } from '../sites/errors.ts'
import { listingPage } from '../sites/listing.ts'
import type { Rendered } from '../sites/listing.ts'
import { withList } from './call.ts'
import { isStandard, renderColumn } from './columns.ts'
import { isMultiple } from './fields.ts'
import { checkShape, selected, shapeOf } from './options.ts'
import type { StoredColumn, StoredContentType, StoredList } from './stored.ts'

const properties = [
  'associatedHubsUrls',
  'description',
  'documentSet',
  'documentTemplate',
  'group',
  'hidden',
  'id',
  'inheritedFrom',
  'isBuiltIn',
  'name',
  'order',
  'parentId',
  'propagateChanges',
  'readOnly',
  'sealed',
]

export function renderContentType(list: StoredList, type: StoredContentType): Rendered {
  return {
    id: type.id,
    description: type.description,
    group: type.group,
    hidden: false,
    isBuiltIn: type.isBuiltIn,
    name: type.name,
    order: { default: type.isDefault, position: list.contentTypes.indexOf(type) },
    parentId: type.id.startsWith('0x0120') ? '0x0120' : '0x01',
    readOnly: false,
    sealed: false,
  }
}

export function listContentTypes(call: RouteCall): Reply {
  const { list, site } = withList(call)
  const shape = shapeOf(call)
  checkShape(shape, 'microsoft.graph.contentType', properties, [])
  return listingPage(call, list.contentTypes, {
    context: `sites('${encodeURIComponent(site.id)}')/lists('${list.id}')/contentTypes`,
    defaultPage: 1_000,
    largestPage: 1_000,
    render: (type) => selected(renderContentType(list, type), shape),
  })
}

function withType(call: RouteCall): { readonly list: StoredList; readonly type: StoredContentType } {
  const { list } = withList(call)
  const type = list.contentTypes.find(({ id }) => id === call.parameters.contentType)
  if (type === undefined) throw notFound()
  return { list, type }
}

export function getContentType(call: RouteCall): Reply {
  const { list, type } = withType(call)
  return jsonReply(200, renderContentType(list, type))
}

/** The columns of a content type, which tell what lists leave out: links, terms, pictures. Folders have a title only. */
export function listTypeColumns(call: RouteCall): Reply {
  const { list, type } = withType(call)
  const columns = list.columns.filter(({ name, hidden }) => !hidden && (!isStandard(name) || name === 'Title'))
  const shown = type.id.startsWith('0x0120') ? columns.filter(({ name }) => name === 'Title') : columns
  return listingPage(call, shown, {
    context: `contentTypes('${type.id}')/columns`,
    defaultPage: 1_000,
    largestPage: 1_000,
    render: (column) => ({ ...renderColumn(column, true), isSealed: false, ...typeOf(column) }),
  })
}

/** Graph's word for what a column of a content type holds. */
function typeOf(column: StoredColumn): { readonly type?: string } {
  const { kind, facet } = column
  if (kind === undefined) return {}
  switch (kind) {
    case 'text':
      return { type: facet.allowMultipleLines === true ? 'note' : 'text' }
    case 'choice':
      return { type: isMultiple(column) ? 'multichoice' : 'choice' }
    case 'term':
      return { type: isMultiple(column) ? 'multiterm' : 'term' }
    case 'personOrGroup':
      return { type: 'user' }
    case 'hyperlinkOrPicture':
      return { type: 'url' }
    case 'contentApprovalStatus':
      return { type: 'approvalStatus' }
    default:
      return { type: kind }
  }
}
