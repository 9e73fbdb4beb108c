import { parentPort, workerData } from 'node:worker_threads'
import { createSealer } from '../crypto/seal.ts'
import { createZstd } from '../crypto/zstd.ts'
import { isEngineError } from '../model/errors.ts'
import { extractBlobs } from './extract-blobs.ts'
import { createMarker } from './mark-trees.ts'
import type { FromOpenWorker, OpenAnswers, OpenRequest, OpenWorkerData, ToOpenWorker } from './open-messages.ts'
import { verifyPack } from './verify-pack.ts'

const port = parentPort
if (port === null) throw new Error('open-worker runs in a worker thread only')
const { key, marks } = workerData as OpenWorkerData
const sealer = createSealer(key)
const zstd = createZstd(1)
const markTrees = createMarker(marks, sealer, zstd)

function answer(request: OpenRequest): OpenAnswers[keyof OpenAnswers] {
  if (request.kind === 'verify') return verifyPack(request, sealer, zstd)
  return request.kind === 'mark' ? markTrees(request) : extractBlobs(request, sealer, zstd)
}

port.on('message', ({ id, request }: ToOpenWorker) => {
  const { memory } = request
  let message: FromOpenWorker
  try {
    message = { id, memory, answer: answer(request) }
  } catch (error) {
    if (!isEngineError(error)) throw error
    message = { id, memory, failure: { code: error.code } }
  }
  port.postMessage(message, [memory])
})
