import { badRequest } from '../http/errors.ts'
import { normalizePropertyId } from '../state/extended-properties.ts'

/** What `$expand` asks for. */
export interface Expansion {
  readonly attachments: boolean
  /** Normalized ids of the extended properties wanted. */
  readonly singleValue: readonly string[] | undefined
  readonly multiValue: readonly string[] | undefined
}

export const noExpansion: Expansion = { attachments: false, singleValue: undefined, multiValue: undefined }

/**
 * Reads `$expand`. Extended properties must be named by a filter.
 * Source: https://learn.microsoft.com/graph/api/singlevaluelegacyextendedproperty-get
 */
export function parseExpand(text: string | undefined): Expansion {
  if (text === undefined || text.trim() === '') return noExpansion
  let expansion = noExpansion
  for (const part of splitTopLevel(text)) {
    const [, name = '', , options = ''] = /^\s*([\w./]+)\s*(\(([\s\S]*)\))?\s*$/.exec(part) ?? []
    switch (name.toLowerCase()) {
      case 'attachments':
        expansion = { ...expansion, attachments: true }
        break
      case 'singlevalueextendedproperties':
        expansion = { ...expansion, singleValue: propertyIds(options, name) }
        break
      case 'multivalueextendedproperties':
        expansion = { ...expansion, multiValue: propertyIds(options, name) }
        break
      default:
        throw badRequest(
          `Parsing OData Select and Expand failed: Could not find a property named '${name || part}' on type 'microsoft.graph.message'.`,
        )
    }
  }
  return expansion
}

function propertyIds(options: string, name: string): readonly string[] {
  const filter = /\$filter\s*=\s*([\s\S]*)$/i.exec(options)?.[1]
  if (filter === undefined)
    throw badRequest(`The expand of '${name}' needs a filter on the property's id.`, 'ErrorInvalidProperty')
  const ids = [...filter.matchAll(/\bid\s+eq\s+'((?:[^']|'')*)'/gi)].map(([, id = '']) => id.replaceAll("''", "'"))
  if (ids.length === 0) throw badRequest('The extended property filter is not valid.', 'ErrorInvalidUrlQueryFilter')
  return ids.map(normalizePropertyId)
}

function splitTopLevel(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quoted = false
  let start = 0
  for (let index = 0; index < text.length; index++) {
    const character = text[index]
    if (character === "'") quoted = !quoted
    if (quoted) continue
    if (character === '(') depth++
    if (character === ')') depth--
    if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index))
      start = index + 1
    }
  }
  return [...parts, text.slice(start)]
}
