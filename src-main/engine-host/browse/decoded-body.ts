import { decodeQuotedPrintable } from '../../graph/mail/mime-decode.ts'
import { lines } from './mime-lines.ts'

/** The bytes of a stream from `start` up to, not including, `end`. */
export async function* cut(
  stream: AsyncIterable<Uint8Array>,
  length: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let left = length
  for await (const piece of stream) {
    if (left <= 0) return
    yield piece.subarray(0, left)
    left -= piece.length
  }
}

/** A mail part's body with its transfer encoding undone, in bounded memory. */
export function decodedBody(encoding: string, body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  if (encoding === 'base64') return fromBase64(body)
  return encoding === 'quoted-printable' ? fromQuotedPrintable(body) : body
}

/** Padding in the middle (some senders pad each line) ends a group of four like any other. */
async function* fromBase64(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let rest = ''
  for await (const piece of body) {
    const text =
      rest +
      Buffer.from(piece)
        .toString('latin1')
        .replaceAll(/[^A-Za-z0-9+/=]/g, '')
    const whole = text.length - (text.length % 4)
    yield* groups(text.slice(0, whole))
    rest = text.slice(whole)
  }
  if (rest !== '') yield Buffer.from(rest, 'base64')
}

function* groups(text: string): Generator<Uint8Array, void, undefined> {
  for (const group of text.match(/[^=]+=*/g) ?? []) yield Buffer.from(group, 'base64')
}

async function* fromQuotedPrintable(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const line of lines(body)) yield decodeQuotedPrintable(Buffer.from(line))
}
