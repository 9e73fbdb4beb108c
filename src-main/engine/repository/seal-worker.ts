import { hash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { cutContent } from '../chunking/cut.ts'
import { gearTable } from '../chunking/gear.ts'
import { createSealer } from '../crypto/seal.ts'
import { createZstd } from '../crypto/zstd.ts'
import { isEngineError } from '../model/errors.ts'
import { releaseMemory } from '../release-memory.ts'
import { BlobTable, type BlobType } from './blob-table.ts'
import { PackBuilder } from './pack-builder.ts'
import {
  ENTRY_KINDS,
  ENTRY_WORDS,
  type FromSealWorker,
  type SealCounts,
  type SealWorkerData,
  type ToSealWorker,
} from './seal-messages.ts'

const port = parentPort
if (port === null) throw new Error('seal-worker runs in a worker thread only')
const data = workerData as SealWorkerData
const table = new BlobTable(data.segments)
const gear = gearTable(data.polynomial)
const spares: ArrayBuffer[] = []
// Most blobs are far smaller than this; a pack is closed early before one that is not.
const standardBuffer = data.packSize + (1 << 20)

const send = (message: FromSealWorker, transfer: ArrayBuffer[] = []): void => {
  port.postMessage(message, transfer)
}

const sealer = createSealer(data.key)
const zstd = createZstd(data.level)
const builder = (type: BlobType): PackBuilder =>
  new PackBuilder(type, {
    packSize: data.packSize,
    selfCheck: data.selfCheck,
    sealer,
    zstd,
    table,
    buffer: (bytes) =>
      bytes <= standardBuffer ? (spares.pop() ?? new ArrayBuffer(standardBuffer)) : new ArrayBuffer(bytes),
    onPack: ({ id, type: packed, buffer, length, slots }) => {
      send({ kind: 'pack', id, type: packed, buffer, length, slots }, [buffer])
    },
  })

const packs = { data: builder('data'), tree: builder('tree') }

function store(type: BlobType, plain: Uint8Array, counts: SealCounts): Uint8Array {
  const id = hash('sha256', plain, 'buffer')
  const slot = table.claim(id, type)
  if (slot >= 0) {
    counts.addedPacked += packs[type].add(slot, id, plain)
    counts.added += plain.length
    if (type === 'tree') counts.treeBlobs++
    else counts.dataBlobs++
  }
  return id
}

function sealBatch(message: ToSealWorker & { kind: 'batch' }): void {
  const { batch, buffer, entries } = message
  const bytes = new Uint8Array(buffer)
  const counts: SealCounts = { dataBlobs: 0, treeBlobs: 0, added: 0, addedPacked: 0 }
  const ids: Uint8Array[] = []
  const blobs = new Int32Array(entries.length / ENTRY_WORDS)
  for (let entry = 0; entry < blobs.length; entry++) {
    const [offset = 0, length = 0, kindAt = 0] = entries.subarray(entry * ENTRY_WORDS)
    const content = bytes.subarray(offset, offset + length)
    const kind = ENTRY_KINDS[kindAt]
    const before = ids.length
    if (kind === 'tree') ids.push(store('tree', content, counts))
    else if (kind === 'blob') ids.push(store('data', content, counts))
    else
      cutContent(content, kind === 'mail', gear, (start, end) => {
        ids.push(store('data', content.subarray(start, end), counts))
      })
    blobs[entry] = ids.length - before
  }
  send({ kind: 'batch', batch, buffer, blobs, ids: Buffer.concat(ids), counts }, [buffer])
}

function receive(message: ToSealWorker): void {
  if (message.kind === 'spare') {
    if (message.buffer.byteLength === standardBuffer && spares.length === 0) spares.push(message.buffer)
    else releaseMemory(new Uint8Array(message.buffer))
  } else if (message.kind === 'flush') {
    packs.data.finish()
    packs.tree.finish()
    send({ kind: 'flushed', flush: message.flush })
  } else {
    for (const segment of message.segments) table.attach(segment)
    sealBatch(message)
  }
}

port.on('message', (message: ToSealWorker) => {
  try {
    receive(message)
  } catch (error) {
    if (!isEngineError(error)) throw error
    send({ kind: 'failed', code: error.code, context: error.context })
  }
})
