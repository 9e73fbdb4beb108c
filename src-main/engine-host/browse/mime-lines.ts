const LINE_FEED = 0x0a

/** Lines longer than this come in pieces: nothing that structures a mail is as long. */
const MOST = 64 * 1024

/** The lines of a stream, each with its line break. A line is good until the next one is asked for. */
export async function* lines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let rest: Uint8Array = new Uint8Array(0)
  for await (const piece of pieces) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    let from = 0
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
      yield bytes.subarray(from, end + 1)
      from = end + 1
    }
    for (; bytes.length - from > MOST; from += MOST) yield bytes.subarray(from, from + MOST)
    rest = bytes.subarray(from)
  }
  if (rest.length > 0) yield rest
}
