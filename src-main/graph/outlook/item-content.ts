import { createHash } from 'node:crypto'
import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { Content } from '../../engine/ports/data-type.ts'
import type { GraphStream } from '../client/types.ts'
import { mailboxPool } from './mailbox.ts'
import type { Mailbox } from './mailbox.ts'

/** Up to this many bytes a content is handed over in one piece. */
const wholeBytes = 8 * 1024 * 1024

/** Times that a download may break in the middle. */
const breaks = 5

/**
 * The content at Graph's path, e.g. a message's MIME or an attachment's bytes: in one piece if it is small, otherwise
 * part by part. A download that breaks in the middle is begun again.
 */
export async function itemContent(mailbox: Mailbox, path: string): Promise<Content> {
  for (let left = breaks; ; left -= 1) {
    const stream = await openContent(mailbox, path)
    try {
      const head = await readHead(stream)
      return head.ended ? Buffer.concat(head.chunks) : resumed(mailbox, path, head)
    } catch (error) {
      if (left <= 1 || !isPassing(error)) throw error
    }
  }
}

async function openContent({ client, user, signal }: Mailbox, path: string): Promise<GraphStream> {
  return await client.stream({ path, pool: mailboxPool(user), signal })
}

interface Head {
  readonly chunks: readonly Uint8Array[]
  readonly ended: boolean
  readonly rest: AsyncIterator<Uint8Array>
  readonly stream: GraphStream
}

async function readHead(stream: GraphStream): Promise<Head> {
  const rest = stream.body[Symbol.asyncIterator]()
  const chunks: Uint8Array[] = []
  // A size that is known to be large needs no look ahead.
  let room = stream.size !== undefined && stream.size > wholeBytes ? 0 : wholeBytes
  while (room > 0) {
    const step = await rest.next()
    if (step.done === true) return { chunks, ended: true, rest, stream }
    chunks.push(step.value)
    room -= step.value.length
  }
  return { chunks, ended: false, rest, stream }
}

/**
 * A large content part by part. Exchange cannot go on in the middle of one, so after a break it is read from the
 * start again; the part that was handed over already is skipped, and must be the same as before.
 */
async function* resumed(mailbox: Mailbox, path: string, head: Head): AsyncGenerator<Uint8Array, void, undefined> {
  const given = createHash('sha256')
  let length = 0
  let source: AsyncGenerator<Uint8Array, void, undefined> = opened(head)
  for (let left = breaks; ; left -= 1) {
    try {
      for await (const chunk of source) {
        given.update(chunk)
        length += chunk.length
        yield chunk
      }
      return
    } catch (error) {
      if (left <= 1 || !isPassing(error)) throw error
      source = skipped(await openContent(mailbox, path), length, given.copy().digest('hex'))
    }
  }
}

async function* opened(head: Head): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* head.chunks
    yield* { [Symbol.asyncIterator]: () => head.rest }
  } finally {
    head.stream.cancel()
  }
}

async function* skipped(
  stream: GraphStream,
  length: number,
  digest: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const again = createHash('sha256')
  let left = length
  try {
    for await (const chunk of stream.body) {
      const known = chunk.subarray(0, left)
      if (left > 0) again.update(known)
      left -= known.length
      if (left === 0 && known.length > 0) checkSame(again.copy().digest('hex'), digest)
      if (known.length < chunk.length) yield chunk.subarray(known.length)
    }
  } finally {
    stream.cancel()
  }
  if (left > 0) throw changed()
}

function checkSame(now: string, before: string): void {
  if (now !== before) throw changed()
}

/** Edited while it was read: the next attempt sees one version. */
function changed(): EngineError {
  return new EngineError('graph.service-failed', { retry: 'later', context: { fault: 'content-changed' } })
}

function isPassing(error: unknown): boolean {
  return isEngineError(error) && error.retry === 'later' && error.context.fault !== 'content-changed'
}
