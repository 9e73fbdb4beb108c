import { hash } from 'node:crypto'
import { hexId } from '../model/ids.ts'
import type { HexId } from '../model/ids.ts'

const ID_BYTES = 32

export function packId(id: HexId): Buffer {
  return Buffer.from(id, 'hex')
}

/** Blob ids one after the other, 32 bytes each. */
export function packIds(ids: readonly HexId[]): Buffer {
  return Buffer.from(ids.join(''), 'hex')
}

export function unpackIds(bytes: Uint8Array): readonly HexId[] {
  const ids: HexId[] = []
  for (let at = 0; at < bytes.length; at += ID_BYTES) ids.push(hexId(bytes.subarray(at, at + ID_BYTES)))
  return ids
}

/**
 * 48 bits that stand for an item in its index: Graph ids are 150 characters that differ at the end only. Whoever looks
 * an item up compares the id too.
 */
export function itemHash(root: number, type: string, graphId: string): number {
  return hash('sha1', `${root}/${type}/${graphId}`, 'buffer').readUIntBE(0, 6)
}

/** Order of the repository's trees and of SQLite: by UTF-8 bytes. */
export function compareNames(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

export function joinPath(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('/')
}

/** "a/b/c" is ["a/b", "c"]; "c" is ["", "c"]. */
export function splitPath(path: string): readonly [parent: string, name: string] {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? ['', path] : [path.slice(0, slash), path.slice(slash + 1)]
}
