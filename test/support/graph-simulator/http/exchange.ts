/** One request as the simulator's routes see it, whether it came by itself or inside a $batch. */
export interface SimulatorRequest {
  readonly method: string
  /** Path without the query, still percent-encoded. */
  readonly path: string
  /** Query without the question mark, still percent-encoded. */
  readonly queryText: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** Bytes of a body that was too long to keep; 0 when all of it is in `body`. */
  readonly overflow: number
  readonly batched: boolean
  readonly arrivedAt: number
  readonly requestId: string
  /** Registers what has to happen at once when the client goes away before it was answered. */
  readonly onGone: (act: () => void) => void
}

/** A body that is made while it is sent, in pieces, so that it may be larger than memory. */
export interface ReplyStream {
  readonly size: number
  readonly open: () => Iterable<Uint8Array>
}

/** What a route answers. Either `json` or `bytes` or `stream` or nothing. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly bytes?: Buffer
  readonly stream?: ReplyStream
}

/** How the connection is mistreated while the answer is sent. */
export type TransportFault =
  | { readonly kind: 'reset' }
  | { readonly kind: 'reset-in-body' }
  | { readonly kind: 'truncate' }
  | { readonly kind: 'stall' }
  | { readonly kind: 'stall-in-body' }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }

/** A reply, and what to do to the connection while sending it. */
export interface Answer {
  readonly reply: Reply
  readonly transport: TransportFault | undefined
  /** Called with the body bytes sent, once the answer has left or the connection has died. */
  readonly finished: (bytesSent: number) => void
}

export const jsonReply = (status: number, json: unknown, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers,
  json,
})

export const bytesReply = (bytes: Buffer, contentType: string): Reply => ({
  status: 200,
  headers: { 'Content-Type': contentType },
  bytes,
})

export const emptyReply = (status: number, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers,
})

const jsonContentType =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8'

/** The reply's body as bytes, with its content type. A stream is read to its end. */
export function replyBody(reply: Reply): { readonly body: Buffer; readonly contentType: string | undefined } {
  if (reply.bytes !== undefined) return { body: reply.bytes, contentType: reply.headers['Content-Type'] }
  if (reply.stream !== undefined) {
    return { body: Buffer.concat([...reply.stream.open()]), contentType: reply.headers['Content-Type'] }
  }
  if (reply.json === undefined) return { body: Buffer.alloc(0), contentType: reply.headers['Content-Type'] }
  return {
    body: Buffer.from(JSON.stringify(reply.json)),
    contentType: reply.headers['Content-Type'] ?? jsonContentType,
  }
}
