import type { CatalogRoot } from '../../catalog/model.ts'
import { shortId } from '../../model/short-id.ts'
import type { RunContext } from './context.ts'

/**
 * Items whose names are all there is to tell their files apart: one that could not be read keeps its old name, which
 * another item may have by now. The newcomer gets a suffix then, so that neither is lost.
 */
export function resolveNameClashes({ catalog, seq }: RunContext, root: CatalogRoot, type: string): void {
  for (const { key, name, graphId } of catalog.nameClashes(seq, root.key, type))
    catalog.renameItem(key, withSuffix(name, shortId(graphId)))
}

/** Before the extension, so that the file still opens. */
function withSuffix(name: string, suffix: string): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? `${name.slice(0, dot)} ~${suffix}${name.slice(dot)}` : `${name} ~${suffix}`
}
