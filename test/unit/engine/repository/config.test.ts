import { beforeEach, describe, expect, it } from 'vitest'
import { createSealer, randomSealingKey } from '../../../../src-main/engine/crypto/seal.ts'
import { hasConfig, loadConfig, newConfig, saveConfig } from '../../../../src-main/engine/repository/config.ts'
import { expectCode } from '../../../support/destination-conformance.ts'
import { createMemoryStore, type MemoryStore } from '../../../support/memory-store.ts'

const sealer = createSealer(randomSealingKey())
const good = { version: 2, id: 'ab'.repeat(32), chunker_polynomial: '25b468838dcb75' }

describe('the config', () => {
  let store: MemoryStore

  beforeEach(() => {
    store = createMemoryStore()
  })

  const write = (value: unknown): Promise<void> =>
    store.put('config', [sealer.seal(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))])

  it('comes back as it was written', async () => {
    const config = newConfig()
    await saveConfig(store, sealer, config)
    expect(await loadConfig(store, sealer)).toEqual(config)
    expect(newConfig()).not.toEqual(config)
  })

  it('is sealed, but never compressed', async () => {
    await saveConfig(store, sealer, newConfig())
    const plain = sealer.open(store.files.get('config') ?? new Uint8Array(0))
    expect(Object.keys(JSON.parse(Buffer.from(plain ?? []).toString()) as object)).toEqual([
      'version',
      'id',
      'chunker_polynomial',
    ])
  })

  it('is not overwritten', async () => {
    const config = newConfig()
    expect(await hasConfig(store)).toBe(false)
    await saveConfig(store, sealer, config)
    expect(await hasConfig(store)).toBe(true)
    await expectCode(saveConfig(store, sealer, newConfig()), 'repository.exists')
    expect(await loadConfig(store, sealer)).toEqual(config)
  })

  it('may have fields of later versions', async () => {
    await write({ ...good, later: true })
    expect(await loadConfig(store, sealer)).toEqual({
      version: 2,
      id: good.id,
      chunkerPolynomial: good.chunker_polynomial,
    })
  })

  it('that is missing means that there is no repository', async () => {
    await expectCode(loadConfig(store, sealer), 'repository.not-found')
  })

  it('of another version is named', async () => {
    for (const version of [0, 1, 3]) {
      await write({ ...good, version })
      expect((await expectCode(loadConfig(store, sealer), 'repository.version')).context).toEqual({ version })
    }
  })

  it('is damaged with a flipped bit, another key, or a content that cannot be', async () => {
    await write(good)
    const bytes = store.files.get('config') ?? new Uint8Array(0)
    bytes[20] = (bytes[20] ?? 0) ^ 1
    await expectCode(loadConfig(store, sealer), 'repository.config-damaged')
    await expectCode(loadConfig(store, createSealer(randomSealingKey())), 'repository.config-damaged')
    const bad = [
      '{',
      '[]',
      '7',
      { ...good, version: '2' },
      { ...good, id: 'ab' },
      { ...good, chunker_polynomial: 5 },
      { ...good, chunker_polynomial: 'xyz' },
      { ...good, chunker_polynomial: '25b468838dcb74' },
    ]
    for (const value of bad) {
      await write(value)
      await expectCode(loadConfig(store, sealer), 'repository.config-damaged')
    }
  })
})
