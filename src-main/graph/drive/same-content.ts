import type { JsonObject } from '../../engine/model/json.ts'
import { filledText } from '../item/fields.ts'
import { sameHashes } from './content-hash.ts'
import { sizeOf } from './drive-item.ts'

/**
 * Whether two states of a file have the same bytes, as far as Graph tells: by the hash, and by the cTag, which goes
 * with the content alone (a delta of OneDrive for Business has none). A QuickXorHash does not notice blocks that
 * changed places, so it does not overrule a cTag. What cannot be told counts as different.
 */
export function sameContent(one: JsonObject, other: JsonObject): boolean {
  const size = sizeOf(one)
  if (size === undefined || size !== sizeOf(other)) return false
  const verdicts = [sameHashes(one, other), sameTags(one, other)]
  return verdicts.includes(true) && !verdicts.includes(false)
}

/** Whether Graph tells enough of both to say whether their bytes are the same. */
export function canCompare(one: JsonObject, other: JsonObject): boolean {
  return sizeOf(one) !== sizeOf(other) || sameHashes(one, other) !== undefined || sameTags(one, other) !== undefined
}

/** The same while a file is being read: where there is neither hash nor cTag, its etag has to do. */
export function sameState(one: JsonObject, other: JsonObject): boolean {
  if (sameContent(one, other)) return true
  const isTold = sameHashes(one, other) !== undefined || sameTags(one, other) !== undefined
  return !isTold && filledText(one, 'eTag') !== undefined && one.eTag === other.eTag && one.size === other.size
}

function sameTags(one: JsonObject, other: JsonObject): boolean | undefined {
  const [first, second] = [filledText(one, 'cTag'), filledText(other, 'cTag')]
  return first === undefined || second === undefined ? undefined : first === second
}
