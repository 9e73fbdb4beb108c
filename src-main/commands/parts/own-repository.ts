import type { Change, Container, DataTypeReader } from '../../engine/ports/data-type.ts'

/** The folder of a repository in a drive that may be read as well. */
export interface OwnRepository {
  /** As readers of drives call it. */
  readonly container: string
  /** Told when the folder is among what is read. */
  readonly onFound: () => void
}

/**
 * The reader of drives, without the files of the repository that takes the backup: it would be stored in itself, and
 * twice as much each time. Its folders are listed, as the drive's changes come for all folders together.
 */
export function withoutRepository(reader: DataTypeReader, { container: top, onFound }: OwnRepository): DataTypeReader {
  const inside = new Set<string>()
  return {
    ...reader,
    containers: async (root, last, signal) => {
      const listing = await reader.containers(root, last, signal)
      if (listing.containers.some(({ id }) => id === top)) onFound()
      for (const id of insideOf(top, listing.containers)) inside.add(id)
      return listing
    },
    async *changes(root, container, start, signal) {
      for await (const page of reader.changes(root, container, start, signal))
        yield inside.has(container.id) ? { ...page, changes: page.changes.filter(isRemoval) } : page
    },
  }
}

const isRemoval = ({ kind }: Change): boolean => kind !== 'put'

/** The folder and all below it. */
function insideOf(top: string, containers: readonly Container[]): ReadonlySet<string> {
  const below = Map.groupBy(containers, ({ parentId }) => parentId)
  const found = new Set([top])
  for (const id of found) for (const child of below.get(id) ?? []) found.add(child.id)
  return found
}
