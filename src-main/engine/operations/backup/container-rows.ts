import { nameKey } from '../../../../src-shared/model/safe-name.ts'
import type { CatalogContainer, CatalogRoot } from '../../catalog/model.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Container, ContainerListing, DataTypeReader, ItemDescriber } from '../../ports/data-type.ts'
import type { RunContext } from './context.ts'
import { containerDirName } from './layout.ts'

/** The containers as the catalog has them, in the form in which the adapter gave them. */
export function lastListing(run: RunContext, reader: DataTypeReader, root: CatalogRoot): ContainerListing | undefined {
  const rows = run.catalog.containers(run.seq, root.key, reader.folder)
  if (rows.length === 0) return undefined
  const containers = rows.map(containerOf)
  return { containers, cursor: run.catalog.cursor(root.key, reader.folder, '') }
}

/** Brings the catalog's containers in line with a listing; names are kept, new ones made unique. */
export function takeListing(
  run: RunContext,
  reader: DataTypeReader,
  root: CatalogRoot,
  listing: ContainerListing,
): void {
  const { catalog, seq } = run
  const before = new Map(catalog.containers(seq, root.key, reader.folder).map((row) => [row.graphId, row]))
  const rows = namedRows(listing.containers, before, reader.layout)
  for (const { container, dirName, path } of rows)
    catalog.putContainer(seq, {
      root: root.key,
      type: reader.folder,
      graphId: container.id,
      parentGraphId: container.parentId ?? null,
      dirName,
      path,
      properties: JSON.stringify(container.properties),
    })
  const listed = new Set(listing.containers.map(({ id }) => id))
  for (const graphId of before.keys())
    if (!listed.has(graphId)) catalog.removeContainer(seq, root.key, reader.folder, graphId)
  if (listing.tellsItems !== true) catalog.setCursor(root.key, reader.folder, '', listing.cursor)
}

/** A container as its adapter gave it, from what is stored of it. */
function containerOf({ graphId, parentGraphId, properties }: CatalogContainer): Container {
  const metadata = JSON.parse(properties) as JsonObject
  const name = metadata['o365:Name']
  return {
    id: graphId,
    parentId: parentGraphId ?? undefined,
    name: typeof name === 'string' ? name : '',
    properties: metadata,
  }
}

interface NamedContainer {
  readonly container: Container
  readonly dirName: string
  readonly path: string
}

/** Directory names for all containers, parents first. One whose parent is unknown comes directly below the type. */
function namedRows(
  containers: readonly Container[],
  before: ReadonlyMap<string, CatalogContainer>,
  layout: ItemDescriber['layout'],
): NamedContainer[] {
  const known = new Set(containers.map(({ id }) => id))
  const children = Map.groupBy(containers, ({ parentId }) =>
    parentId !== undefined && known.has(parentId) ? parentId : '',
  )
  const rows: NamedContainer[] = []
  const name = (parent: string, parentPath: string): void => {
    for (const row of namedSiblings(children.get(parent) ?? [], parentPath, before, layout)) {
      rows.push(row)
      name(row.container.id, row.path)
    }
  }
  name('', '')
  return rows
}

function namedSiblings(
  siblings: readonly Container[],
  parentPath: string,
  before: ReadonlyMap<string, CatalogContainer>,
  layout: ItemDescriber['layout'],
): NamedContainer[] {
  const taken = new Set<string>()
  const rows: NamedContainer[] = []
  const take = (container: Container, dirName: string): void => {
    taken.add(nameKey(dirName))
    rows.push({ container, dirName, path: parentPath === '' ? dirName : `${parentPath}/${dirName}` })
  }
  // Those that keep their name come first, so that a newcomer cannot take it.
  const [keeping, coming] = partition(siblings, (container) => keepsName(container, before.get(container.id)))
  for (const container of keeping) take(container, before.get(container.id)?.dirName ?? '')
  for (const container of coming.sort((a, b) => (a.id < b.id ? -1 : 1)))
    take(container, containerDirName(container.name, container.id, taken, layout))
  return rows
}

function keepsName(container: Container, before: CatalogContainer | undefined): boolean {
  if (before === undefined) return false
  return containerOf(before).name === container.name && before.parentGraphId === (container.parentId ?? null)
}

function partition<T>(list: readonly T[], test: (value: T) => boolean): [T[], T[]] {
  const yes: T[] = []
  const no: T[] = []
  for (const value of list) (test(value) ? yes : no).push(value)
  return [yes, no]
}
