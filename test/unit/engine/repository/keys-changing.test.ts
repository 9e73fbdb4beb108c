import { beforeEach, describe, expect, it } from 'vitest'
import { randomSealingKey } from '../../../../src-main/engine/crypto/seal.ts'
import type { HexId } from '../../../../src-main/engine/model/ids.ts'
import {
  addKey,
  changePassphrase,
  listKeys,
  openKey,
  removeKey,
  resolveKey,
} from '../../../../src-main/engine/repository/keys.ts'
import { expectCode } from '../../../support/destination-conformance.ts'
import { createFaultyStore, failWhere } from '../../../support/faulty-store.ts'
import { createMemoryStore, type MemoryStore } from '../../../support/memory-store.ts'

const key = randomSealingKey()
const options = { cost: { N: 2, r: 8, p: 1 } }

describe('a key', () => {
  let store: MemoryStore
  let first: HexId

  beforeEach(async () => {
    store = createMemoryStore()
    first = await addKey(store, key, 'first', options)
  })
  const ids = async (): Promise<HexId[]> => (await listKeys(store)).keys.map(({ id }) => id)

  it('gets another passphrase; the old one opens nothing any more', async () => {
    const other = await addKey(store, key, 'other', options)
    const id = await changePassphrase(store, { from: 'first', to: 'second' }, options)
    expect(new Set(await ids())).toEqual(new Set([other, id]))
    await expectCode(openKey(store, 'first'), 'repository.wrong-passphrase')
    const opened = await openKey(store, 'second')
    expect(opened.id).toBe(id)
    expect(Buffer.from(opened.encrypt).equals(key.encrypt)).toBe(true)
  })

  it('may get the same passphrase anew', async () => {
    const id = await changePassphrase(store, { from: 'first', to: 'first' }, options)
    expect(id).not.toBe(first)
    expect(await ids()).toEqual([id])
  })

  it('stays when the passphrase is wrong, or the new file cannot be stored or read', async () => {
    await expectCode(changePassphrase(store, { from: 'wrong', to: 'second' }, options), 'repository.wrong-passphrase')
    const faulty = createFaultyStore(
      store,
      failWhere(({ method }) => method === 'put'),
    )
    await expectCode(changePassphrase(faulty, { from: 'first', to: 'second' }, options), 'store.unreachable')
    faulty.follow(failWhere(({ method, name }) => method === 'get' && name !== `keys/${first}`))
    await expectCode(changePassphrase(faulty, { from: 'first', to: 'second' }, options), 'store.unreachable')
    expect(await ids()).toContain(first)
    expect((await openKey(store, 'first')).id).toBe(first)
  })

  it('leaves both passphrases when the old file cannot be removed', async () => {
    const faulty = createFaultyStore(
      store,
      failWhere(({ method }) => method === 'remove'),
    )
    await expectCode(changePassphrase(faulty, { from: 'first', to: 'second' }, options), 'store.unreachable')
    expect((await openKey(store, 'first')).id).toBe(first)
    expect((await openKey(store, 'second')).id).not.toBe(first)
  })

  it('is not removed if it is the last one that can be read, or the one in use unless that is said', async () => {
    await expectCode(removeKey(store, first, undefined), 'usage')
    await store.put(`keys/${'0'.repeat(64)}`, [Buffer.from('{}')])
    await expectCode(removeKey(store, first, undefined), 'usage')
    await removeKey(store, '0'.repeat(64) as HexId, first)
    await expectCode(removeKey(store, '1'.repeat(64) as HexId, first), 'usage')
    const second = await addKey(store, key, 'second', options)
    await expectCode(removeKey(store, first, first), 'usage')
    await removeKey(store, first, first, { evenInUse: true })
    expect(await ids()).toEqual([second])
  })

  it('is found by the beginning of its id', async () => {
    for (const id of ['ab12', 'ab34']) store.files.set(`keys/${id.padEnd(64, '0')}`, new Uint8Array(1))
    expect(await resolveKey(store, 'AB1')).toBe('ab12'.padEnd(64, '0'))
    await expectCode(resolveKey(store, 'ab'), 'usage')
    await expectCode(resolveKey(store, ''), 'usage')
    await expectCode(resolveKey(store, 'ab5'), 'usage')
  })
})
