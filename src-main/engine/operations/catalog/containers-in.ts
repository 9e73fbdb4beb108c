import { EngineError } from '../../model/errors.ts'
import type { HexId } from '../../model/ids.ts'
import type { JsonObject } from '../../model/json.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import { CONTAINER_FILE } from '../backup/layout.ts'
import type { FolderPlace, Shard, StoredFolder, StoredType } from '../stored/stored-folder.ts'

/** A container as a snapshot's tree has it. */
export interface FoundContainer {
  readonly graphId: string
  readonly parentGraphId: string | null
  readonly dirName: string
  readonly path: string
  /** The metadata file's text. */
  readonly properties: string
  /** Where its items are, by name. */
  readonly shards: ReadonlyMap<string, Shard>
}

/** All containers below a data type's tree, by Graph id, parents first. */
export async function containersIn(
  repository: OpenRepository,
  type: StoredType,
  tree: HexId,
  signal: AbortSignal,
): Promise<Map<string, FoundContainer>> {
  const found = new Map<string, FoundContainer>()
  const visit = async (place: FolderPlace, parent: FoundContainer | undefined): Promise<void> => {
    const folder = await type.open(place)
    const container = await readContainer(repository, place, folder, parent, signal)
    found.set(container.graphId, container)
    for (const inner of folder.folders) await visit(inner, container)
  }
  for (const place of (await type.open(type.top(tree))).folders) await visit(place, undefined)
  return found
}

async function readContainer(
  repository: OpenRepository,
  { dirName, path }: FolderPlace,
  { file, shards }: StoredFolder,
  parent: FoundContainer | undefined,
  signal: AbortSignal,
): Promise<FoundContainer> {
  const properties = Buffer.from(await repository.content(file?.content ?? [], signal)).toString()
  const metadata = properties === '' ? {} : (JSON.parse(properties) as JsonObject)
  const graphId = metadata['o365:Id']
  if (typeof graphId !== 'string')
    throw new EngineError('repository.tree-damaged', { context: { part: CONTAINER_FILE } })
  const byName = new Map(shards.map((shard) => [shard.name, shard]))
  return { graphId, parentGraphId: parent?.graphId ?? null, dirName, path, properties, shards: byName }
}
