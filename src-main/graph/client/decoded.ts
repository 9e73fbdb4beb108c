import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { WireAnswer } from './transport.ts'
import { join } from './wire-body.ts'
import { WireFault } from './wire-fault.ts'

/** An answer's whole body, without its Content-Encoding. Rejects with a WireFault. */
export async function decoded(answer: WireAnswer): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await answer.body.bytes()
  return isCompressed(answer) && bytes.length > 0 ? await gunzip(bytes) : bytes
}

/** We ask for gzip at most. */
export function isCompressed(answer: WireAnswer): boolean {
  const encoding = answer.headers['content-encoding']?.toLowerCase() ?? 'identity'
  if (encoding !== 'identity' && encoding !== 'gzip') throw new WireFault('truncated', 'content-encoding')
  return encoding === 'gzip'
}

/** Compressed data that ends early or does not fit its checksum is a truncated body. */
async function gunzip(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  try {
    await pipeline(Readable.from([bytes]), createGunzip(), async (source: AsyncIterable<Uint8Array>) => {
      for await (const chunk of source) chunks.push(chunk)
    })
  } catch (error) {
    throw new WireFault('truncated', 'gzip', error)
  }
  return join(chunks)
}
