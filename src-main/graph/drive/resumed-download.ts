import { isEngineError, type EngineError } from '../../engine/model/errors.ts'
import type { GraphStream } from '../client/types.ts'

/** Breaks in a row that bring next to nothing. */
const mostBreaks = 5

/** With so many bytes an attempt counts as progress. */
const progressBytes = 64 * 1024

export interface DownloadSource {
  /** The content from the byte `from` on: 206 with that part, or 200 with everything. */
  open(from: number): Promise<GraphStream>
  /** Asked after a break, before it goes on in the middle: rejects if the content is another one by now. */
  recheck(): Promise<void>
}

/**
 * A content piece by piece. After a break it goes on behind the last byte that came, as often as it takes while each
 * attempt brings something.
 */
export async function* resumedDownload(source: DownloadSource): AsyncGenerator<Uint8Array, void, undefined> {
  let at = 0
  let breaks = 0
  for (;;) {
    const from = at
    const stream = await source.open(from)
    const end = stream.size === undefined ? undefined : (stream.status === 206 ? from : 0) + stream.size
    try {
      for await (const chunk of fromByte(stream, from)) {
        at += chunk.length
        yield chunk
      }
      return
    } catch (error) {
      if (!isPassing(error)) throw error
      // All of it is here: only the end of the answer is missing.
      if (at === end) return
      breaks = at - from >= progressBytes ? 0 : breaks + 1
      if (breaks === mostBreaks) throw error
    } finally {
      stream.cancel()
    }
    if (at > 0) await source.recheck()
  }
}

/** A server may answer a Range with everything. */
async function* fromByte(stream: GraphStream, from: number): AsyncGenerator<Uint8Array, void, undefined> {
  let skip = stream.status === 206 ? 0 : from
  for await (const chunk of stream.body) {
    const rest = chunk.subarray(skip)
    skip -= chunk.length - rest.length
    if (rest.length > 0) yield rest
  }
}

function isPassing(error: unknown): error is EngineError {
  return isEngineError(error) && error.retry === 'later'
}

/** The header that asks for a content from a byte on; none asks for all of it. */
export function rangeFrom(from: number): Readonly<Record<string, string>> {
  return from === 0 ? {} : { range: `bytes=${from}-` }
}
