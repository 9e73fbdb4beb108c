import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Reply, ReplyStream, TransportFault } from './exchange.ts'

/** Milliseconds between the pieces of a slow answer. */
export const tricklePeriod = 20

/** Bytes in one piece of a slow answer. */
export const trickleBytes = (bytesPerSecond: number): number =>
  Math.max(1, Math.floor((bytesPerSecond * tricklePeriod) / 1000))

export interface StreamSending {
  readonly fault: TransportFault | undefined
  /** Told of the bytes as they go. */
  readonly count: (bytes: number) => void
}

/**
 * Sends a body piece by piece, as fast as the client takes it. With a fault that breaks the body off, only its first
 * half is sent, and the answer is false: the caller does the rest.
 */
export async function sendStream(
  outgoing: ServerResponse,
  reply: Reply,
  stream: ReplyStream,
  { fault, count }: StreamSending,
): Promise<boolean> {
  outgoing.writeHead(reply.status, { ...reply.headers, 'Content-Length': String(stream.size) })
  outgoing.flushHeaders()
  const whole = fault === undefined || fault.kind === 'slow'
  const wanted = whole ? stream.size : Math.floor(stream.size / 2)
  for (const piece of firstBytes(stream, wanted, fault)) {
    count(piece.length)
    if (!(await written(outgoing, piece))) return false
    if (fault?.kind === 'slow') await delay(tricklePeriod)
  }
  if (whole) outgoing.end()
  return whole
}

/** The first bytes of a stream, in small pieces when they are to come slowly. */
function* firstBytes(stream: ReplyStream, wanted: number, fault: TransportFault | undefined): Generator<Uint8Array> {
  const step = fault?.kind === 'slow' ? trickleBytes(fault.bytesPerSecond) : Infinity
  let left = wanted
  for (const piece of stream.open()) {
    const part = piece.subarray(0, left)
    for (let at = 0; at < part.length; at += step) yield part.subarray(at, at + step)
    left -= part.length
    if (left <= 0) return
  }
}

/** Resolves once the client takes more; false when it has gone. */
function written(outgoing: ServerResponse, piece: Uint8Array): Promise<boolean> {
  if (outgoing.destroyed) return Promise.resolve(false)
  if (outgoing.write(piece)) return Promise.resolve(true)
  return new Promise((resolve) => {
    const goOn = (): void => {
      outgoing.off('drain', goOn)
      outgoing.off('close', goOn)
      resolve(!outgoing.destroyed)
    }
    outgoing.once('drain', goOn)
    outgoing.once('close', goOn)
  })
}
