import { beforeAll, describe, expect, it } from 'vitest'
import { createSealer } from '../../../../src-main/engine/crypto/seal.ts'
import { EngineError } from '../../../../src-main/engine/model/errors.ts'
import type { HexId } from '../../../../src-main/engine/model/ids.ts'
import { initRepository } from '../../../../src-main/engine/repository/init.ts'
import { OpenRepository, openRepository } from '../../../../src-main/engine/repository/repository.ts'
import { sealUnpacked } from '../../../../src-main/engine/repository/unpacked-file.ts'
import { expectCode } from '../../../support/destination-conformance.ts'
import { createFaultyStore, failWhere } from '../../../support/faulty-store.ts'
import { createMemoryStore, type MemoryStore } from '../../../support/memory-store.ts'
import { CONTENT, flip, makeSnapshot, placeOf, type SnapshotScene } from '../operations/snapshot-scene.ts'
import { filesIn, sha256 } from './writer-scene.ts'

const PASSPHRASE = 'the right one'

let original: MemoryStore
let made: SnapshotScene

beforeAll(async () => {
  original = createMemoryStore()
  await initRepository({ store: original, passphrase: PASSPHRASE, key: { cost: { N: 1024, r: 8, p: 1 } } })
  made = await makeSnapshot()
})

function copyOf({ files }: MemoryStore): MemoryStore {
  return createMemoryStore(new Map([...files].map(([name, bytes]) => [name, bytes.slice()])))
}

const open = (store: MemoryStore, passphrase = PASSPHRASE): Promise<OpenRepository> =>
  openRepository({ store, passphrase })

/** The code of the failure; 'opened' if there is none. Anything but an EngineError fails the test. */
async function outcome(store: MemoryStore): Promise<string> {
  try {
    await open(store)
    return 'opened'
  } catch (error) {
    if (error instanceof EngineError) return error.code
    throw error
  }
}

/** Puts a config of this text, sealed well. */
async function withConfig(text: string): Promise<MemoryStore> {
  const store = copyOf(original)
  const { key } = await open(original)
  store.files.set('config', createSealer(key).seal(Buffer.from(text)))
  return store
}

describe('opening a repository', () => {
  it('tells a wrong passphrase, an empty place and a place without a config apart', async () => {
    await expectCode(open(original, 'a wrong one'), 'repository.wrong-passphrase')
    await expectCode(open(original, ''), 'repository.wrong-passphrase')
    await expectCode(open(createMemoryStore()), 'repository.not-found')
    const headless = copyOf(original)
    headless.files.delete('config')
    await expectCode(open(headless), 'repository.not-found')
    const keyless = copyOf(original)
    for (const name of filesIn(keyless, 'keys')) keyless.files.delete(name)
    await expectCode(open(keyless), 'repository.key-damaged')
  })

  it.each([1, 3, 0, 2.5, -2])('refuses version %s by name', async (version) => {
    const { config } = await open(original)
    const text = JSON.stringify({ version, id: config.id, chunker_polynomial: config.chunkerPolynomial })
    const error = await expectCode(open(await withConfig(text)), 'repository.version')
    expect(error.context).toEqual({ version })
  })

  it('takes a config with fields of later versions', async () => {
    const { config } = await open(original)
    const fields = { version: 2, id: config.id, chunker_polynomial: config.chunkerPolynomial, later: { x: [1] } }
    expect((await open(await withConfig(JSON.stringify(fields)))).config).toEqual(config)
  })

  it.each(['', 'null', '[]', '{}', '"x"', '{"version":"2"}', '{"version":2}', '{"version":2,"id":"x"}', '{'])(
    'refuses the config %j by name',
    async (text) => {
      await expectCode(open(await withConfig(text)), 'repository.config-damaged')
    },
  )

  it('refuses a config with any byte changed, or cut anywhere', async () => {
    const length = original.files.get('config')?.length ?? 0
    // The key is found first: that takes the time.
    for (let at = 0; at < length; at += 7) {
      const changed = copyOf(original)
      flip({ memory: changed }, 'config', at)
      expect(await outcome(changed), `byte ${at}`).toBe('repository.config-damaged')
      const cut = copyOf(original)
      cut.files.set('config', (original.files.get('config') ?? new Uint8Array(0)).slice(0, at))
      expect(await outcome(cut), `${at} bytes`).toBe('repository.config-damaged')
    }
  })

  it('refuses a key file with any byte changed, or cut anywhere; never opens another key', async () => {
    const [name = ''] = filesIn(original, 'keys')
    const bytes = original.files.get(name) ?? new Uint8Array(0)
    const { config } = await open(original)
    const codes = new Set<string>()
    for (let at = 0; at < bytes.length; at += 5) {
      const changed = copyOf(original)
      flip({ memory: changed }, name, at, at % 7)
      const code = await outcome(changed)
      codes.add(code)
      // A change in what only a person reads does not matter: the passphrase opens it all the same.
      if (code === 'opened') expect((await open(changed)).config).toEqual(config)
      const cut = copyOf(original)
      cut.files.set(name, bytes.slice(0, at))
      expect(await outcome(cut), `${at} bytes`).toBe('repository.key-damaged')
    }
    expect([...codes].filter((code) => code !== 'opened')).toEqual(['repository.key-damaged'])
  })
})

describe('loading the index', () => {
  const PACK = 'ab'.repeat(32)
  const BLOB = 'cd'.repeat(32) as HexId
  const blob = { id: BLOB, type: 'data', offset: 0, length: 50 }

  /** A repository whose only index is this value. */
  async function withIndex(value: unknown): Promise<{ id: HexId; repository: OpenRepository }> {
    const store = copyOf(original)
    const { sealer } = await open(original)
    const { id, bytes } = sealUnpacked(sealer, JSON.stringify(value))
    store.files.set(`index/${id}`, bytes)
    return { id, repository: await open(store) }
  }

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['null', { packs: null }],
    ['no packs', { packs: [] }],
    [
      'unknown fields',
      { packs: [{ id: PACK, blobs: [{ ...blob, later: 1 }], later: {} }], later: [], supersedes: [PACK] },
    ],
    [
      'a pack without blobs',
      {
        packs: [
          { id: PACK, blobs: [] },
          { id: PACK, blobs: null },
        ],
      },
    ],
    ['a blob twice', { packs: [{ id: PACK, blobs: [blob, blob] }] }],
  ])('takes one with %s', async (name, index) => {
    const { repository } = await withIndex(index)
    await repository.loadIndex()
    expect(repository.has(BLOB, 'data')).toBe(name.startsWith('unknown') || name.startsWith('a blob'))
  })

  it.each<[string, unknown]>([
    ['an array', []],
    ['packs of another kind', { packs: 5 }],
    ['a pack of another kind', { packs: ['x'] }],
    ['a pack without id', { packs: [{ blobs: [] }] }],
    ['a pack with an id that is none', { packs: [{ id: 'xyz', blobs: [] }] }],
    ['blobs of another kind', { packs: [{ id: PACK, blobs: {} }] }],
    ['a blob of another kind', { packs: [{ id: PACK, blobs: [null] }] }],
    ['a blob without id', { packs: [{ id: PACK, blobs: [{ ...blob, id: undefined }] }] }],
    ['a blob of an unknown type', { packs: [{ id: PACK, blobs: [{ ...blob, type: 'file' }] }] }],
    ['an offset below zero', { packs: [{ id: PACK, blobs: [{ ...blob, offset: -1 }] }] }],
    ['an offset with a fraction', { packs: [{ id: PACK, blobs: [{ ...blob, offset: 0.5 }] }] }],
    ['a length beyond the format', { packs: [{ id: PACK, blobs: [{ ...blob, length: 2 ** 32 }] }] }],
    ['a length that is text', { packs: [{ id: PACK, blobs: [{ ...blob, length: '5' }] }] }],
    ['a plain length that is none', { packs: [{ id: PACK, blobs: [{ ...blob, uncompressed_length: {} }] }] }],
  ])('refuses one with %s, by name and id', async (_, index) => {
    const { id, repository } = await withIndex(index)
    const error = await expectCode(repository.loadIndex(), 'repository.index-damaged')
    expect(error.context.file).toBe(id)
    // What is left out is told, the rest is read.
    const told: EngineError[] = []
    await repository.loadIndex(undefined, (damage) => told.push(damage))
    expect(told.map(({ code, context }) => [code, context.file])).toEqual([['repository.index-damaged', id]])
  })

  it('refuses one whose text ends anywhere, and takes any spelling of it', async () => {
    const { sealer, key, config } = made.repository
    const load = async (text: string, isCompressed = true): Promise<OpenRepository> => {
      const bytes = isCompressed ? sealUnpacked(sealer, text).bytes : sealer.seal(Buffer.from(text))
      const id = sha256(bytes)
      const repository = new OpenRepository(createMemoryStore(new Map([[`index/${id}`, bytes]])), key, config)
      await repository.loadIndex()
      return repository
    }
    const tree = { ...blob, id: PACK, type: 'tree', uncompressed_length: 70 }
    const index = { packs: [{ id: PACK, blobs: [blob, tree] }] }
    const text = JSON.stringify(index)
    for (let length = 1; length < text.length; length++)
      for (const isCompressed of [true, false])
        await expectCode(load(text.slice(0, length), isCompressed), 'repository.index-damaged')
    const { uncompressed_length, ...rest } = tree
    const reordered = { packs: [{ blobs: [{ uncompressed_length, ...rest }, blob], id: PACK }] }
    for (const spelling of [text, `${text}\n`, JSON.stringify(index, null, 1), JSON.stringify(reordered)]) {
      const { table } = await load(spelling)
      const place = { pack: 0, offset: 0, length: 50 }
      expect(table.location(table.find(Buffer.from(BLOB, 'hex'), 'data'))).toEqual({ ...place, uncompressedLength: 0 })
      expect(table.location(table.find(Buffer.from(PACK, 'hex'), 'tree'))).toEqual({ ...place, uncompressedLength: 70 })
    }
  })

  it('can be repeated when the store was out of reach', async () => {
    let fails = true
    const store = createFaultyStore(
      made.memory,
      failWhere(({ name, method }) => fails && method === 'get' && name.startsWith('index/')),
    )
    const repository = new OpenRepository(store, made.repository.key, made.repository.config)
    await expectCode(repository.ensureIndex(), 'store.unreachable')
    await expectCode(repository.ensureIndex(), 'store.unreachable')
    fails = false
    await repository.ensureIndex()
    await repository.ensureIndex()
    expect((await repository.tree(made.tree)).nodes.length).toBeGreaterThan(0)
    expect(store.calls.filter(({ method, name }) => method === 'list' && name === 'index').length).toBe(3)
  })
})

describe('reading a blob', () => {
  const INNER = sha256(CONTENT.folder.inner)

  it('rejects with what is wrong, the blob and the pack', async () => {
    const { pack, id, offset, length } = placeOf(made.repository, INNER)
    const bytes = made.memory.files.get(pack) ?? new Uint8Array(0)
    const repository = await made.reopen()
    expect(Buffer.compare(await repository.blob(INNER, 'data'), CONTENT.folder.inner)).toBe(0)
    const rejects = async (code: 'repository.pack-missing' | 'repository.blob-damaged'): Promise<void> => {
      const error = await expectCode(repository.blob(INNER, 'data'), code)
      expect(error.context).toEqual({ blob: INNER, pack: id })
      await expectCode(repository.content([INNER, INNER]), code)
    }
    try {
      made.memory.files.delete(pack)
      await rejects('repository.pack-missing')
      for (const left of [0, offset, offset + length - 1]) {
        made.memory.files.set(pack, bytes.slice(0, left))
        await rejects('repository.blob-damaged')
      }
      for (const at of [offset, offset + length - 1]) {
        made.memory.files.set(pack, bytes.slice())
        flip(made, pack, at)
        await rejects('repository.blob-damaged')
      }
    } finally {
      made.memory.files.set(pack, bytes)
    }
    expect(Buffer.compare(await repository.blob(INNER, 'data'), CONTENT.folder.inner)).toBe(0)
  })

  it('rejects with blob-missing for what no index names, and for the other type', async () => {
    const repository = await made.reopen()
    const nowhere = 'ef'.repeat(32) as HexId
    expect((await expectCode(repository.blob(nowhere, 'data'), 'repository.blob-missing')).context).toEqual({
      blob: nowhere,
    })
    await expectCode(repository.blob(INNER, 'tree'), 'repository.blob-missing')
    await expectCode(repository.tree(nowhere), 'repository.blob-missing')
  })

  it('gives memory of its own, large or small, compressed or not', async () => {
    const repository = await made.reopen()
    const [raw, packed] = [INNER, sha256(CONTENT.text)]
    const first = await repository.blob(raw, 'data')
    const second = await repository.blob(packed, 'data')
    const third = await repository.blob(sha256(CONTENT.small), 'data')
    expect(Buffer.compare(first, CONTENT.folder.inner)).toBe(0)
    expect(Buffer.compare(second, CONTENT.text)).toBe(0)
    expect(Buffer.compare(third, CONTENT.small)).toBe(0)
    first.fill(0)
    expect(Buffer.compare(await repository.blob(raw, 'data'), CONTENT.folder.inner)).toBe(0)
  })

  it('names a tree blob that is no tree', async () => {
    const scene = await makeSnapshot({ a: Buffer.from('a') })
    const plain = Buffer.from('{"nodes":[{"name":5}]}')
    const id = sha256(plain)
    const sealed = scene.repository.sealer.seal(plain)
    const pack = sha256(sealed)
    const index = { packs: [{ id: pack, blobs: [{ id, type: 'tree', offset: 0, length: sealed.length }] }] }
    scene.memory.files.set(`data/${pack.slice(0, 2)}/${pack}`, sealed)
    const { id: indexId, bytes } = sealUnpacked(scene.repository.sealer, JSON.stringify(index))
    scene.memory.files.set(`index/${indexId}`, bytes)
    await expectCode((await scene.reopen()).tree(id), 'repository.tree-damaged')
  })
})
