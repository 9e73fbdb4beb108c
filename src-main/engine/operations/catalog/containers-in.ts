import { EngineError } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { JsonObject } from '../../model/json.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import { CONTAINER_FILE, isShard } from '../backup/layout.ts'

/** A container as a snapshot's tree has it. */
export interface FoundContainer {
  readonly graphId: string
  readonly parentGraphId: string | null
  readonly dirName: string
  readonly path: string
  /** The metadata file's text. */
  readonly properties: string
  /** Trees of the shards by name. */
  readonly shards: ReadonlyMap<string, HexId>
}

/** All containers below a data type's tree, by Graph id, parents first. */
export async function containersIn(
  repository: OpenRepository,
  tree: HexId,
  signal: AbortSignal,
): Promise<Map<string, FoundContainer>> {
  const found = new Map<string, FoundContainer>()
  const visit = async (id: HexId, parent: FoundContainer | undefined): Promise<void> => {
    for (const node of (await repository.tree(id, signal)).nodes) {
      if (node.type !== 'dir' || node.subtree === undefined || (parent !== undefined && isShard(node.name))) continue
      const container = await readContainer(repository, node.name, node.subtree, parent, signal)
      found.set(container.graphId, container)
      await visit(node.subtree, container)
    }
  }
  await visit(tree, undefined)
  return found
}

async function readContainer(
  repository: OpenRepository,
  dirName: string,
  tree: HexId,
  parent: FoundContainer | undefined,
  signal: AbortSignal,
): Promise<FoundContainer> {
  const { nodes } = await repository.tree(tree, signal)
  const file = nodes.find(({ name }) => name === CONTAINER_FILE)
  const properties = Buffer.from(await repository.content(file?.content ?? [], signal)).toString()
  const metadata = properties === '' ? {} : (JSON.parse(properties) as JsonObject)
  const graphId = metadata['o365:Id']
  if (typeof graphId !== 'string')
    throw new EngineError('repository.tree-damaged', { context: { part: CONTAINER_FILE } })
  const shards = new Map<string, HexId>()
  for (const { name, subtree } of nodes) if (subtree !== undefined && isShard(name)) shards.set(name, subtree)
  const path = parent === undefined ? dirName : `${parent.path}/${dirName}`
  return { graphId, parentGraphId: parent?.graphId ?? null, dirName, path, properties, shards }
}
