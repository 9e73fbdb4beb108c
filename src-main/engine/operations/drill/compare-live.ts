import { createHash, hash } from 'node:crypto'
import { isEngineError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Container, Content, DataTypeReader, Root } from '../../ports/data-type.ts'
import { nodeAt } from '../restore/walk-tree.ts'
import { HOLDFAST_FOLDER } from '../backup/layout.ts'
import type { CursorsFile } from '../backup/snapshot-files.ts'
import type { DrilledItem, DrillOptions } from './model.ts'
import type { SampledItem } from './sample-items.ts'

/** Graph ids of the snapshot's roots by their folders. */
export async function rootIds({ repository, snapshot, signal }: DrillOptions): Promise<ReadonlyMap<string, string>> {
  const node = await nodeAt(repository, snapshot.tree, `${HOLDFAST_FOLDER}/cursors.json`, signal)
  const text = Buffer.from(await repository.content(node?.content ?? [], signal)).toString()
  const { roots } = JSON.parse(text) as CursorsFile
  return new Map(roots.map(({ id, path }) => [path, id]))
}

/** An item as it was read from the repository. */
export interface RestoredItem {
  readonly metadata: JsonObject
  readonly container: JsonObject
  /** SHA-256 of the content; undefined if it has none. */
  readonly content: string | undefined
}

/** Reads the item from its source again and compares. What the source does not give is no fault of the repository. */
export async function compareLive(
  options: DrillOptions,
  { kind, root, describer }: SampledItem,
  ids: ReadonlyMap<string, string>,
  item: RestoredItem,
): Promise<Pick<DrilledItem, 'live' | 'liveCode'>> {
  const reader = options.readers?.[kind].find(({ folder }) => folder === describer.folder)
  const id = ids.get(root)
  if (reader === undefined || id === undefined) return { live: 'unread' }
  const name = root.slice(root.indexOf('/') + 1)
  try {
    return { live: await compare(reader, { kind, id, name }, item, options.signal) }
  } catch (error) {
    options.signal.throwIfAborted()
    if (!isEngineError(error)) throw error
    if (error.code === 'graph.not-found') return { live: 'gone' }
    return { live: 'unread', liveCode: error.code }
  }
}

async function compare(
  reader: DataTypeReader,
  root: Root,
  { metadata, container, content }: RestoredItem,
  signal: AbortSignal,
): Promise<NonNullable<DrilledItem['live']>> {
  const { id, changeKey } = reader.identity(metadata)
  const { properties } = await reader.item(root, id, signal)
  const now = reader.identity(reader.metadata(properties))
  if (content === undefined) return now.changeKey === changeKey ? 'same' : 'changed'
  const body = await reader.body(root, containerOf(container), { id, properties, previous: undefined }, signal)
  if (body.content === undefined || body.content === 'unchanged') return 'changed'
  if ((await hashOf(body.content)) === content) return 'same'
  return now.changeKey === changeKey ? 'differs' : 'changed'
}

function containerOf(metadata: JsonObject): Container {
  const text = (name: string): string => (typeof metadata[name] === 'string' ? metadata[name] : '')
  const { properties } = metadata
  const isObject = typeof properties === 'object' && properties !== null && !Array.isArray(properties)
  return {
    id: text('o365:Id'),
    parentId: undefined,
    name: text('o365:Name'),
    properties: isObject ? (properties as JsonObject) : {},
  }
}

async function hashOf(content: Content): Promise<string> {
  if (content instanceof Uint8Array) return hash('sha256', content)
  const digest = createHash('sha256')
  for await (const part of content) digest.update(part)
  return digest.digest('hex')
}
