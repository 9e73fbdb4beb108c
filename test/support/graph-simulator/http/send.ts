import type { ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { replyBody } from './exchange.ts'
import { sendStream, trickleBytes, tricklePeriod } from './send-stream.ts'
import type { Answer, SimulatorRequest, TransportFault } from './exchange.ts'

const compress = promisify(gzip)
const smallestCompressed = 1024

/** Sends an answer, with the mistreatment its transport fault asks for, and tells `finished` once it is over. */
export async function sendAnswer(
  request: SimulatorRequest,
  answer: Answer,
  outgoing: ServerResponse,
  compression: boolean,
): Promise<void> {
  let sent = 0
  let over = false
  const finish = (): void => {
    if (over) return
    over = true
    answer.finished(sent)
  }
  outgoing.once('finish', finish)
  outgoing.once('close', finish)
  if (outgoing.destroyed || outgoing.socket?.destroyed === true) {
    finish()
    return
  }
  if (answer.transport?.kind === 'stall') return
  if (answer.transport?.kind === 'reset') {
    resetConnection(outgoing)
    return
  }
  if (answer.reply.stream !== undefined) {
    const count = (bytes: number): void => {
      sent += bytes
    }
    const whole = await sendStream(outgoing, answer.reply, answer.reply.stream, { fault: answer.transport, count })
    if (!whole && answer.transport !== undefined) breakOff(outgoing, answer.transport)
    return
  }
  const { body, contentType } = replyBody(answer.reply)
  const packed = await packedBody(request, answer, body, compression)
  outgoing.writeHead(answer.reply.status, {
    ...answer.reply.headers,
    ...(contentType === undefined ? {} : { 'Content-Type': contentType }),
    ...(packed === undefined ? {} : { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' }),
    ...(answer.reply.status === 204 ? {} : { 'Content-Length': String((packed ?? body).length) }),
  })
  sent = (packed ?? body).length
  if (answer.transport === undefined) outgoing.end(packed ?? body)
  else sendMistreated(outgoing, packed ?? body, answer.transport)
}

async function packedBody(
  request: SimulatorRequest,
  answer: Answer,
  body: Buffer,
  compression: boolean,
): Promise<Buffer | undefined> {
  const wanted = compression && answer.reply.json !== undefined && body.length >= smallestCompressed
  if (!wanted || !(request.headers['accept-encoding'] ?? '').includes('gzip')) return undefined
  return compress(body, { level: 1 })
}

function resetConnection(outgoing: ServerResponse): void {
  const socket = outgoing.socket
  if (socket === null) return
  if ('encrypted' in socket) socket.destroy()
  else socket.resetAndDestroy()
}

/** Sends the first half, then does what the fault says. The half arrives before the connection breaks. */
function sendMistreated(outgoing: ServerResponse, body: Buffer, fault: TransportFault): void {
  if (fault.kind === 'slow') {
    trickle(outgoing, body, fault.bytesPerSecond)
    return
  }
  const half = body.subarray(0, Math.floor(body.length / 2))
  outgoing.flushHeaders()
  outgoing.write(half, () => {
    breakOff(outgoing, fault)
  })
}

/** What follows after the first half; a stall leaves the connection as it is. */
function breakOff(outgoing: ServerResponse, fault: TransportFault): void {
  if (fault.kind === 'reset-in-body') resetConnection(outgoing)
  else if (fault.kind === 'truncate') outgoing.socket?.end()
}

function trickle(outgoing: ServerResponse, body: Buffer, bytesPerSecond: number): void {
  const step = trickleBytes(bytesPerSecond)
  let offset = 0
  const timer = setInterval(() => {
    outgoing.write(body.subarray(offset, offset + step))
    offset += step
    if (offset < body.length) return
    clearInterval(timer)
    outgoing.end()
  }, tricklePeriod)
  outgoing.once('close', () => {
    clearInterval(timer)
  })
}
