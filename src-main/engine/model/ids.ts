declare const brand: unique symbol

/** SHA-256 as 64 lower-case hex digits. */
export type HexId = string & { readonly [brand]: 'HexId' }

const HEX_ID = /^[0-9a-f]{64}$/

export function isHexId(value: unknown): value is HexId {
  return typeof value === 'string' && HEX_ID.test(value)
}

export function hexId(bytes: Uint8Array): HexId {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex') as HexId
}

export function idBytes(id: HexId): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(id, 'hex'))
}
