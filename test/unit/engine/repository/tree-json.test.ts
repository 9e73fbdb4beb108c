import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EngineError } from '../../../../src-main/engine/model/errors.ts'
import type { HexId } from '../../../../src-main/engine/model/ids.ts'
import type { TreeNode } from '../../../../src-main/engine/model/tree.ts'
import { compareNames, nameProblem } from '../../../../src-main/engine/repository/node-name.ts'
import { decodeTree, encodeTree } from '../../../../src-main/engine/repository/tree-json.ts'

const ID = 'ab'.repeat(32) as HexId
const TIME = '2026-11-21T10:04:26.342495513Z'
const FILE: TreeNode = {
  name: 'file.eml',
  type: 'file',
  mtime: TIME,
  atime: TIME,
  ctime: TIME,
  uid: 0,
  gid: 0,
  content: [],
}

const OTHER_ID = 'cd'.repeat(32) as HexId

// As restic 0.14 writes it: names with what Go and JSON escape, an empty file, a folder, a link.
const times = `"mtime":"${TIME}","atime":"${TIME}","ctime":"2024-01-01T00:00:00.5Z","uid":0,"gid":100`
const RESTIC_TREE =
  `{"nodes":[` +
  `{"name":" lead","type":"file","mode":420,${times},"user":"root","inode":2163485,"device_id":65024,"links":1,"content":[]},` +
  `{"name":"a\\u003cb\\u003e\\u0026c","type":"file","mode":420,${times},"user":"root","group":"users","size":3,"links":1,"content":["${ID}","${OTHER_ID}"]},` +
  `{"name":"dir","type":"dir","mode":2147484141,${times},"content":null,"subtree":"${ID}"},` +
  `{"name":"link2","type":"symlink","mode":134218239,${times},"links":1,"linktarget":"plain \\u0026 \\u003c\\\\\\u003e","content":null},` +
  `{"name":"nb\\\\u00a0sp","type":"file",${times},"content":[]},` +
  `{"name":"q\\\\\\"uote\\\\\\\\","type":"file",${times},"content":[]},` +
  `{"name":"tab\\\\tx","type":"file",${times},"content":[]},` +
  `{"name":"é ü 😀 \\\\u200d zwj","type":"file",${times},"content":[]},` +
  `{"name":"\\\\xff\\\\xfe bad","type":"file",${times},"content":[]}]}\n`

function decode(text: string): readonly TreeNode[] {
  return decodeTree(Buffer.from(text)).nodes
}

function reasonOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof EngineError) return `${error.code}: ${String(error.context.reason)}`
    throw error
  }
  return 'nothing thrown'
}

const withNode = (fields: object): string =>
  JSON.stringify({
    nodes: [{ name: 'a', type: 'file', mtime: TIME, atime: TIME, ctime: TIME, uid: 0, gid: 0, content: [], ...fields }],
  })

describe('a tree', () => {
  it('is read and written byte for byte as restic writes it', () => {
    const nodes = decode(RESTIC_TREE)
    expect(nodes.map(({ name }) => name)).toEqual([
      ' lead',
      'a<b>&c',
      'dir',
      'link2',
      'nb\u00a0sp',
      'q"uote\\',
      'tab\tx',
      'é ü 😀 \u200d zwj',
      '\udcff\udcfe bad',
    ])
    expect(nodes[3]?.linktarget).toBe('plain & <\\>')
    expect(encodeTree({ nodes }).toString()).toBe(RESTIC_TREE)
  })

  it('has the hash of what restic wrote', () => {
    // `restic cat blob` of the folder of an empty backup's file.
    const text =
      '{"nodes":[{"name":"src","type":"dir","mode":2147484141,"mtime":"2026-11-21T10:04:26.351169423Z",' +
      '"atime":"2026-11-21T10:04:26.351169423Z","ctime":"2026-11-21T10:04:26.351169423Z","uid":0,"gid":0,"user":"root",' +
      '"group":"root","inode":2163478,"device_id":65024,"content":null,' +
      '"subtree":"129dc47bafb5ecd21970afa4437338234d06f292855f6269e4f5fe0aafa262d2"}]}'
    const bytes = encodeTree({ nodes: decode(text) })
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      'df121d9aecd367c5630759f14dfceaf2aec2d4fdb2928bbcc13e7022f351b630',
    )
  })

  it('may be empty', () => {
    expect(encodeTree({ nodes: [] }).toString()).toBe('{"nodes":[]}\n')
    expect(decode('{"nodes":[]}')).toEqual([])
    expect(decode('{"nodes":null}')).toEqual([])
    expect(decode('{}')).toEqual([])
  })

  it('leaves out what is zero or empty, as Go does', () => {
    const zeros = { mode: 0, size: 0, links: 0, inode: 0, device_id: 0, user: '', group: '', linktarget: '' }
    const text = encodeTree({ nodes: [{ ...FILE, ...zeros }] }).toString()
    const bare = `{"name":"file.eml","type":"file","mtime":"${TIME}","atime":"${TIME}","ctime":"${TIME}"`
    expect(text).toBe(`{"nodes":[${bare},"uid":0,"gid":0,"content":[]}]}\n`)
  })

  it('writes times as Go does', () => {
    const text = encodeTree({ nodes: [{ ...FILE, mtime: '2026-05-01T10:20:30.500Z' }] }).toString()
    expect(text).toContain('"mtime":"2026-05-01T10:20:30.5Z"')
  })

  it('keeps a link target that is not UTF-8', () => {
    const link: TreeNode = { ...FILE, type: 'symlink', content: null, linktarget: '\udcffx' }
    const text = encodeTree({ nodes: [link] }).toString()
    expect(text).toContain('"linktarget":"\\ufffdx","linktarget_raw":"/3g=","content":null')
    expect(decode(text)[0]?.linktarget).toBe('\udcffx')
  })

  it('passes over what other versions of restic add', () => {
    const extra = {
      extended_attributes: [{ name: 'user.x', value: 'aGk=' }],
      generic_attributes: { 'windows.creation_time': 'AA==' },
      device: 12,
      error: 'x',
      later: { any: 'thing' },
    }
    expect(decode(withNode(extra))).toEqual(decode(withNode({})))
    expect(decode(withNode({ type: 'hologram' }))[0]?.type).toBe('')
  })

  it('has no rounded inodes', () => {
    const text = withNode({ inode: 1 }).replace('"inode":1', '"inode":18446744073709551615')
    expect(decode(text)[0]).not.toHaveProperty('inode')
  })

  it('takes a file without a list of contents for an empty one', () => {
    expect(decode(withNode({ content: null }))[0]?.content).toEqual([])
    expect(decode(withNode({ content: null, type: 'dir', subtree: ID }))[0]?.content).toBeNull()
  })

  it('is refused when it is damaged', () => {
    for (const text of ['', '{', '[]', 'null', '{"nodes":{}}', '{"nodes":[1]}', '{"nodes":[null]}', '{"nodes":[[]]}'])
      expect(
        reasonOf(() => decode(text)),
        text,
      ).toMatch(/^repository\.tree-damaged/)
    const bad = [
      { name: 5 },
      { name: '\\q' },
      { type: 1 },
      { mtime: 'yesterday' },
      { ctime: 7 },
      { uid: -1 },
      { gid: '0' },
      { size: 1.5 },
      { content: [ID, 'short'] },
      { content: ID },
      { content: [null] },
      { subtree: 'short' },
      { user: 1 },
    ]
    for (const fields of bad) expect(reasonOf(() => decode(withNode(fields)))).toMatch(/^repository\.tree-damaged/)
  })

  it('is refused with names that lead elsewhere, unless the caller looks at them', () => {
    for (const name of ['', '.', '..', 'a/b', '../x', '\\x00']) {
      expect(reasonOf(() => decode(withNode({ name })))).toMatch(/^repository\.tree-damaged: (empty )?name/)
      expect(decodeTree(Buffer.from(withNode({ name })), { anyName: true }).nodes.length).toBe(1)
    }
  })

  it('is refused out of order or with a name twice', () => {
    const text = (...names: string[]): string =>
      `{"nodes":[${names.map((name) => withNode({ name }).slice(10, -2)).join(',')}]}`
    expect(decode(text('a', 'b')).length).toBe(2)
    expect(reasonOf(() => decode(text('b', 'a')))).toBe('repository.tree-damaged: order')
    expect(reasonOf(() => decode(text('a', 'a')))).toBe('repository.tree-damaged: order')
    expect(decodeTree(Buffer.from(text('b', 'a', 'a')), { anyName: true }).nodes.length).toBe(3)
  })

  it.each([
    [
      'order',
      [
        { ...FILE, name: 'b' },
        { ...FILE, name: 'a' },
      ],
    ],
    ['order', [FILE, FILE]],
    [
      'order',
      [
        { ...FILE, name: '\u{1f600}' },
        { ...FILE, name: '\uffee' },
      ],
    ],
    ['empty name', [{ ...FILE, name: '' }]],
    ['name of a relative folder', [{ ...FILE, name: '..' }]],
    ['name with a slash', [{ ...FILE, name: 'a/b' }]],
    ['name with a zero byte', [{ ...FILE, name: 'a\0' }]],
    ['name with a surrogate that has no partner', [{ ...FILE, name: 'a\ud800' }]],
    ['file without content', [{ ...FILE, content: null }]],
    ['folder without subtree', [{ ...FILE, type: 'dir' as const, content: null }]],
    ['time', [{ ...FILE, ctime: '2026-02-30T00:00:00Z' }]],
    ['number', [{ ...FILE, uid: -1 }]],
    ['number', [{ ...FILE, gid: 2 ** 32 }]],
    ['number', [{ ...FILE, size: 1.5 }]],
    ['number', [{ ...FILE, inode: 2 ** 60 }]],
    ['number', [{ ...FILE, mode: Number.NaN }]],
  ])('is not written with a wrong %s', (reason, nodes: readonly TreeNode[]) => {
    expect(reasonOf(() => encodeTree({ nodes }))).toBe(`internal: ${reason}`)
  })

  it('comes back as it was, whatever the names', () => {
    const name = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => nameProblem(text) === undefined)
    const node = fc.record({ name, user: fc.string({ unit: 'binary' }), size: fc.nat() })
    fc.assert(
      fc.property(fc.uniqueArray(node, { selector: (entry) => entry.name }), (entries) => {
        const sorted = entries.toSorted((a, b) => compareNames(a.name, b.name))
        const nodes = sorted.map((entry) => ({ ...FILE, ...entry, content: [ID] }))
        const bytes = encodeTree({ nodes })
        const plain = JSON.parse(bytes.toString()) as { nodes: unknown[] }
        expect(plain.nodes.length).toBe(nodes.length)
        const again = decodeTree(bytes)
        expect(again.nodes.map(({ name: read }) => read)).toEqual(nodes.map((entry) => entry.name))
        expect(encodeTree(again).equals(bytes)).toBe(true)
      }),
    )
  })
})
