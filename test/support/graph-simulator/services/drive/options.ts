import type { RouteCall } from '../../routes/context.ts'
import { parseSelect, propertyNames } from '../../odata/query.ts'
import type { ItemCall } from './call.ts'
import { invalidRequest } from './errors.ts'
import { downloadUrl, itemProperties, renderItem } from './render.ts'
import type { Rendered, View } from './render.ts'
import { renderPermissions } from './permissions.ts'
import { option } from './select.ts'
import type { StoredItem } from './state/item.ts'

const selectable = new Map([
  ...propertyNames(itemProperties),
  [downloadUrl.toLowerCase(), downloadUrl],
  // The name it goes by in OneDrive's own interface.
  ['content.downloadurl', downloadUrl],
])

const expandable = ['children', 'permissions', 'thumbnails'] as const
type Expandable = (typeof expandable)[number]

/** What a request wants to see of items. */
export interface ItemOptions {
  readonly view: View
  readonly select: string | undefined
  readonly expand: string | undefined
}

export function itemOptions(call: RouteCall, inDelta = false): ItemOptions {
  return optionsFrom(option(call, 'select'), option(call, 'expand'), inDelta)
}

export function optionsFrom(select: string | undefined, expand: string | undefined, inDelta: boolean): ItemOptions {
  const selected = parseSelect(select, selectable, 'microsoft.graph.driveItem')
  expansions(expand)
  return { view: { inDelta, selected }, select, expand }
}

/** An item with what was to be expanded. */
export function renderWith(call: ItemCall, options: ItemOptions): Rendered {
  const shown = renderItem(call, call.item, options.view)
  for (const { name, select } of expansions(options.expand)) shown[name] = expanded(call, name, select)
  return shown
}

function expanded(call: ItemCall, name: Expandable, select: string | undefined): unknown {
  if (name === 'permissions') return renderPermissions(call)
  if (name === 'thumbnails') return []
  const { view } = optionsFrom(select, undefined, false)
  return call.item.sortedChildren().map((child: StoredItem) => renderItem(call, child, view))
}

interface Expansion {
  readonly name: Expandable
  readonly select: string | undefined
}

/** `children($select=id,name),permissions` */
function expansions(text: string | undefined): Expansion[] {
  if (text === undefined || text.trim() === '') return []
  return [...text.matchAll(/\s*([^,(]+)(?:\(([^)]*)\))?\s*(?:,|$)/g)].map(([, word = '', inner = '']) => {
    const name = expandable.find((one) => one.toLowerCase() === word.trim().toLowerCase())
    if (name === undefined) {
      throw invalidRequest(`Parsing OData Select and Expand failed: Could not find a property named '${word}'.`)
    }
    const [, select, unknown] = /^(?:\$?select=([^;]*))?;?(.*)$/.exec(inner) ?? []
    if (unknown !== undefined && unknown !== '') throw invalidRequest(`'${unknown}' is not supported inside $expand.`)
    return { name, select }
  })
}
