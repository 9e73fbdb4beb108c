import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { createSealer, randomSealingKey } from '../../../../src-main/engine/crypto/seal.ts'
import { hexId, type HexId } from '../../../../src-main/engine/model/ids.ts'
import { newConfig, saveConfig } from '../../../../src-main/engine/repository/config.ts'
import { addKey, listKeys, openKey, removeKey } from '../../../../src-main/engine/repository/keys.ts'
import { expectCode } from '../../../support/destination-conformance.ts'
import { createFaultyStore } from '../../../support/faulty-store.ts'
import { createMemoryStore, type MemoryStore } from '../../../support/memory-store.ts'

const key = randomSealingKey()
const cost = { N: 2, r: 8, p: 1 }
const options = { cost, username: 'anna', hostname: 'desk', now: Date.parse('2026-05-01T10:20:30.500Z') }

describe('the keys of a repository', () => {
  let store: MemoryStore

  beforeEach(() => {
    store = createMemoryStore()
  })

  const keyOf = async (passphrase: string, hint?: string): Promise<unknown> => {
    const { id: _, ...opened } = await openKey(store, passphrase, undefined, hint)
    return Object.fromEntries(Object.entries(opened).map(([name, bytes]) => [name, Buffer.from(bytes).toString('hex')]))
  }
  const expected = Object.fromEntries(
    Object.entries(key).map(([name, bytes]) => [name, Buffer.from(bytes as Uint8Array).toString('hex')]),
  )
  /** Stores a key file with some fields changed, under its right name. */
  const rewrite = async (id: HexId, change: object): Promise<HexId> => {
    const fields = JSON.parse(Buffer.from(await store.get(`keys/${id}`)).toString()) as object
    const bytes = Buffer.from(JSON.stringify({ ...fields, ...change }))
    const changed = hexId(createHash('sha256').update(bytes).digest())
    await store.remove(`keys/${id}`)
    await store.put(`keys/${changed}`, [bytes])
    return changed
  }

  it('open with each of several passphrases', async () => {
    const first = await addKey(store, key, 'first passphrase', options)
    const second = await addKey(store, key, 'zweiter Schlüssel 😀', options)
    expect(await keyOf('first passphrase')).toEqual(expected)
    expect(await keyOf('zweiter Schlüssel 😀')).toEqual(expected)
    expect((await openKey(store, 'first passphrase')).id).toBe(first)
    expect((await openKey(store, 'zweiter Schlüssel 😀')).id).toBe(second)
  })

  it("are files in restic's form, named by their hash", async () => {
    const id = await addKey(store, key, 'secret', options)
    const bytes = store.files.get(`keys/${id}`) ?? new Uint8Array(0)
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(id)
    const fields = JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>
    expect(fields).toMatchObject({
      created: '2026-05-01T10:20:30.5Z',
      username: 'anna',
      hostname: 'desk',
      kdf: 'scrypt',
    })
    expect(fields).toMatchObject(cost)
    expect(Buffer.from(String(fields.salt), 'base64').length).toBe(64)
    expect(Buffer.from(bytes).includes(Buffer.from(key.encrypt).toString('base64'))).toBe(false)
  })

  it('do not open with another passphrase', async () => {
    await addKey(store, key, 'secret', options)
    await addKey(store, key, 'other', options)
    const error = await expectCode(openKey(store, 'Secret'), 'repository.wrong-passphrase')
    expect(error.context).toEqual({ tried: 2, keys: 2 })
    expect(JSON.stringify(error)).not.toContain('Secret')
  })

  it('are missing where no repository is', async () => {
    await expectCode(openKey(store, 'secret'), 'repository.not-found')
    await saveConfig(store, createSealer(key), newConfig())
    await expectCode(openKey(store, 'secret'), 'repository.key-damaged')
  })

  it('are tried with the hinted one first, and not more than twenty', async () => {
    const ids: HexId[] = []
    for (let i = 0; i < 24; i++) ids.push(await addKey(store, key, `passphrase ${i}`, options))
    const last = [...ids].sort().at(-1) ?? ids[0]
    const passphrase = `passphrase ${ids.findIndex((id) => id === last)}`
    const error = await expectCode(openKey(store, passphrase), 'repository.wrong-passphrase')
    expect(error.context).toEqual({ tried: 20, keys: 24 })
    expect(await keyOf(passphrase, last?.slice(0, 10))).toEqual(expected)
    const first = [...ids].sort()[0]
    expect(await keyOf(`passphrase ${ids.findIndex((id) => id === first)}`, 'not a hint')).toEqual(expected)
  })

  it('that are damaged do not keep the others from opening', async () => {
    const good = await addKey(store, key, 'good', options)
    await store.put(`keys/${'0'.repeat(64)}`, [Buffer.from('not json')])
    await store.put(`keys/${'1'.repeat(64)}`, [new Uint8Array(0)])
    expect((await openKey(store, 'good')).id).toBe(good)
    const error = await expectCode(openKey(store, 'wrong'), 'repository.key-damaged')
    expect(error.context).toEqual({ file: `keys/${'0'.repeat(64)}`, reason: 'json' })
  })

  it('are damaged, not of a wrong passphrase, with a flipped bit in what matters', async () => {
    const id = await addKey(store, key, 'secret', options)
    const good = store.files.get(`keys/${id}`) ?? new Uint8Array(0)
    for (const field of ['"salt":"', '"data":"', '"N":']) {
      const bad = good.slice()
      const at = Buffer.from(bad).indexOf(field) + field.length
      bad[at] = field === '"N":' ? 0x34 : (bad[at] ?? 0) ^ 1
      store.files.set(`keys/${id}`, bad)
      await expectCode(openKey(store, 'secret'), 'repository.key-damaged')
    }
  })

  it('open in spite of a flipped bit where it does not matter', async () => {
    const id = await addKey(store, key, 'secret', options)
    const text = Buffer.from(store.files.get(`keys/${id}`) ?? []).toString()
    store.files.set(`keys/${id}`, Uint8Array.from(Buffer.from(text.replace('anna', 'bnna'))))
    expect(await keyOf('secret')).toEqual(expected)
  })

  it('open with an intact file rather than with a damaged one', async () => {
    const ids = [await addKey(store, key, 'secret', options), await addKey(store, key, 'secret', options)].sort()
    const [first = '', second = ''] = ids
    const text = Buffer.from(store.files.get(`keys/${first}`) ?? []).toString()
    store.files.set(`keys/${first}`, Uint8Array.from(Buffer.from(text.replace('anna', 'bnna'))))
    expect((await openKey(store, 'secret', undefined, first)).id).toBe(second)
  })

  it('may have fields of later versions', async () => {
    await rewrite(await addKey(store, key, 'secret', options), { later: [1] })
    expect(await keyOf('secret')).toEqual(expected)
  })

  it('are damaged with a cost that would stall the program, or a derivation that is not known', async () => {
    let id = await addKey(store, key, 'secret', options)
    for (const change of [
      { N: 2 ** 26 },
      { N: 2 ** 20, p: 2 ** 20 },
      { N: 3 },
      { r: 0 },
      { N: '2' },
      { kdf: 'argon2' },
    ]) {
      id = await rewrite(id, { ...cost, kdf: 'scrypt', ...change })
      await expectCode(openKey(store, 'secret'), 'repository.key-damaged')
    }
  })

  it('are listed without a passphrase', async () => {
    const id = await addKey(store, key, 'secret', options)
    await store.put(`keys/${'0'.repeat(64)}`, [Buffer.from('{}')])
    expect(await listKeys(store)).toEqual({
      keys: [{ id, created: '2026-05-01T10:20:30.5Z', username: 'anna', hostname: 'desk' }],
      damaged: ['0'.repeat(64)],
    })
  })

  it('are removed, but not the one in use', async () => {
    const current = await addKey(store, key, 'current', options)
    const former = await addKey(store, key, 'former', options)
    await expectCode(removeKey(store, current, current), 'usage')
    await removeKey(store, former, current)
    await expectCode(openKey(store, 'former'), 'repository.wrong-passphrase')
    expect(await keyOf('current')).toEqual(expected)
  })

  it('that are removed while they are listed are passed over', async () => {
    const id = await addKey(store, key, 'secret', options)
    await addKey(store, key, 'gone', options)
    const racing = createFaultyStore(store, (call) => {
      if (call.method === 'get' && call.name !== `keys/${id}`) store.files.delete(call.name)
      return undefined
    })
    expect((await openKey(racing, 'secret')).id).toBe(id)
    expect((await listKeys(racing)).keys.map((found) => found.id)).toEqual([id])
  })

  it('pass the errors of the store on, and end when they are cancelled', async () => {
    await addKey(store, key, 'secret', options)
    await expectCode(openKey(store, 'secret', AbortSignal.abort()), 'cancelled')
  })
})
