import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLocalFolder } from '../../../src-main/destinations/local-folder/local-folder.ts'
import { idBytes, type HexId } from '../../../src-main/engine/model/ids.ts'
import { walkTree } from '../../../src-main/engine/operations/restore/walk-tree.ts'
import { packName } from '../../../src-main/engine/repository/pack-list.ts'
import { openRepository, type OpenRepository } from '../../../src-main/engine/repository/repository.ts'
import { latestSnapshot, listSnapshots } from '../../../src-main/engine/repository/snapshots.ts'
import { PASSPHRASE } from './program.ts'

/**
 * Flips a bit in what the latest snapshot has at the paths that fit: the first blob of a file, the tree of a folder. Gives
 * these paths; fails unless each of the patterns fits one.
 */
export async function damage(folder: string, patterns: readonly RegExp[]): Promise<readonly string[]> {
  const repository = await openRepository({ store: createLocalFolder(folder), passphrase: PASSPHRASE })
  await repository.loadIndex()
  const { snapshots } = await listSnapshots(repository.store, repository.sealer)
  const nodes = new Map<string, { readonly id: HexId; readonly type: 'data' | 'tree' }>()
  for await (const { path, node } of walkTree(repository, latestSnapshot(snapshots, {})?.tree ?? ('' as HexId))) {
    const [id, type] = node.type === 'dir' ? [node.subtree, 'tree' as const] : [node.content?.[0], 'data' as const]
    if (id !== undefined) nodes.set(path, { id, type })
  }
  return patterns.map((pattern) => {
    const found = [...nodes].find(([path]) => pattern.test(path))
    if (found === undefined) throw new Error(`nothing fits ${String(pattern)} in ${[...nodes.keys()].join('\n')}`)
    flip(folder, repository, found[1])
    return found[0]
  })
}

function flip(
  folder: string,
  { table, packs }: OpenRepository,
  { id, type }: { readonly id: HexId; readonly type: 'data' | 'tree' },
): void {
  const { pack, offset, length } = table.location(table.find(idBytes(id), type))
  const path = join(folder, packName(packs.id(pack)))
  const bytes = readFileSync(path)
  const at = offset + (length >> 1)
  bytes[at] = (bytes[at] ?? 0) ^ 4
  chmodSync(path, 0o600)
  writeFileSync(path, bytes)
}
