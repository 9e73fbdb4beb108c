import { describe, expect, it } from 'vitest'
import { initRepository } from '../../../../src-main/engine/repository/init.ts'
import { openRepository } from '../../../../src-main/engine/repository/repository.ts'
import { expectCode } from '../../../support/destination-conformance.ts'
import { createFaultyStore, cutAfterWrites } from '../../../support/faulty-store.ts'
import { createMemoryStore } from '../../../support/memory-store.ts'

const passphrase = 'correct horse'
const key = { cost: { N: 1024, r: 8, p: 1 } }

describe('a new repository', () => {
  it('can be made again after it was interrupted, and opens', async () => {
    const store = createMemoryStore()
    await expectCode(
      initRepository({ store: createFaultyStore(store, cutAfterWrites(1)), passphrase, key }),
      'store.unreachable',
    )
    expect([...store.files.keys()].map((name) => name.split('/')[0])).toEqual(['keys'])
    const made = await initRepository({ store, passphrase, key })
    expect((await openRepository({ store, passphrase })).config.id).toBe(made.config.id)
    expect([...store.files.keys()].filter((name) => name.startsWith('keys/'))).toHaveLength(1)
  })

  it('is not made where there is one', async () => {
    const store = createMemoryStore()
    await initRepository({ store, passphrase, key })
    await expectCode(initRepository({ store, passphrase, key }), 'repository.exists')
  })

  it.each(['snapshots/1', 'index/1'])('is not made where one has lost its config (%s)', async (name) => {
    const store = createMemoryStore()
    await initRepository({ store, passphrase, key })
    await store.put(name, [])
    store.files.delete('config')
    const before = [...store.files.keys()]
    await expectCode(initRepository({ store, passphrase, key }), 'repository.config-damaged')
    expect([...store.files.keys()]).toEqual(before)
  })
})
