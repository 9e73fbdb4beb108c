import type { OpenRepository } from '../../engine/index.ts'
import { isHexId } from '../../engine/model/ids.ts'

type BlobTable = OpenRepository['table']

/** Tells by the repository's index whether a pack holds trees: those are read again and again. */
export function treePacks(repository: OpenRepository): (name: string) => boolean {
  let seen: { readonly table: BlobTable; readonly files: number } | undefined
  let packs: ReadonlySet<number> = new Set()
  return (name) => {
    const { table, indexFiles } = repository
    if (seen?.table !== table || seen.files !== indexFiles.size) {
      packs = withTrees(table)
      seen = { table, files: indexFiles.size }
    }
    const id = name.slice(name.lastIndexOf('/') + 1)
    const number = isHexId(id) ? repository.packs.number(id) : undefined
    return number !== undefined && packs.has(number)
  }
}

function withTrees(table: BlobTable): ReadonlySet<number> {
  const packs = new Set<number>()
  for (const slot of table.stored()) if (table.type(slot) === 'tree') packs.add(table.location(slot).pack)
  return packs
}
