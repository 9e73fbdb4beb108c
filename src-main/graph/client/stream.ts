import { EngineError } from '../../engine/model/errors.ts'
import { isCompressed } from './decoded.ts'
import { wireFailure } from './failure.ts'
import { perform, type PerformParts, type Success } from './perform.ts'
import type { Prepared } from './prepare.ts'
import type { GraphStream } from './types.ts'
import { WireFault } from './wire-fault.ts'

export async function performStream(parts: PerformParts, request: Prepared): Promise<GraphStream> {
  return await perform(parts, request, {
    keepsPermit: true,
    read: (success) => Promise.resolve(openStream(parts, request, success)),
  })
}

function openStream(parts: PerformParts, request: Prepared, success: Success): GraphStream {
  const { answer, permit } = success
  // It was asked for as it is, so that its length and its ranges mean something.
  if (isCompressed(answer)) throw new WireFault('truncated', 'content-encoding')
  const { body } = answer
  let closed = false
  const close = (): void => {
    if (closed) return
    closed = true
    const graceMs = body.open ? parts.limits.graceMs : 0
    body.cancel()
    parts.accounting.streamed(body.received)
    permit.release(graceMs)
  }
  return {
    status: answer.status,
    ...(body.size === undefined ? {} : { size: body.size }),
    body: readStream(parts, request, success, close),
    cancel: close,
  }
}

async function* readStream(
  parts: PerformParts,
  request: Prepared,
  { answer, clientRequestId }: Success,
  close: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* answer.body
  } catch (error) {
    if (request.signal?.aborted === true || parts.contact.closed) throw new EngineError('cancelled', { cause: error })
    throw error instanceof WireFault ? wireFailure(error, clientRequestId).error : error
  } finally {
    close()
  }
}
