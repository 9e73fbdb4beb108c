import type { IncomingMessage } from 'node:http'

/** Graph's limit for one REST request. Source: https://learn.microsoft.com/graph/outlook-large-attachments ("4 MB"). */
export const maxRequestBytes = 4 * 1024 * 1024
/** The JSON around a base64 attachment of just under 3 MB must still fit, so the cut is a little above 4 MiB. */
export const requestSlackBytes = 64 * 1024

export interface ReceivedBody {
  readonly body: Buffer
  readonly overflow: number
}

/** Reads a request body to its end; what is over the limit is counted and thrown away. Rejects when the sender goes away. */
export async function receiveBody(incoming: IncomingMessage, limit: number): Promise<ReceivedBody> {
  const chunks: Buffer[] = []
  let kept = 0
  let overflow = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    if (overflow === 0 && kept + chunk.length <= limit) {
      chunks.push(chunk)
      kept += chunk.length
    } else {
      overflow += chunk.length
    }
  }
  const [only] = chunks
  return { body: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks), overflow }
}
