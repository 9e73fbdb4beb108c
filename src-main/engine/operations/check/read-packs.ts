import { BoundedWork } from '../../bounded-work.ts'
import type { ErrorCode } from '../../model/errors.ts'
import { idBytes, type HexId } from '../../model/ids.ts'
import { isDamage } from '../../repository/damage.ts'
import { PLACE_WORDS, type BlobList } from '../../repository/open-messages.ts'
import { OpenPool, wholeMemory } from '../../repository/open-pool.ts'
import { packName } from '../../repository/pack-list.ts'
import type { OpenRepository } from '../../repository/repository.ts'
import type { CheckFinding, CheckOptions } from './model.ts'
import { subsetOf } from './data-subset.ts'
import type { PackContents } from './pack-contents.ts'

// Holds a pack of the usual size with one blob more than its target.
const PACK_BYTES = 26 << 20

/** Reads the chosen packs that are there and compares all of them. Blobs that cannot be read are added to `harmed`. */
export async function readPacks(
  options: CheckOptions,
  contents: readonly PackContents[],
  stored: ReadonlyMap<HexId, number>,
  findings: CheckFinding[],
  harmed: Map<number, ErrorCode>,
): Promise<{ readonly bytes: number; readonly packsRead: number }> {
  const isChosen = subsetOf(options.readData)
  const pool = new OpenPool(options.repository.key, PACK_BYTES)
  const work = new BoundedWork(pool.places)
  const there = contents.filter(({ id }) => stored.has(id) && isChosen(id))
  let bytes = 0
  let done = 0
  try {
    for (const pack of there) {
      options.signal?.throwIfAborted()
      await work.start(async () => {
        const read = await readPack(options, pool, pack, findings, harmed)
        bytes += read
        done++
        options.onProgress?.({ stage: 'packs', done, total: there.length })
      })
    }
    await work.finish()
  } finally {
    await pool.close()
    await work.settle()
  }
  return { bytes, packsRead: done }
}

async function readPack(
  { repository, signal }: CheckOptions,
  pool: OpenPool,
  pack: PackContents,
  findings: CheckFinding[],
  harmed: Map<number, ErrorCode>,
): Promise<number> {
  const spare = pool.memory()
  let bytes: Uint8Array<ArrayBuffer>
  try {
    bytes = await repository.store.get(packName(pack.id), undefined, signal, spare)
  } catch (error) {
    pool.giveBack(spare)
    if (!isDamage(error)) throw error
    const code = error.code === 'store.not-found' ? 'repository.pack-missing' : error.code
    findings.push({ code, subject: 'pack', id: pack.id })
    for (const slot of pack.slots) harmed.set(slot, code)
    return 0
  }
  const memory = wholeMemory(bytes)
  if (memory !== spare) pool.giveBack(spare)
  const request = {
    kind: 'verify',
    memory,
    length: bytes.length,
    id: idBytes(pack.id),
    blobs: blobList(repository, pack),
  } as const
  const answer = await pool.run(request)
  for (const { code, blob } of answer.findings) {
    const slot = blob === undefined ? undefined : pack.slots[blob]
    if (slot === undefined) findings.push({ code, subject: 'pack', id: pack.id })
    else {
      findings.push({ code, subject: 'blob', id: repository.table.id(slot) })
      // If only the lists differ, the blob can be read all the same.
      if (code === 'repository.blob-damaged') harmed.set(slot, code)
    }
  }
  return answer.bytes
}

function blobList({ table }: OpenRepository, pack: PackContents): BlobList {
  const places = new Int32Array(pack.slots.length * PLACE_WORDS)
  const ids = new Uint8Array(pack.slots.length * 32)
  for (const [i, slot] of pack.slots.entries()) {
    const { offset, length, uncompressedLength } = table.location(slot)
    places.set([offset, length, uncompressedLength], i * PLACE_WORDS)
    ids.set(table.idBytes(slot), i * 32)
  }
  return { places, ids }
}
