/** Bytes of a content, from its start, whose text goes into the full-text index. */
export const INDEXED_BYTES = 4 << 20

/** The part of a content that is indexed: the same whether it comes from Graph or from the repository. */
export function indexedPart(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts
  const whole = parts.length === 1 && first !== undefined ? first : Buffer.concat(parts)
  return whole.subarray(0, INDEXED_BYTES)
}
