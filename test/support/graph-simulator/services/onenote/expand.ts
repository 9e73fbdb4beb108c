import { GraphError } from '../../http/errors.ts'
import { renderGroup, renderSection, type Base, type Json } from './render.ts'
import type { StoredGroup, StoredNotebook } from './state.ts'

/** What `$expand` asks for, by name. */
export type Expand = ReadonlyMap<string, { readonly expand: Expand; readonly levels: boolean }>

/** Reads `sections,sectionGroups($expand=...;$levels=max)`. */
export function parseExpand(text: string | undefined, allowed: readonly string[]): Expand {
  const found = new Map<string, { expand: Expand; levels: boolean }>()
  for (const part of splitTop(text ?? '', ',')) {
    const [, name = '', , options = ''] = /^\s*(\w+)\s*(\(([\s\S]*)\))?\s*$/.exec(part) ?? []
    if (!allowed.includes(name))
      throw new GraphError(400, '20145', `The expand expression has an invalid term '${part}'.`)
    found.set(name, readOptions(options))
  }
  return found
}

function readOptions(text: string): { expand: Expand; levels: boolean } {
  let expand: Expand = new Map()
  let levels = false
  for (const option of splitTop(text, ';')) {
    const [, name = '', value = ''] = /^\s*\$?(\w+)\s*=\s*([\s\S]*)$/.exec(option) ?? []
    if (name === 'expand') expand = parseExpand(value, ['sections', 'sectionGroups'])
    else if (name === 'levels' && value.trim() === 'max') levels = true
    else throw new GraphError(400, '20145', `The expand expression has an invalid term '${option}'.`)
  }
  return { expand, levels }
}

function splitTop(text: string, separator: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const character of text) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0
    if (character === separator && depth === 0) {
      parts.push(part)
      part = ''
    } else part += character
  }
  return [...parts, part].filter((one) => one.trim() !== '')
}

/** The expanded children of a notebook or section group. */
export function expandedChildren(parent: StoredNotebook | StoredGroup, expand: Expand, base: Base): Json {
  const groups = expand.get('sectionGroups')
  return {
    ...(expand.has('sections')
      ? { sections: byName(parent.sections).map((section) => renderSection(section, base)) }
      : {}),
    ...(groups === undefined
      ? {}
      : {
          sectionGroups: byName(parent.groups).map((group) => ({
            ...renderGroup(group, base),
            ...expandedChildren(group, below(groups, expand), base),
          })),
        }),
  }
}

/** `$levels=max` goes on with the same expansion at every level below. */
function below(option: { readonly expand: Expand; readonly levels: boolean }, same: Expand): Expand {
  if (!option.levels) return option.expand
  const groups = same.get('sectionGroups')
  return new Map([...option.expand, ...(groups === undefined ? [] : [['sectionGroups', groups] as const])])
}

export function byName<T extends { readonly displayName: string }>(entities: readonly T[]): readonly T[] {
  return entities.toSorted((one, other) => one.displayName.localeCompare(other.displayName, 'en'))
}
