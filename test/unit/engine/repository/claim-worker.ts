import { parentPort, workerData } from 'node:worker_threads'
import { BlobTable, type TableSegment } from '../../../../src-main/engine/repository/blob-table.ts'

export interface ClaimWork {
  readonly segments: readonly TableSegment[]
  /** 32 bytes each. */
  readonly ids: Uint8Array
  /** Opened by the test once all threads are there: [0] counts those that wait, [1] is the gate. */
  readonly gate: Int32Array<SharedArrayBuffer>
  readonly reversed: boolean
}

const { segments, ids, gate, reversed } = workerData as ClaimWork
const table = new BlobTable(segments)
Atomics.add(gate, 0, 1)
Atomics.notify(gate, 0)
Atomics.wait(gate, 1, 0)

const count = ids.length / 32
const won: number[] = []
for (let i = 0; i < count; i++) {
  const at = (reversed ? count - 1 - i : i) * 32
  const id = ids.subarray(at, at + 32)
  const slot = table.claim(id, 'data')
  if (slot < 0) continue
  table.setPlace(slot, at, 100, 200)
  won.push(at / 32)
}
parentPort?.postMessage(won)
