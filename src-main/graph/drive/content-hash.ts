import { createHash } from 'node:crypto'
import type { JsonObject } from '../../engine/model/json.ts'
import { filledText, record } from '../item/fields.ts'
import { QuickXorHash } from '../client/quick-xor-hash.ts'

type Kind = 'quickXorHash' | 'sha256Hash' | 'sha1Hash'

/** OneDrive and SharePoint have the first; personal drives may have the others. */
const kinds: readonly Kind[] = ['quickXorHash', 'sha256Hash', 'sha1Hash']

interface Hash {
  readonly kind: Kind
  readonly value: string
}

/** What a QuickXorHash says of no bytes at all. */
const emptyHash = new QuickXorHash().digest()

function hashOf(item: JsonObject, kind: Kind): Hash | undefined {
  const value = filledText(record(record(item, 'file') ?? {}, 'hashes') ?? {}, kind)
  return value === undefined ? undefined : { kind, value: kind === 'quickXorHash' ? value : value.toLowerCase() }
}

/** Whether the hashes of two items tell the same content; undefined if they have none of the same kind. */
export function sameHashes(one: JsonObject, other: JsonObject): boolean | undefined {
  for (const kind of kinds) {
    const [first, second] = [hashOf(one, kind), hashOf(other, kind)]
    if (first !== undefined && second !== undefined) return first.value === second.value
  }
  return undefined
}

/** Whether Graph says that the file has no bytes: then it has no hash either, or that of nothing. */
export function isEmptyFile(item: JsonObject): boolean {
  const hash = kinds.map((kind) => hashOf(item, kind)).find((found) => found !== undefined)
  return item.size === 0 && (hash === undefined || hash.value === emptyHash)
}

export interface ContentHash {
  update(bytes: Uint8Array): void
  /** Whether it is what Graph says; true if Graph says nothing. Asked once, at the end. */
  matches(): boolean
}

/** Counts along while a content comes in, by whichever hash Graph has of it. */
export function contentHash(item: JsonObject): ContentHash {
  const expected = kinds.map((kind) => hashOf(item, kind)).find((hash) => hash !== undefined)
  if (expected === undefined) return { update: () => undefined, matches: () => true }
  if (expected.kind === 'quickXorHash') {
    const hash = new QuickXorHash()
    return { update: (bytes) => void hash.update(bytes), matches: () => hash.digest() === expected.value }
  }
  const hash = createHash(expected.kind === 'sha1Hash' ? 'sha1' : 'sha256')
  return { update: (bytes) => void hash.update(bytes), matches: () => hash.digest('hex') === expected.value }
}
