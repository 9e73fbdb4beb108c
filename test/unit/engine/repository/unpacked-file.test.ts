import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { createZstdCompress, zstdCompressSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { createSealer, randomSealingKey } from '../../../../src-main/engine/crypto/seal.ts'
import {
  listIds,
  loadUnpacked,
  saveUnpacked,
  sealUnpacked,
} from '../../../../src-main/engine/repository/unpacked-file.ts'
import { expectCode } from '../../../support/destination-conformance.ts'
import { createMemoryStore, type MemoryStore } from '../../../support/memory-store.ts'

const sealer = createSealer(randomSealingKey())
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('a sealed file', () => {
  let store: MemoryStore

  beforeEach(() => {
    store = createMemoryStore()
  })

  /** Stores the plain bytes sealed, under their right name. */
  const storePlain = async (folder: string, plain: Uint8Array, other = sealer): Promise<string> => {
    const bytes = other.seal(plain)
    const name = `${folder}/${digest(bytes)}`
    await store.put(name, [bytes])
    return name
  }

  it('is stored under the hash of its bytes, compressed and unreadable', async () => {
    const value = { packs: Array.from({ length: 1000 }, (_, i) => ({ i, text: 'the same text' })) }
    const id = await saveUnpacked(store, sealer, 'index', JSON.stringify(value))
    const bytes = store.files.get(`index/${id}`) ?? new Uint8Array(0)
    expect(digest(bytes)).toBe(id)
    expect(bytes.length).toBeLessThan(JSON.stringify(value).length / 5)
    expect(Buffer.from(bytes).includes('the same text')).toBe(false)
    expect(await loadUnpacked(store, sealer, `index/${id}`)).toEqual(value)
  })

  it('begins with 2 and a zstd frame, which restic demands', () => {
    const plain = sealer.open(sealUnpacked(sealer, '{}').bytes)
    expect([...(plain ?? [])].slice(0, 5)).toEqual([2, 0x28, 0xb5, 0x2f, 0xfd])
  })

  it('may be plain JSON, an object or an array', async () => {
    for (const text of ['{"a":1}', '[1,2]']) {
      const name = await storePlain('snapshots', Buffer.from(text))
      expect(await loadUnpacked(store, sealer, name)).toEqual(JSON.parse(text))
    }
  })

  it('may have a frame without its size', async () => {
    const stream = createZstdCompress()
    stream.write('{"a":')
    stream.end('1}')
    const name = await storePlain('snapshots', Buffer.concat([Uint8Array.of(2), await buffer(stream)]))
    expect(await loadUnpacked(store, sealer, name)).toEqual({ a: 1 })
  })

  it.each([
    ['index', 'repository.index-damaged'],
    ['snapshots', 'repository.snapshot-damaged'],
    ['locks', 'repository.lock-damaged'],
  ] as const)('in %s is %s with any bit flipped, cut short or under another name', async (folder, code) => {
    const id = await saveUnpacked(store, sealer, folder, '{"some":"content"}')
    const name = `${folder}/${id}`
    const good = store.files.get(name) ?? new Uint8Array(0)
    for (let at = 0; at < good.length; at++) {
      const bad = good.slice()
      bad[at] = (bad[at] ?? 0) ^ (1 << (at % 8))
      store.files.set(name, bad)
      const error = await expectCode(loadUnpacked(store, sealer, name), code)
      expect(error.context).toEqual({ file: name, reason: 'hash' })
    }
    for (const length of [0, 1, 31, good.length - 1]) {
      store.files.set(name, good.slice(0, length))
      await expectCode(loadUnpacked(store, sealer, name), code)
    }
    const other = `${folder}/${'0'.repeat(64)}`
    store.files.set(other, good)
    await expectCode(loadUnpacked(store, sealer, other), code)
  })

  it('is damaged if it was sealed with another key, or holds what it must not', async () => {
    const reason = async (name: string): Promise<unknown> =>
      (await expectCode(loadUnpacked(store, sealer, name), 'repository.snapshot-damaged')).context.reason
    const foreign = createSealer(randomSealingKey())
    expect(await reason(await storePlain('snapshots', Buffer.from('{}'), foreign))).toBe('authentication')
    expect(await reason(await storePlain('snapshots', new Uint8Array(0)))).toBe('encoding')
    expect(await reason(await storePlain('snapshots', Buffer.from('\x03{}')))).toBe('encoding')
    expect(await reason(await storePlain('snapshots', Buffer.from('\x02no frame')))).toBe('compression')
    expect(await reason(await storePlain('snapshots', Buffer.from('{"a":')))).toBe('json')
    const number = Buffer.concat([Uint8Array.of(2), zstdCompressSync('5')])
    expect(await reason(await storePlain('snapshots', number))).toBe('json')
  })

  it('that is missing is the error of the store', async () => {
    await expectCode(loadUnpacked(store, sealer, `index/${'0'.repeat(64)}`), 'store.not-found')
  })

  it('is listed by its id, whatever else lies there', async () => {
    const ids = await Promise.all(['{}', '[]'].map((text) => saveUnpacked(store, sealer, 'index', text)))
    await store.put('index/README', [])
    await store.put(`index/${'A'.repeat(64)}`, [])
    expect(await listIds(store, 'index')).toEqual(ids.sort())
  })
})
