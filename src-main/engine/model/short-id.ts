import { createHash } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const LENGTH = 10

/** Ten letters that stand for a Graph id in names: 50 bits of its SHA-256. Graph's own ids are long and case-sensitive. */
export function shortId(graphId: string): string {
  const digest = createHash('sha256').update(graphId).digest()
  let bits = digest.readBigUInt64BE(0)
  let short = ''
  for (let i = 0; i < LENGTH; i++) {
    short += ALPHABET[Number(bits >> 59n)] ?? ''
    bits = BigInt.asUintN(64, bits << 5n)
  }
  return short
}
