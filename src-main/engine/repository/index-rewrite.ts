import type { HexId } from '../model/ids.ts'
import { loadIndexFile } from './index-files.ts'
import { listedPack, type IndexWriter } from './index-writer.ts'
import type { OpenRepository } from './repository.ts'

/**
 * Lists the packs of these index files anew, without those that are to go. The files themselves stay: they are to be
 * removed once the new ones are stored, so that at any moment every blob is named.
 */
export async function relistPacks(
  { store, sealer }: OpenRepository,
  files: Iterable<HexId>,
  isGone: (pack: HexId) => boolean,
  writer: IndexWriter,
  signal?: AbortSignal,
): Promise<void> {
  for (const file of files) {
    signal?.throwIfAborted()
    const index = await loadIndexFile(store, sealer, file, signal)
    for (const pack of index.packs) if (!isGone(pack.id)) await writer.add(listedPack(index, pack))
  }
}
