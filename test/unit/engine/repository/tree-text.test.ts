import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HexId } from '../../../../src-main/engine/model/ids.ts'
import { compareNames } from '../../../../src-main/engine/repository/node-name.ts'
import { encodeTree } from '../../../../src-main/engine/repository/tree-json.ts'
import { readTreeRefs } from '../../../../src-main/engine/repository/tree-refs.ts'
import { nodeTexts, treeBytes } from '../../../../src-main/engine/repository/tree-text.ts'
import { expectCode } from '../../../support/destination-conformance.ts'

const hex = fc.stringMatching(/^[0-9a-f]{64}$/) as fc.Arbitrary<HexId>
const name = fc
  .oneof(
    fc.string({ minLength: 1, unit: 'grapheme', maxLength: 20 }),
    fc.constantFrom('"', '\\', '{"a":["}', ']}', '\\"'),
  )
  .filter((text) => !/[/\0]/.test(text) && text !== '.' && text !== '..')
const node = fc.record({ name, content: fc.array(hex, { maxLength: 3 }), subtree: fc.option(hex, { nil: undefined }) })
const tree = fc.uniqueArray(node, { selector: (one) => one.name, maxLength: 8 }).map((nodes) => {
  const time = '2026-01-02T03:04:05Z'
  const common = { mtime: time, atime: time, ctime: time, uid: 0, gid: 0 }
  return {
    nodes: nodes
      .map(({ name: own, content, subtree }) =>
        subtree === undefined
          ? { ...common, name: own, type: 'file' as const, content }
          : { ...common, name: own, type: 'dir' as const, content: null, subtree },
      )
      .sort((one, other) => compareNames(one.name, other.name)),
  }
})

describe('the text of a tree', () => {
  it('falls into its nodes and comes together again', () => {
    fc.assert(
      fc.property(tree, (one) => {
        const bytes = encodeTree(one)
        const texts = nodeTexts(bytes)
        expect(texts).toHaveLength(one.nodes.length)
        expect(treeBytes(texts ?? []).equals(bytes)).toBe(true)
        const some = { nodes: one.nodes.filter((_, i) => i % 2 === 0) }
        expect(treeBytes((texts ?? []).filter((_, i) => i % 2 === 0)).equals(encodeTree(some))).toBe(true)
      }),
    )
  })

  it('keeps what this program does not know', () => {
    const nodes = [
      '{"name":"a","inode":18446744073709551615,"extended_attributes":[{"name":"user.x","value":"e30="}]}',
      '{"name":"b"}',
    ]
    expect(nodeTexts(Buffer.from(`{"nodes":[${nodes.join(',')}]}\n`))).toEqual(nodes)
  })

  it.each([
    '',
    '{}',
    '{"nodes":null}',
    '[]',
    '{"nodes":[{"a":1}',
    '{"nodes":[{"a":"}]}',
    '{"nodes":[{}],"more":1}',
    '{ "nodes":[]}',
  ])('is not taken apart where it is written in another way: %s', (text) => {
    expect(nodeTexts(Buffer.from(text))).toBeUndefined()
  })

  it('tells what the tree refers to', () => {
    fc.assert(
      fc.property(tree, (one) => {
        const blobs: string[] = []
        const trees: string[] = []
        readTreeRefs(
          encodeTree(one),
          (id) => blobs.push(id),
          (id) => trees.push(id),
        )
        expect(blobs).toEqual(one.nodes.flatMap(({ content }) => content ?? []))
        expect(trees).toEqual(one.nodes.flatMap((n) => ('subtree' in n ? [n.subtree] : [])))
      }),
    )
  })

  it.each([
    '',
    'x',
    '[]',
    '3',
    '{"nodes":3}',
    '{"nodes":[3]}',
    '{"nodes":[{"type":"dir"}]}',
    '{"nodes":[{"content":"x"}]}',
    '{"nodes":[{"content":["x"]}]}',
    '{"nodes":[{"subtree":"x"}]}',
  ])('that says nothing is damaged: %s', async (text) => {
    const read = async (): Promise<void> => {
      await Promise.resolve()
      readTreeRefs(
        Buffer.from(text),
        () => undefined,
        () => undefined,
      )
    }
    await expectCode(read(), 'repository.tree-damaged')
  })
})
