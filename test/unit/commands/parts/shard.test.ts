import { describe, expect, it } from 'vitest'
import { isInShard, markedPath, markOf, readShard } from '../../../../src-main/commands/parts/shard.ts'
import type { Root } from '../../../../src-main/engine/ports/data-type.ts'
import { refusal, valuesOf } from './parsing.ts'

describe('--shard', () => {
  const shard = (text: string) => readShard(valuesOf(['backup', '/repo', '--shard', text]))

  it('names one of several parts, counted from 1', () => {
    expect(shard('2/4')).toEqual({ index: 2, count: 4 })
    expect(shard('1000/1000')).toEqual({ index: 1000, count: 1000 })
    expect(readShard(valuesOf(['backup', '/repo'], { HOLDFAST_SHARD: '3/3' }))).toEqual({ index: 3, count: 3 })
  })

  it('of one part is everything', () => {
    expect(shard('1/1')).toBeUndefined()
    expect(readShard(valuesOf(['backup', '/repo']))).toBeUndefined()
  })

  it.each(['0/4', '5/4', '1/0', '1/1001', '1', '1/', '/4', '-1/4', '1.5/4', '1/4/2', 'a/b', '4 of 4'])(
    'is refused: %s',
    async (text) => {
      expect(await refusal(() => shard(text))).toBe(
        `--shard takes i/n, e.g. 2/4 for the second of four parts, with i from 1 to n and n up to 1000, not "${text}".`,
      )
    },
  )
})

describe('a shard', () => {
  const roots = Array.from({ length: 4000 }, (_, at): Pick<Root, 'kind' | 'id'> => {
    const kinds = ['user', 'group', 'site'] as const
    return { kind: kinds[at % 3] ?? 'user', id: `00000000-0000-4000-8000-${at.toString(16).padStart(12, '0')}` }
  })
  const shards = [1, 2, 3, 4].map((index) => ({ index, count: 4 }))

  it('has each root exactly once, in parts of much the same size', () => {
    const sizes = shards.map((shard) => roots.filter((root) => isInShard(root, shard)).length)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(roots.length)
    for (const root of roots) expect(shards.filter((shard) => isInShard(root, shard))).toHaveLength(1)
    for (const size of sizes) expect(Math.abs(size - 1000)).toBeLessThan(120)
  })

  it('has the same root on every machine and in every version', () => {
    const root = { kind: 'user', id: '3C1E2D4F-0001-4000-8000-00000000ABCD' } as const
    // From printf user/3c1e2d4f-0001-4000-8000-00000000abcd | sha256sum: the first 8 bytes modulo 4, plus 1.
    expect(shards.find((shard) => isInShard(root, shard))?.index).toBe(3)
    expect(isInShard({ ...root, id: root.id.toLowerCase() }, { index: 3, count: 4 })).toBe(true)
  })

  it('marks the paths of its series', () => {
    const shard = { index: 2, count: 4 }
    const paths = ['/groups', '/users'].map((path) => markedPath(path, shard))
    expect(paths).toEqual(['/groups (shard 2 of 4)', '/users (shard 2 of 4)'])
    expect(markOf(paths)).toEqual({ shard, paths: ['/groups', '/users'] })
    expect(markOf(['/users'])).toBeUndefined()
    expect(markOf([])).toBeUndefined()
  })
})
