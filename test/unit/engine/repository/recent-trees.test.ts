import { expect, it } from 'vitest'
import type { HexId } from '../../../../src-main/engine/model/ids.ts'
import type { Tree } from '../../../../src-main/engine/model/tree.ts'
import { RecentTrees, type TreeReader } from '../../../../src-main/engine/repository/recent-trees.ts'

function scene() {
  const read: string[] = []
  const world = { failure: undefined as Error | undefined }
  const reader: TreeReader = {
    tree: (id, _signal, options): Promise<Tree> => {
      read.push(options?.anyName === true ? `${id}*` : id)
      return world.failure === undefined ? Promise.resolve({ nodes: [] }) : Promise.reject(world.failure)
    },
  }
  return { read, world, trees: new RecentTrees(reader) }
}

const id = (name: string): HexId => name as HexId

it('reads a tree once for all who ask at the same time or soon after', async () => {
  const { read, trees } = scene()
  const [one, other] = await Promise.all([trees.tree(id('a')), trees.tree(id('a'))])
  expect(await trees.tree(id('a'))).toBe(one)
  expect(other).toBe(one)
  expect(read).toEqual(['a'])
})

it('forgets those that were not asked for in a while', async () => {
  const { read, trees } = scene()
  for (let at = 0; at < 40; at++) {
    await trees.tree(id('top'))
    await trees.tree(id(String(at)))
  }
  expect(read.filter((name) => name === 'top')).toHaveLength(1)
  await trees.tree(id('0'))
  expect(read.filter((name) => name === '0')).toHaveLength(2)
})

it('does not take a tree with any names for one whose names are good', async () => {
  const { read, trees } = scene()
  await trees.tree(id('a'), undefined, { anyName: true })
  await trees.tree(id('a'))
  expect(read).toEqual(['a*', 'a'])
})

it('tries again what could not be read', async () => {
  const { world, trees } = scene()
  world.failure = new Error('out of reach')
  await expect(trees.tree(id('a'))).rejects.toThrow('out of reach')
  world.failure = undefined
  expect(await trees.tree(id('a'))).toEqual({ nodes: [] })
})
