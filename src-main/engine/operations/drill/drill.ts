import { createHash } from 'node:crypto'
import type { JsonObject } from '../../model/json.ts'
import type { TreeNode } from '../../model/tree.ts'
import { isDamage } from '../../repository/damage.ts'
import { compareLive, rootIds } from './compare-live.ts'
import type { DrilledItem, DrillOptions, DrillReport, DrillTypeCounts } from './model.ts'
import { sampleItems, type SampledItem } from './sample-items.ts'

/**
 * Restores a sample of items of every data type in memory: every blob is read and compared with the hash that names it,
 * every length with what the snapshot says, every metadata file is understood. With readers, the items are compared with
 * their source, too. Changes nothing. Rejects when the repository is out of reach, or a tree of the snapshot is damaged.
 */
export async function restoreDrill(options: DrillOptions): Promise<DrillReport> {
  const { snapshot, readers, signal, onProgress } = options
  const samples = await sampleItems(options)
  const ids = readers === undefined ? new Map<string, string>() : await rootIds(options)
  const types: Record<string, DrillTypeCounts> = {}
  const bad: DrilledItem[] = []
  const total = [...samples.values()].reduce((sum, { chosen }) => sum + chosen.length, 0)
  let done = 0
  for (const [type, { chosen, items }] of samples) {
    const counts = { items, restored: 0, bytes: 0, damaged: 0, same: 0, changed: 0, unread: 0, differs: 0 }
    types[type] = counts
    for (const item of chosen) {
      signal.throwIfAborted()
      const drilled = await drillItem(options, item, ids)
      count(counts, drilled)
      if (drilled.code !== undefined || drilled.live === 'differs') bad.push(drilled)
      onProgress?.({ stage: 'restore', done: ++done, total })
    }
  }
  return { snapshot: snapshot.id, types, bad }
}

function count(counts: DrillTypeCounts, { bytes, code, live }: DrilledItem): void {
  counts.bytes += bytes
  if (code === undefined) counts.restored++
  else counts.damaged++
  if (live === undefined) return
  counts[live === 'gone' ? 'changed' : live]++
}

async function drillItem(
  options: DrillOptions,
  item: SampledItem,
  ids: ReadonlyMap<string, string>,
): Promise<DrilledItem> {
  const { path, describer, type, files } = item
  const common = { path, type: describer.type }
  let read = 0
  let bytes = 0
  const readOne = async (node: TreeNode): Promise<string> => {
    const { sha256, length } = await readFile(options, node)
    read++
    bytes += length
    return sha256
  }
  try {
    const metadata = await readJson(options, files.metadata)
    describer.identity(metadata)
    await readOne(files.metadata)
    const content = files.content === undefined ? undefined : await readOne(files.content)
    for (const part of await type.parts(files)) await readOne(part)
    if (options.readers === undefined) return { ...common, files: read, bytes }
    const container = item.folder === undefined ? {} : await readJson(options, item.folder)
    return {
      ...common,
      files: read,
      bytes,
      ...(await compareLive(options, item, ids, { metadata, container, content })),
    }
  } catch (error) {
    const code = error instanceof SyntaxError ? 'repository.blob-damaged' : isDamage(error) ? error.code : undefined
    if (code === undefined) throw error
    return { ...common, files: read, bytes, code }
  }
}

/** Blob by blob: a file may be larger than memory. */
async function readFile(
  { repository, signal }: DrillOptions,
  node: TreeNode,
): Promise<{ readonly sha256: string; readonly length: number }> {
  const digest = createHash('sha256')
  let length = 0
  for (const id of node.content ?? []) {
    const bytes = await repository.blob(id, 'data', signal)
    digest.update(bytes)
    length += bytes.length
  }
  // The snapshot says another length than its blobs have: not a byte of them can be trusted to be where it was.
  if (length !== (node.size ?? 0)) throw new SyntaxError('length')
  return { sha256: digest.digest('hex'), length }
}

async function readJson({ repository, signal }: DrillOptions, node: TreeNode): Promise<JsonObject> {
  return JSON.parse(Buffer.from(await repository.content(node.content ?? [], signal)).toString()) as JsonObject
}
