import type { TreeNode } from '../../model/tree.ts'
import { idBytes, type HexId } from '../../model/ids.ts'
import type { StoredFile } from '../../ports/restore-target.ts'
import type { OpenRepository } from '../../repository/repository.ts'

/** What a sealed blob has beside its bytes when it is not compressed. */
const SEAL_BYTES = 32

/** A file of a snapshot that can be read whole or in parts. */
export function storedFile(repository: OpenRepository, node: TreeNode): StoredFile {
  const blobs = node.content ?? []
  return {
    name: node.name,
    size: node.size ?? 0,
    bytes: (signal) => repository.content(blobs, signal),
    stream: (signal, from = 0) => readFrom(repository, blobs, from, signal),
  }
}

async function* readFrom(
  repository: OpenRepository,
  blobs: readonly HexId[],
  from: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  let left = from
  for (const id of blobs) {
    const length = plainLength(repository, id)
    if (length !== undefined && left >= length) {
      left -= length
      continue
    }
    const bytes = await repository.blob(id, 'data', signal)
    if (left < bytes.length) yield bytes.subarray(left)
    left = Math.max(0, left - bytes.length)
  }
}

/** Bytes of a blob as the index tells them; a blob that is not there is found out when it is read. */
export function plainLength({ table }: OpenRepository, id: HexId): number | undefined {
  const slot = table.find(idBytes(id), 'data')
  if (slot < 0 || !table.isStored(slot)) return undefined
  const { length, uncompressedLength } = table.location(slot)
  return uncompressedLength === 0 ? length - SEAL_BYTES : uncompressedLength
}
