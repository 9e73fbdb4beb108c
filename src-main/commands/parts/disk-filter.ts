import { rootOf } from '../../engine/model/root-path.ts'
import type { TreeNode } from '../../engine/model/tree.ts'
import type { ContentChoice } from './content-filter.ts'
import { describers, typeChoice } from './data-types.ts'
import { pathPattern } from './path-pattern.ts'

/**
 * What of a snapshot is written to disk. Dates are those of the items; sizes are those of contents, so that the metadata
 * beside one that is left out stays. Throws UsageError for a type that there is not.
 */
export function diskFilter(choice: ContentChoice): (path: string, node: TreeNode) => boolean {
  const { filter, rootIncludes, rootExcludes } = choice
  const isType = typeChoice(choice)
  const roots = rootIncludes.map(pathPattern)
  const notRoots = rootExcludes.map(pathPattern)
  const isChosen = (path: string): boolean => {
    const rooted = rootOf(path)
    const [type] = rooted?.rest ?? []
    if (rooted === undefined || type === undefined || !isType(rooted.kind, type)) return false
    const folder = asFiles(path)
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
  const rooted = rootOf(path)
  const [type, , plane] = rooted?.rest ?? []
  if (rooted === undefined || plane === undefined) return path
  const isApart = describers[rooted.kind].some(({ folder, layout }) => folder === type && layout === 'apart')
  return isApart ? [rooted.root, ...rooted.rest.with(2, 'files')].join('/') : path
}
