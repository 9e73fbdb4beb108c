import { parentPort, workerData } from 'node:worker_threads'
import { createSealer } from '../crypto/seal.ts'
import { createZstd } from '../crypto/zstd.ts'
import { isEngineError } from '../model/errors.ts'
import { openSealed } from './blob-codec.ts'
import type { BlobType } from './blob-table.ts'
import type {
  CopiedPack,
  CopyAnswer,
  CopyBlobs,
  CopyWorkerData,
  FinishPacks,
  FromCopyWorker,
  ToCopyWorker,
} from './copy-messages.ts'
import { PackBuilder } from './pack-builder.ts'
import { blobAt } from './verify-pack.ts'

const port = parentPort
if (port === null) throw new Error('copy-worker runs in a worker thread only')
const { from, to, packSize } = workerData as CopyWorkerData
const source = createSealer(from)
const target = to === undefined ? source : createSealer(to)
const zstd = createZstd(1)
const spares: ArrayBuffer[] = []
// Most blobs are far smaller than this; a pack is closed early before one that is not.
const standardBuffer = packSize + (1 << 20)

let finished: CopiedPack[] = []

const builder = (type: BlobType): PackBuilder =>
  new PackBuilder(type, {
    packSize,
    selfCheck: true,
    sealer: target,
    zstd,
    buffer: (bytes) =>
      bytes <= standardBuffer ? (spares.pop() ?? new ArrayBuffer(standardBuffer)) : new ArrayBuffer(bytes),
    onPack: (pack) => finished.push(pack),
  })

const packs = { data: builder('data'), tree: builder('tree') }

function copy({ memory, length, blobs, slots, trees, spares: more }: CopyBlobs): number[] {
  for (const spare of more) if (spare.byteLength === standardBuffer) spares.push(spare)
  const bytes = new Uint8Array(memory, 0, length)
  const damaged: number[] = []
  for (const [i, slot] of slots.entries()) {
    const blob = blobAt(blobs, i)
    const sealed = bytes.subarray(blob.offset, blob.offset + blob.length)
    const opened = openSealed(sealed, blob, source, zstd)
    if (opened === undefined) {
      damaged.push(i)
      continue
    }
    const pack = packs[trees[i] === 1 ? 'tree' : 'data']
    if (to === undefined) pack.addSealed(slot, blob.id, sealed, blob.uncompressedLength)
    else pack.addPacked(slot, blob.id, opened.packed, blob.uncompressedLength)
  }
  return damaged
}

function answer(request: CopyBlobs | FinishPacks): CopyAnswer {
  const damaged = request.kind === 'copy' ? copy(request) : []
  if (request.kind === 'finish') {
    packs.data.finish()
    packs.tree.finish()
  }
  const complete = finished
  finished = []
  return { packs: complete, damaged }
}

port.on('message', ({ id, request }: ToCopyWorker) => {
  const memory = request.kind === 'copy' ? [request.memory] : []
  let message: FromCopyWorker
  try {
    message = { id, answer: answer(request) }
  } catch (error) {
    if (!isEngineError(error)) throw error
    message = { id, failure: { code: error.code, context: error.context } }
  }
  const buffers = (message.answer?.packs ?? []).map(({ buffer }) => buffer)
  port.postMessage(memory[0] === undefined ? message : { ...message, memory: memory[0] }, [...memory, ...buffers])
})
