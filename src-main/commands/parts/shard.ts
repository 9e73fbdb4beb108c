import { createHash } from 'node:crypto'
import type { Root } from '../../engine/ports/data-type.ts'
import type { OptionValues } from './option-values.ts'
import { UsageError } from './usage-error.ts'

/** The part of the roots that one of several machines reads: the `index`th of `count`, counted from 1. */
export interface Shard {
  readonly index: number
  readonly count: number
}

const MOST = 1000
const MARKED = / \(shard (\d+) of (\d+)\)$/

/** The shard that --shard names; undefined for all roots. Throws UsageError. */
export function readShard(values: OptionValues): Shard | undefined {
  const text = values.text('shard')
  if (text === undefined) return undefined
  const [, index, count] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text.trim()) ?? []).map(Number)
  if (index === undefined || count === undefined || index < 1 || index > count || count > MOST)
    throw new UsageError(
      `--shard takes i/n, e.g. 2/4 for the second of four parts, with i from 1 to n and n up to ${MOST}, not "${text}".`,
    )
  return count === 1 ? undefined : { index, count }
}

/** Whether the shard has the root: by a hash of kind and id, so that machines agree on it without asking each other. */
export function isInShard({ kind, id }: Pick<Root, 'kind' | 'id'>, { index, count }: Shard): boolean {
  const hash = createHash('sha256').update(`${kind}/${id.toLowerCase()}`).digest()
  return Number(hash.readBigUInt64BE(0) % BigInt(count)) === index - 1
}

/** A path of a series with the mark of the shard. */
export function markedPath(path: string, { index, count }: Shard): string {
  return `${path} (shard ${index} of ${count})`
}

/** The shard that the paths of a snapshot are marked with, and the paths without the marks. */
export function markOf(
  paths: readonly string[],
): { readonly shard: Shard; readonly paths: readonly string[] } | undefined {
  const [, index, count] = MARKED.exec(paths[0] ?? '') ?? []
  if (index === undefined || count === undefined) return undefined
  return { shard: { index: Number(index), count: Number(count) }, paths: paths.map((path) => path.replace(MARKED, '')) }
}
