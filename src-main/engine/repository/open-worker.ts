import { parentPort, workerData } from 'node:worker_threads'
import { createSealer } from '../crypto/seal.ts'
import { createZstd } from '../crypto/zstd.ts'
import { isEngineError } from '../model/errors.ts'
import { extractBlobs } from './extract-blobs.ts'
import type { FromOpenWorker, OpenAnswers, OpenRequest, OpenWorkerData, ToOpenWorker } from './open-messages.ts'
import { verifyPack } from './verify-pack.ts'

const port = parentPort
if (port === null) throw new Error('open-worker runs in a worker thread only')
const sealer = createSealer((workerData as OpenWorkerData).key)
const zstd = createZstd(1)

function answer(request: OpenRequest): OpenAnswers[keyof OpenAnswers] {
  return request.kind === 'verify' ? verifyPack(request, sealer, zstd) : extractBlobs(request, sealer, zstd)
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
