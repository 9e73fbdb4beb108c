import { createSealer, randomSealingKey } from '../crypto/seal.ts'
import { EngineError } from '../model/errors.ts'
import type { DestinationStore } from '../ports/destination-store.ts'
import { hasConfig, newConfig, saveConfig } from './config.ts'
import { addKey, type AddKeyOptions } from './keys.ts'
import { OpenRepository, type OpenOptions } from './repository.ts'

export interface InitOptions extends OpenOptions {
  readonly key?: AddKeyOptions
}

/**
 * Makes a new repository. Rejects with repository.exists if there is one, and with repository.config-damaged if there
 * is one that has lost its config. The config comes last: a place without it and without data is no repository, so an
 * interrupted init can be repeated; the key that it left behind goes.
 */
export async function initRepository({
  store,
  passphrase,
  key: keyOptions,
  signal,
}: InitOptions): Promise<OpenRepository> {
  if (await hasConfig(store, signal)) throw new EngineError('repository.exists', { context: { place: store.location } })
  if (await isUsed(store, signal))
    throw new EngineError('repository.config-damaged', { context: { reason: 'missing' } })
  await store.prepare(signal)
  for (const { name } of await Array.fromAsync(store.list('keys', signal))) await store.remove(name, signal)
  const key = randomSealingKey()
  const config = newConfig()
  const keyId = await addKey(store, key, passphrase, keyOptions)
  await saveConfig(store, createSealer(key), config, signal)
  return new OpenRepository(store, key, config, keyId)
}

async function isUsed(store: DestinationStore, signal: AbortSignal | undefined): Promise<boolean> {
  for (const folder of ['snapshots', 'index'])
    for await (const { name } of store.list(folder, signal)) if (name !== '') return true
  return false
}
