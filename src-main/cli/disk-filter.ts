import type { TreeNode } from '../engine/model/tree.ts'
import type { ContentChoice } from './content-filter.ts'
import { describers, typeFolder } from './data-types.ts'
import { pathPattern } from './path-pattern.ts'

/** Where a data type's folder stands: users / name / type. */
const TYPE_AT = 2

/**
 * What of a snapshot is written to disk. Dates are those of the items; sizes are those of contents, so that the metadata
 * beside one that is left out stays. Throws UsageError for a type that there is not.
 */
export function diskFilter(choice: ContentChoice): (path: string, node: TreeNode) => boolean {
  const { filter, rootIncludes, rootExcludes } = choice
  const included = new Set(choice.includedTypes.map((text) => typeFolder(text, 'include')))
  const excluded = new Set(choice.excludedTypes.map((text) => typeFolder(text, 'exclude')))
  const roots = rootIncludes.map(pathPattern)
  const notRoots = rootExcludes.map(pathPattern)
  const isChosen = (path: string): boolean => {
    const folder = asFiles(path)
    const type = folder.split('/')[TYPE_AT]
    if (type === undefined) return false
    if ((included.size > 0 && !included.has(type)) || excluded.has(type)) return false
    if (roots.length > 0 && !roots.some((pattern) => pattern.covers(folder))) return false
    return !notRoots.some((pattern) => pattern.covers(folder)) && filter.takesContainer(folder)
  }
  return (path, node) => {
    if (node.type === 'dir') return isChosen(path)
    const size = node.name.endsWith('.json') ? undefined : node.size
    return (
      isChosen(path.slice(0, path.lastIndexOf('/'))) && filter.takesItem(path, { time: Date.parse(node.mtime), size })
    )
  }
}

/** Where contents, metadata and versions are apart, all three follow what is said of the files. */
function asFiles(path: string): string {
  const names = path.split('/')
  const [, , type, , plane] = names
  const isApart = describers.some(({ folder, layout }) => folder === type && layout === 'apart')
  return isApart && plane !== undefined ? names.with(4, 'files').join('/') : path
}
